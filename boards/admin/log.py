"""The log of moderation: to read."""

from django.contrib import admin

from boards.models import ModerationEntry
from boardsite.admin_actions import OnlyAllowedActions


@admin.register(ModerationEntry)
class ModerationEntryAdmin(OnlyAllowedActions, admin.ModelAdmin):
    list_display = ["at", "moderator", "deed", "about", "reason"]
    list_filter = ["deed"]
    search_fields = ["about", "reason", "=moderator__username"]
    list_select_related = ["moderator"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
