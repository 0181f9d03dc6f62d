"""IP 주소 열람 기록: who of the staff has looked at authors' addresses. For owners, read-only."""

from django.contrib import admin

from accounts.admin.owners import OwnersOnly
from accounts.models import AddressLook
from boardsite.admin_actions import ReadOnly


@admin.register(AddressLook)
class AddressLookAdmin(ReadOnly, OwnersOnly, admin.ModelAdmin):
    keywords = "아이피 접속 기록 개인정보"
    list_display = ["at", "by", "about"]
    list_display_links = None
    list_select_related = ["by"]
    search_fields = ["about", "=by__username"]
    date_hierarchy = "at"
    show_full_result_count = False
