"""What all admin lists have in common."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse


class OnlyAllowedActions:
    """An action that the member may not do answers 403, not his list with a remark."""

    def changelist_view(self, request, extra_context=None):
        asked = {action for action in request.POST.getlist("action") if action}
        if asked - set(self.get_actions(request)):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)


class ReadOnly:
    """Rows that nobody adds, changes or deletes here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OneRowAdmin:
    """A OneRow: its form, no list; this process knows the new values at once."""

    def changelist_view(self, request, extra_context=None):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return redirect(reverse(f"admin:{name}_change", args=[self.model.load().pk]))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self.model.forget()
