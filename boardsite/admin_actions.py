"""What all admin lists have in common."""

from django.core.exceptions import PermissionDenied


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
