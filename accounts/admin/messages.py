"""Reported 쪽지, for the owner to read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import Message
from accounts.permissions import is_owner
from boardsite.admin_actions import OnlyAllowedActions, ReadOnly


@admin.register(Message)
class ReportedMessageAdmin(ReadOnly, OnlyAllowedActions, admin.ModelAdmin):
    """Shows only 쪽지 that their receivers have reported to the owner."""

    menu_title = _("신고된 쪽지")
    keywords = "쪽지 신고"
    list_display = ["reported_at", "sender_name", "receiver_name", "report_reason", "sent_at"]
    search_fields = ["sender_name", "receiver_name", "report_reason", "=sender__username"]
    ordering = ["-reported_at"]
    list_per_page = 50
    show_full_result_count = False
    fields = readonly_fields = (
        *("sender", "sender_name", "receiver", "receiver_name", "text", "sent_at", "read_at"),
        *("reported_at", "report_reason"),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).reported().select_related("sender", "receiver")

    def has_view_permission(self, request, obj=None):
        return is_owner(request.user)

    has_module_permission = has_view_permission
