"""Finished pages for strangers, kept until something that they show changes.

A view says that its page is the same for every stranger (`keep`) and what it is about. What differs
from one of them to the next is a hole in the page (`hole`), filled for each request: the token of
forms, the visitor's count, the number of views. A kept page answers only while the versions that it
was made under are still those of the database (boardsite.versions), so that what is written, hidden
or made secret shows with the next request, and at most for some seconds, for views in lists and the
marks of new posts move no version.

A kept page is answered before anything else is begun for it: no session, no member, no view. What
must be asked of everybody is asked here too (the host, `never_for`); robots are limited and visitors
counted around it.

Where they lie: boardsite.page_shelves. Nothing is kept of who has a session or a message waiting
(visitors.is_stranger).
See docs/decisions/0035.
"""

import re
import secrets
import sys
import time
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe
from django.utils.safestring import SafeString, mark_safe

from boardsite import replica, versions
from boardsite.agents import is_robot
from boardsite.page_shelves import Page, PageCache
from boardsite.visitors import is_stranger, user_agent

SECONDS = 10.0
LONGEST_QUERY = 60  # characters; a page with a longer one is not kept

# Nobody can write this into a post, so whatever stands between two of them is ours.
_SIGN = secrets.token_hex(12)
_HOLE = re.compile(rf"{_SIGN}([a-z_]+?)((?::\w+?)*?){_SIGN}".encode())

Fill = Callable[..., str]  # of the request and the hole's arguments, as text: HTML
Ask = Callable[..., versions.Question | None]  # of the same
_fills: dict[str, Fill] = {}
_asks: dict[str, Ask] = {}
_excluded: list[Callable[[HttpRequest], bool]] = []


def fill_with(name: str, fill: Fill, ask: Ask | None = None) -> None:
    """For an app's `ready`: what fills the holes of that name. What `ask` returns is asked of the
    database along with the versions, and what is answered given to `fill` as `told`."""
    _fills[name] = fill
    if ask is not None:
        _asks[name] = ask


fill_with("csrf_token", get_token)


def never_for(is_excluded: Callable[[HttpRequest], bool]) -> None:
    """For an app's `ready`: to whom no kept page is shown; what is answered him is made anew."""
    _excluded.append(is_excluded)


def hole(request: HttpRequest, name: str, *args: int | str) -> SafeString:
    """What `name` fills in here: at once, or in a page that is kept for each who gets it.

    Arguments are numbers or words of letters and digits; the filler gets them as text.
    """
    if name not in _fills:
        return mark_safe("")  # of a part that is not installed
    words = [str(each) for each in args]
    if is_kept(request):
        return mark_safe(f"{_SIGN}{':'.join([name, *words])}{_SIGN}")
    return mark_safe(_fills[name](request, *words))


def keep(
    request: HttpRequest, *, scope: int, query: Collection[str] = (), seconds: float = SECONDS
) -> None:
    """Says, before it is rendered, that this page is the same for all strangers.

    `scope`: whose versions it hangs on besides the site's (a board's id, versions.ALL or SITE).
    `query`: the names that its address may carry; with others, or written otherwise than the site
    writes them, it is not kept, lest strangers make as many pages as they like of one. `seconds`:
    how old it may grow while no version moves.
    """
    draft = getattr(request, "page_draft", None)
    if draft is not None and set(request.GET) <= set(query) and _is_plain(request):
        draft.scope, draft.seconds = scope, seconds


def _is_plain(request: HttpRequest) -> bool:
    """Whether the query is short, with each name once and nothing coded in a way of its own: two that
    the view reads otherwise are then two addresses, and none takes more room than its page."""
    query = request.META.get("QUERY_STRING", "")
    return not query or (len(query) <= LONGEST_QUERY and urlencode(request.GET.dict()) == query)


def is_kept(request: HttpRequest) -> bool:
    """Whether the page that is being made will be kept, and so must not hold what is somebody's."""
    draft = getattr(request, "page_draft", None)
    return draft is not None and draft.scope is not None


@dataclass
class Draft:
    """A page that is being made for a stranger; `scope` None: not to be kept, so far."""

    scope: int | None = None
    seconds: float = SECONDS


pages = PageCache(fills=_fills)


class GuestPages:
    """Answers strangers with kept pages, and keeps what views have marked.

    Stands inside of what counts visitors and chooses the database, and outside of all that only a
    page which is made anew needs: sessions, members, the content policy (whose header is kept with
    the page). The cookie of CSRF goes with the token that is filled in here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.csrf = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with versions.reading() as now:
            if not settings.PAGE_CACHE_MB or not is_stranger(request):
                return self.get_response(request)
            robot = is_robot(user_agent(request))
            key = f"{'robot' if robot else 'guest'} {request.get_full_path()}"
            page = _find(request, key, robot, now) if _may_see(request) else None
            if page is None:
                page_or_answer = self._make(request, now)
                if not isinstance(page_or_answer, Page):
                    return page_or_answer
                page = page_or_answer
                pages.put(key, robot, page)
            else:
                self.csrf.process_request(request)
            return self.csrf.process_response(request, _answer(request, page, now))

    def _make(self, request: HttpRequest, now: versions.Versions) -> Page | HttpResponse:
        """The page as it is made now, or what is answered instead."""
        request.page_draft = draft = Draft()
        now.of(versions.SITE)  # the counts are read before anything is for the page
        now.told = {}  # was asked for the page that may no longer be shown, a while before this one is
        response = self.get_response(request)
        if draft.scope is None or response.streaming:
            return response
        content, holes = _with_holes(response.content)
        is_whole = response.status_code == 200 and not response.cookies
        if not is_whole or content.count(b"\0") != len(holes):
            response.content = _HOLE.sub(
                lambda match: _fill(request, _hole_of(match)), response.content
            )
            _tell_length(response)
            return self.csrf.process_response(request, response)
        match = request.resolver_match
        return Page(
            pages.packing.pack(match.route, content),
            holes,
            {name: sys.intern(f"{value}") for name, value in response.headers.items()},
            draft.scope,
            now.of(draft.scope),
            time.time() + draft.seconds,
            (match.route, match.args, match.kwargs),
        )


def _find(request: HttpRequest, key: str, robot: bool, now: versions.Versions) -> Page | None:
    """The page that may be shown; what its holes ask is then answered already, if one database is
    asked for all."""
    shelved = pages.shelved(key, robot)
    if shelved is not None:
        _arrive(request, shelved)
        if not replica.exists():
            now.along = _questions(request, shelved.holes)
    page = pages.find(key, robot, now)
    if page is not None and shelved is None:  # another machine's
        _arrive(request, page)
    return page


def _arrive(request: HttpRequest, page: Page) -> None:
    """Has the request be where the page would have been made."""
    route, args, kwargs = page.match
    request.resolver_match = ResolverMatch(None, args, kwargs, route=route)
    request.user = AnonymousUser()


def _may_see(request: HttpRequest) -> bool:
    """What is asked of everybody on the way to a page that is made anew."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return not any(is_excluded(request) for is_excluded in _excluded)


def _tell_length(response: HttpResponse) -> None:
    response.headers["Content-Length"] = str(len(response.content))


def _hole_of(match: re.Match[bytes]) -> tuple[str, ...]:
    return match[1].decode(), *match[2].decode().split(":")[1:]


def _with_holes(content: bytes) -> tuple[bytes, list[tuple[str, ...]]]:
    """The page with a NUL for each of its holes, and the holes."""
    return _HOLE.sub(b"\0", content), [_hole_of(match) for match in _HOLE.finditer(content)]


def _questions(
    request: HttpRequest, holes: Sequence[tuple[str, ...]]
) -> dict[Hashable, versions.Question]:
    asked = {hole: _asks[hole[0]](request, *hole[1:]) for hole in holes if hole[0] in _asks}
    return {hole: question for hole, question in asked.items() if question}


def _fill(request: HttpRequest, hole: tuple[str, ...], told: tuple | None = None) -> bytes:
    name, *args = hole
    more = {} if told is None else {"told": told}
    return _fills[name](request, *args, **more).encode()


def _filled(
    request: HttpRequest, content: bytes, holes: Sequence[tuple[str, ...]], told: Mapping
) -> bytes:
    fills = [*(_fill(request, hole, told.get(hole)) for hole in holes), b""]
    return b"".join(part for pair in zip(content.split(b"\0"), fills, strict=True) for part in pair)


def _answer(request: HttpRequest, page: Page, now: versions.Versions) -> HttpResponse:
    content = _filled(request, pages.packing.unpack(page.kind, page.text), page.holes, now.told)
    response = HttpResponse(content, headers=page.headers)
    _tell_length(response)
    if etag := page.headers.get("ETag"):
        newest = parse_http_date_safe(page.headers.get("Last-Modified", ""))
        return get_conditional_response(request, etag, newest, response)
    return response
