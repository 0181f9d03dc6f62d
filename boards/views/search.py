"""Search in all boards that the visitor may read, or in one."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from boards.actions.search_words import count_search
from boards.queries.search import Found, find_comments, find_posts, readable_places
from boards.queries.search_initials import find_by_initials
from boards.queries.search_places import named_places
from boards.queries.tags import tagged_posts
from boards.search import PATIENCE, TooSlow
from boards.text.search_retries import Retry, retries
from boards.text.tags import clean_tags
from boardsite.context import site_settings
from boardsite.limits.rate_limit import charge_reader, hit_or_refuse_reader
from boardsite.pagination import Pages, page_number
from boardsite.text.jamo import is_initials
from boardsite.visitors.identity import address_key, is_person

FIELDS = {
    "": _("제목+내용"),
    "title": _("제목"),
    "text": _("내용"),
    "author": _("글쓴이"),
    "comments": _("댓글"),
}
# The budget of searches by one member, or by one guest's address, in milliseconds.
BUDGET, BUDGET_SECONDS = 10_000, 60
LEAST = BUDGET // 60  # the minimum cost of a search, so there are at most sixty of them
RETRY_AFTER = 30  # seconds, after a search that was too slow
COUNTED = ("", "title", "text")  # not names of authors


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    is_current: bool
    count: str = ""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=`: words that must all match; `?board=`: one board; `?field=`: a key of FIELDS."""
    q = request.GET.get("q", "").strip()[:100]
    field = request.GET.get("field", "")
    if field not in FIELDS:
        field = ""
    places = readable_places(request.user)
    boards, slug = places.boards, request.GET.get("board")
    board = next((each for each in boards if each.slug == slug), None)
    context: dict[str, Any] = {
        "q": q,
        "field": field,
        "fields": FIELDS,
        "boards": boards,
        "board": board,
    }
    context |= {"tabs": [], "results": [], "pages": None, "is_too_slow": False, "retry": None}
    context["named"] = []
    if not q:
        return render(request, "boards/search.jinja", context | {"is_start": True})

    address = address_key(request)
    # Each member has their own budget, even at a shared address.
    key = f"search:{request.user.pk or address}"
    hit_or_refuse_reader(key, limit=BUDGET, seconds=BUDGET_SECONDS, amount=LEAST)
    if tag := _asked_tag(request, q):
        return redirect("show_tag", tag)
    number, size = page_number(request), site_settings(request).page_size
    if board is not None:
        places = places.within(board)
    began = monotonic()

    def find(query: str) -> Found:
        finds = _finder(query, field)
        return finds(request.user, query, field=field, places=places, page=number, size=size)

    try:
        found, retry = _find_or_retry(find, q, until=began + PATIENCE if number == 1 else began)
    except TooSlow:
        return _too_slow(request, context)
    finally:
        took = int((monotonic() - began) * 1000)
        if took > LEAST:
            charge_reader(key, took - LEAST, BUDGET_SECONDS)
    searched = retry.query if retry else q
    if number == 1 and field in COUNTED and found.total and _is_own_wish(request):
        count_search(query=searched, address=address)
    parameters = {"q": searched, "board": board.slug if board else "", "field": field}
    context["pages"] = Pages(number, found.total, size, request.path, parameters)
    context["results"] = found.rows
    context["tabs"] = _tabs(request.path, parameters, found.count)
    context["retry"] = retry
    if number == 1 and not field and board is None:
        context["named"] = named_places(request.user, searched, boards)
    return render(request, "boards/search.jinja", context)


def _finder(query: str, field: str) -> Callable[..., Found]:
    if field == "comments":
        return find_comments
    if field in ("", "title") and is_initials(query):
        return find_by_initials
    return find_posts


def _find_or_retry(
    find: Callable[[str], Found], query: str, *, until: float
) -> tuple[Found, Retry | None]:
    """What the query finds, or if that is nothing, the first retry that finds something.

    No retry begins after `until`, so that a slow search does not become much slower. Raises TooSlow.
    """
    found = find(query)
    if found.total:
        return found, None
    for retry in retries(query):
        if monotonic() >= until:
            break
        again = find(retry.query)
        if again.total:
            return again, retry
    return found, None


def _too_slow(request: HttpRequest, context: dict) -> HttpResponse:
    """The same page with a sentence instead of results, so that the search can be changed."""
    response = render(request, "boards/search.jinja", context | {"is_too_slow": True}, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _is_own_wish(request: HttpRequest) -> bool:
    """Whether the visitor typed the words.

    Links to 인기검색어 do not count, because they would keep themselves popular.
    """
    return request.GET.get("from") != "popular" and is_person(request)


def _asked_tag(request: HttpRequest, q: str) -> str:
    """The tag that `#봄` names, if the visitor may read a post with it; "" for ordinary words."""
    names = clean_tags(q) if q.startswith(("#", "＃")) and not request.GET.get("board") else []
    is_one = len(names) == 1 and tagged_posts(request.user, names[0]).exists()
    return names[0] if is_one else ""


def _tabs(path: str, parameters: dict[str, str], count: str) -> list[Tab]:
    """The tabs 글 and 댓글 with the same words; the current one shows the number of hits."""
    in_comments = parameters["field"] == "comments"
    posts = parameters | {"field": "" if in_comments else parameters["field"]}
    comments = parameters | {"field": "comments"}

    def address(query: dict[str, str]) -> str:
        return f"{path}?{urlencode({key: value for key, value in query.items() if value})}"

    return [
        Tab(str(_("글")), address(posts), not in_comments, "" if in_comments else count),
        Tab(str(_("댓글")), address(comments), in_comments, count if in_comments else ""),
    ]
