"""수집한 글 and 기록 in the admin, both read-only."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import ReadOnly
from boardsite.dates import full_date
from collector.models import SeenEntry, SourceEvent


class PostedFilter(admin.SimpleListFilter):
    title = _("올림")
    parameter_name = "posted"

    def lookups(self, request, model_admin):
        return [
            ("yes", _t("올린 글")),
            ("also", _t("다른 곳의 같은 소식")),
            ("no", _t("올리지 않은 글")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "yes":
                return queryset.filter(post__isnull=False, is_also=False)
            case "also":
                return queryset.filter(post__isnull=False, is_also=True)
            case "no":
                return queryset.filter(post=None)
        return queryset


@admin.register(SeenEntry)
class SeenEntryAdmin(ReadOnly, admin.ModelAdmin):
    keywords = "기사 뉴스 수집 목록"
    list_display = ["title", "source", "seen_on", "post_link", "hidden", "origin"]
    list_display_links = None
    list_filter = [PostedFilter, "hidden", "source"]
    list_per_page = 50
    list_select_related = ["source", "post__board"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each facet would count all rows
    search_fields = ["title", "address"]

    @admin.display(description=_("본 시각"), ordering="seen_at")
    def seen_on(self, entry: SeenEntry) -> str:
        return full_date(entry.seen_at)

    @admin.display(description=_("글"))
    def post_link(self, entry: SeenEntry) -> str:
        if entry.post is None:
            return "-"
        words = _t("다른 곳의 같은 소식") if entry.is_also else entry.post.get_state_display()
        return format_html('<a href="{}">{}</a>', entry.post.get_absolute_url(), words)

    @admin.display(description=_("원문"))
    def origin(self, entry: SeenEntry) -> str:
        if not entry.address:
            return "-"
        link = '<a href="{}" rel="noreferrer noopener">{}</a>'
        return format_html(link, entry.address, _t("원문"))


@admin.register(SourceEvent)
class SourceEventAdmin(ReadOnly, admin.ModelAdmin):
    menu_title = _("수집 기록")
    keywords = "로그 오류"
    list_display = ["kind", "source", "done_on", "by", "text"]
    list_display_links = None
    list_filter = ["kind", "source"]
    list_per_page = 50
    list_select_related = ["source", "by"]
    show_full_result_count = False

    @admin.display(description=_("시각"), ordering="at")
    def done_on(self, event: SourceEvent) -> str:
        return full_date(event.at)
