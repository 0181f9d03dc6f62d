"""Exports the list of visitors for spreadsheets, with the columns of the list."""

from collections.abc import Iterator

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from boardsite.reporting.spreadsheet import csv_file
from boardsite.visitors.identity import today
from visits.models import DayVisitor

AT_ONCE = 2_000  # rows that are read from the database at a time


class VisitorExport:
    """The part of DayVisitorAdmin that exports the filtered list."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="visits_dayvisitor_export"), *super().get_urls()]

    def export_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            visitors = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:visits_dayvisitor_changelist")
        return csv_file(f"visitors-{today():%Y%m%d}.csv", _rows(visitors))


def _rows(visitors: QuerySet[DayVisitor]) -> Iterator[list]:
    yield [
        *(
            _("날짜"),
            _("처음 온 시각"),
            _("마지막"),
            _("회원"),
            _("판정"),
            _("이유"),
            _("페이지뷰"),
        ),
        *(_("방문"), _("브라우저"), _("운영체제"), _("접속기기"), _("접속경로"), _("도메인")),
        *(_("검색엔진"), _("검색어"), _("처음 본 페이지")),
    ]
    for visitor in visitors.iterator(chunk_size=AT_ONCE):
        yield [
            *(visitor.day, _clock(visitor.first_at), _clock(visitor.last_at)),
            *("Y" if visitor.is_member else "", visitor.get_verdict_display()),
            *(visitor.get_reason_display(), visitor.page_views, visitor.visits, visitor.browser),
            *(visitor.system, visitor.device, visitor.get_channel_display(), visitor.site),
            *(visitor.engine, visitor.words, visitor.landing),
        ]


def _clock(at) -> str:
    return f"{timezone.localtime(at):%H:%M}"
