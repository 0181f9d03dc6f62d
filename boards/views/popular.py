"""인기글: the most read and liked posts of a day, a week, a month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from boards.queries.popular import popular_posts as find_popular
from boards.queries.popular import rows_in_order
from boardsite.caching import page_cache
from boardsite.caching.versions import ALL
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number

PERIODS = {"day": _("오늘"), "week": _("이번 주"), "month": _("이번 달")}
DEFAULT = "week"


@require_safe
def popular_posts(request: HttpRequest) -> HttpResponse:
    """`?period=` is a key of PERIODS; anything else is the week."""
    period = request.GET.get("period", DEFAULT)
    if period not in PERIODS:
        period = DEFAULT
    page_cache.cache_page(request, scope=ALL, query=("page", "period"))
    number, size = page_number(request), site_settings(request).page_size
    ids = find_popular(request.user, period)
    kept = "" if period == DEFAULT else period
    pages = Pages(number, len(ids), size, request.path, {"period": kept})
    rows = rows_in_order(request.user, ids[pages.offset : pages.offset + size])
    context = {"rows": rows, "pages": pages, "period": period, "periods": PERIODS}
    return render(request, "boards/popular_posts.jinja", context)
