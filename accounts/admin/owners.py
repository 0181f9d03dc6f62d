"""Admin pages for site owners only."""

from accounts.permissions import is_owner
from boardsite.admin_actions import OnlyAllowedActions


class OwnersOnly(OnlyAllowedActions):
    """Hidden from and refused to staff members who are not owners."""

    def has_view_permission(self, request, obj=None):
        return is_owner(request.user)

    def has_module_permission(self, request):
        return is_owner(request.user)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission
