"""접속자검색: the visitors of the latest days, without addresses."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from boardsite.admin_actions import ReadOnly
from visits.admin.visitor_export import VisitorExport
from visits.admin.visitor_filters import BrowserFilter, DeviceFilter
from visits.models import DayVisitor


class ShortPaginator(Paginator):
    """Counts no further than its last page: the days' lists and the CSV file have the rest."""

    most = 10_000
    object_list: QuerySet[DayVisitor]

    @cached_property
    def count(self) -> int:
        return self.object_list[: self.most].count()


@admin.register(DayVisitor)
class DayVisitorAdmin(VisitorExport, ReadOnly, admin.ModelAdmin):
    keywords = "접속자검색 방문자 로그"
    list_display = [
        *("when", "judged", "page_views", "visits", "device_and_more", "came_from", "first_page"),
    ]
    list_display_links = None
    list_filter = ["verdict", "channel", DeviceFilter, BrowserFilter, "is_member"]
    search_fields = ["site", "words", "landing", "browser"]
    search_help_text = _("도메인, 검색어, 처음 본 페이지, 브라우저에서 찾습니다.")
    date_hierarchy = "day"
    list_per_page = 50
    paginator = ShortPaginator
    show_full_result_count = False
    sortable_by = ["when", "page_views", "visits"]
    change_list_template = "admin/visits/dayvisitor/change_list.html"

    @admin.display(description=_("시각"), ordering="first_at")
    def when(self, visitor: DayVisitor) -> str:
        """From the first page to the last; never over midnight, and kept for at most a year."""
        first, last = timezone.localtime(visitor.first_at), timezone.localtime(visitor.last_at)
        return f"{first:%m-%d %H:%M} ~ {last:%H:%M}"

    @admin.display(description=_("판정"))
    def judged(self, visitor: DayVisitor) -> str:
        words = [visitor.get_verdict_display(), _("회원") if visitor.is_member else ""]
        verdict = ", ".join(str(word) for word in words if word)
        return f"{verdict}: {visitor.get_reason_display()}" if visitor.reason else verdict

    @admin.display(description=_("브라우저와 기기"))
    def device_and_more(self, visitor: DayVisitor) -> str:
        return ", ".join(filter(None, [visitor.browser, visitor.system, visitor.device]))

    @admin.display(description=_("접속경로"))
    def came_from(self, visitor: DayVisitor) -> str:
        """직접, a site, or an engine with its words."""
        parts = [visitor.engine or visitor.site, visitor.words]
        return ": ".join(filter(None, parts)) or visitor.get_channel_display()

    @admin.display(description=_("처음 본 페이지"))
    def first_page(self, visitor: DayVisitor) -> str:
        return visitor.landing
