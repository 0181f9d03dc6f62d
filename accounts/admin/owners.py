"""The desks that are for the owners of the site alone."""

from accounts.permissions import is_owner
from boardsite.admin_actions import OnlyAllowedActions


class OwnersOnly(OnlyAllowedActions):
    """What staff who are no owners neither see nor touch."""

    def has_view_permission(self, request, obj=None):
        return is_owner(request.user)

    def has_module_permission(self, request):
        return is_owner(request.user)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission
