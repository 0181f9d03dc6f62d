"""Search over all boards that the visitor may read, or within one."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from boards.actions.search_words import count_search
from boards.queries.search import find_comments, find_posts, readable_places
from boards.queries.tags import tagged_posts
from boards.search import TooSlow
from boards.text.tags import clean_tags
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number
from boardsite.ratelimit import hit_or_refuse
from boardsite.visitors import address_key, is_person

FIELDS = {
    "": _("제목+내용"),
    "title": _("제목"),
    "text": _("내용"),
    "author": _("글쓴이"),
    "comments": _("댓글"),
}
RETRY_AFTER = 30  # seconds, after a search that was too slow
COUNTED = ("", "title", "text")  # not names of people


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    is_current: bool
    count: str = ""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`?q=` words, all of which must be there; `?board=` one board; `?field=` a key of FIELDS."""
    q = request.GET.get("q", "").strip()[:100]
    field = request.GET.get("field", "")
    if field not in FIELDS:
        field = ""
    places = readable_places(request.user)
    boards, slug = places.boards, request.GET.get("board")
    board = next((each for each in boards if each.slug == slug), None)
    context = {"q": q, "field": field, "fields": FIELDS, "boards": boards, "board": board}
    if not q:
        return render(request, "boards/search.html", context | {"is_start": True})

    address = address_key(request)
    hit_or_refuse(f"search:{address}", limit=60, seconds=60)
    if tag := _asked_tag(request, q):
        return redirect("show_tag", tag)
    number, size = page_number(request), site_settings(request).page_size
    find = find_comments if field == "comments" else find_posts
    if board is not None:
        places = places.within(board)
    try:
        found = find(request.user, q, field=field, places=places, page=number, size=size)
    except TooSlow:
        return _too_slow(request, context)
    if number == 1 and field in COUNTED and found.total and _is_own_wish(request):
        count_search(query=q, address=address)
    parameters = {"q": q, "board": board.slug if board else "", "field": field}
    context["pages"] = Pages(number, found.total, size, request.path, parameters)
    context["results"] = found.rows
    context["tabs"] = _tabs(request.path, parameters, found.count)
    return render(request, "boards/search.html", context)


def _too_slow(request: HttpRequest, context: dict) -> HttpResponse:
    """The same page with a sentence in the place of the results: what was asked can be changed."""
    response = render(request, "boards/search.html", context | {"is_too_slow": True}, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _is_own_wish(request: HttpRequest) -> bool:
    """Whether a person thought of these words himself: not by pressing one of the 인기검색어, which would
    keep itself popular."""
    return request.GET.get("from") != "popular" and is_person(request)


def _asked_tag(request: HttpRequest, q: str) -> str:
    """The tag that `#봄` names, if the visitor may read a post with it; "" for ordinary words."""
    names = clean_tags(q) if q.startswith(("#", "＃")) and not request.GET.get("board") else []
    is_one = len(names) == 1 and tagged_posts(request.user, names[0]).exists()
    return names[0] if is_one else ""


def _tabs(path: str, parameters: dict[str, str], count: str) -> list[Tab]:
    """글 and 댓글, each with the same words; the number stands at the one that is shown."""
    in_comments = parameters["field"] == "comments"
    posts = parameters | {"field": "" if in_comments else parameters["field"]}
    comments = parameters | {"field": "comments"}

    def address(query: dict[str, str]) -> str:
        return f"{path}?{urlencode({key: value for key, value in query.items() if value})}"

    return [
        Tab(str(_("글")), address(posts), not in_comments, "" if in_comments else count),
        Tab(str(_("댓글")), address(comments), in_comments, count if in_comments else ""),
    ]
