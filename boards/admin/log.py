"""The log of moderation, read-only, and the way to the reports, which are judged on the site."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from boards.models import ModerationEntry
from boards.permissions import moderates_any
from boardsite.admin_actions import OnlyAllowedActions, ReadOnly
from boardsite.admin_menu import Page, register

register(Page("list_reports", _("신고"), moderates_any, "신고된 글 신고된 댓글 조치 숨김"))


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ReadOnly, OnlyAllowedActions, admin.ModelAdmin):
    keywords = "로그 이력 삭제 숨김 이동"
    list_display = ["at", "moderator", "operation", "about", "reason"]
    list_filter = ["operation"]
    search_fields = ["about", "reason", "=moderator__username"]
    list_select_related = ["moderator"]
