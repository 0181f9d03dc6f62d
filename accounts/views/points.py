"""포인트: the member's own ledger, and the ranking. Both are 404 while points are off."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import MemberRequest
from accounts.queries.points import are_on, point_row, ranking
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number


@login_required
@require_safe
def list_points(request: MemberRequest) -> HttpResponse:
    """포인트 내역, the newest first."""
    _require_points()
    entries = request.user.point_entries.order_by("-id")
    size = site_settings(request).page_size
    pages = Pages(page_number(request), entries.count(), size, request.path, {})
    rows = [point_row(entry) for entry in entries[pages.offset : pages.offset + size]]
    return render(request, "accounts/list_points.jinja", {"rows": rows, "pages": pages})


@require_safe
def list_ranking(request: HttpRequest) -> HttpResponse:
    """포인트 순위."""
    _require_points()
    return render(request, "accounts/list_ranking.jinja", {"rows": ranking(request.user.pk)})


def _require_points() -> None:
    if not are_on():
        raise Http404(_("이 사이트는 포인트를 쓰지 않습니다."))
