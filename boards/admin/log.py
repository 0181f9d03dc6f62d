"""The log of moderation: to read."""

from django.contrib import admin

from boards.models import ModerationEntry
from boardsite.admin_actions import OnlyAllowedActions, ReadOnly


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ReadOnly, OnlyAllowedActions, admin.ModelAdmin):
    list_display = ["at", "moderator", "deed", "about", "reason"]
    list_filter = ["deed"]
    search_fields = ["about", "reason", "=moderator__username"]
    list_select_related = ["moderator"]
