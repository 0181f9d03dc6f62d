"""The page cache: whole pages that every anonymous visitor gets alike.

A view calls `cache_page` and says which version its page depends on. Whatever differs between visitors,
or changes more often than the page, is a `placeholder`, which is rendered for each response: the CSRF
token, the visitor counter, the number of views. A cached page is sent only while the versions that it was
built under are those of the database (boardsite.caching.versions). So what is written, hidden or made
secret shows with the next request; numbers of views in lists and the marks of new posts, which move no
version, are at most some seconds old.

The middleware answers before sessions, log-in and views. What these check for everybody it checks itself
(the host, `exclude`); robots are limited and visitors counted by the middleware around it. It serves
requests that are `is_cacheable` (boardsite.visitors.identity): without a session and without a pending
message.

Pages are stored by boardsite.caching.page_stores, deflated (boardsite.compression). See decision 0035.
"""

import re
import secrets
import sys
import time
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe
from django.utils.safestring import SafeString, mark_safe

from boardsite.caching import versions
from boardsite.caching.page_stores import Page, PageCache
from boardsite.compression import (
    LARGEST_SEGMENT,
    SHORTEST,
    Segment,
    accepts_gzip,
    decompress,
    join,
    segment,
    text_of,
    weaken_etag,
)
from boardsite.databases import replica
from boardsite.visitors.identity import is_cacheable, user_agent
from boardsite.visitors.user_agents import is_robot

SECONDS = 10.0
LONGEST_QUERY = 60  # characters; a page with a longer one is not cached

# Random, so nobody can write a placeholder into a post.
_MAIN = re.compile(rb"<main\b[^>]*>")
_MARK = secrets.token_hex(12)
_PLACEHOLDER = re.compile(rf"{_MARK}([a-z_]+?)((?::\w+?)*?){_MARK}".encode())

# (request, *args of the placeholder as text) -> HTML; deflated if many responses show the same
Render = Callable[..., str | Segment]
MakeQuery = Callable[..., versions.Query | None]  # of the same arguments
_renderers: dict[str, Render] = {}
_queries: dict[str, MakeQuery] = {}
_spares: dict[str, Render] = {}
_excluded: list[Callable[[HttpRequest], bool]] = []


def register(
    name: str, render: Render, query: MakeQuery | None = None, spare: Render | None = None
) -> None:
    """For an app's `ready`: how placeholders of that name are rendered. In a cached page the query that
    `query` returns is piggybacked on the one for the versions, and `render` gets its row as `result`.
    `spare` renders it while the database is away; without it nothing stands there then."""
    _renderers[name] = render
    if spare is not None:
        _spares[name] = spare
    if query is not None:
        _queries[name] = query


register("csrf_token", get_token)


def exclude(is_excluded: Callable[[HttpRequest], bool]) -> None:
    """For an app's `ready`: requests that are never answered from the cache."""
    _excluded.append(is_excluded)


def placeholder(
    request: HttpRequest, name: str, *args: int | str, is_optional: bool = False
) -> SafeString:
    """What is registered as `name`: rendered at once, or for each response if the page is cached.

    Arguments are integers, or words of letters and digits; the renderer gets them as text. Raises
    KeyError for an unknown name, unless it `is_optional`: of an app that may not be installed.
    """
    if is_optional and name not in _renderers:
        return mark_safe("")
    render = _renderers[name]
    words = [str(each) for each in args]
    if will_be_cached(request):
        return mark_safe(f"{_MARK}{':'.join([name, *words])}{_MARK}")
    html = render(request, *words)
    return mark_safe(html if isinstance(html, str) else text_of(html).decode())


def cache_page(
    request: HttpRequest,
    *,
    scope: int,
    part: int | None = None,
    query: Collection[str] = (),
    seconds: float = SECONDS,
) -> None:
    """To be called before the page is rendered: it is the same for all anonymous visitors.

    `scope`: the version that it depends on besides the site's (a board's id, versions.ALL or SITE).
    `part`: the part of the board (versions.part_of) that the page depends on instead; what it shows of
    the rest of the board are placeholders. It is not cached if something of the board has changed since
    the request began.
    `query`: the names that its query string may have. With others, or encoded in another way than the
    site does, it is not cached; else one page could fill the cache under many addresses. `seconds`: how
    old it may grow while no version moves.
    """
    request.is_for_everybody = True  # type: ignore[attr-defined] # for is_for_everybody
    draft = getattr(request, "page_draft", None)
    if draft is not None and set(request.GET) <= set(query) and _is_plain(request):
        if part is not None:
            now = versions.current()
            version = now.of_part(part, scope) if now is not None else None
            if version is None:
                return
            draft.part = part, version
        draft.scope, draft.seconds = scope, seconds


def _is_plain(request: HttpRequest) -> bool:
    """Whether the query string is short, has each name once, and is encoded as the site does it."""
    query = request.META.get("QUERY_STRING", "")
    return not query or (len(query) <= LONGEST_QUERY and urlencode(request.GET.dict()) == query)


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether the view has called `cache_page`: it shows a page that anonymous visitors may see, and no
    refusal, form or page of one's own. A member's variant of it may show more than theirs."""
    return getattr(request, "is_for_everybody", False)


def will_be_cached(request: HttpRequest) -> bool:
    """Whether the page that is being built will be cached, and so must hold nothing of one visitor."""
    draft = getattr(request, "page_draft", None)
    return draft is not None and draft.scope is not None


@dataclass
class Draft:
    """A page that is being built for an anonymous visitor; with `scope` None it is not cached."""

    scope: int | None = None
    seconds: float = SECONDS
    part: tuple[int, int] | None = None


pages = PageCache(placeholders=_renderers)


class PageCacheMiddleware:
    """Answers cacheable requests from the page cache, and stores the pages that views have marked.

    Stands inside of the middleware that counts visitors and chooses the database, and outside of what
    only building a page needs: sessions, members, the content policy (its header is stored with the
    page). The CSRF cookie is set here, together with the token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.csrf = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            with versions.writing():
                return self.get_response(request)
        with versions.reading() as now:
            if not settings.PAGE_CACHE_MB or not is_cacheable(request):
                return self.get_response(request)
            robot = is_robot(user_agent(request))
            key = f"{'robot' if robot else 'guest'} {request.get_full_path()}"
            try:
                page = _find(request, key, robot, now) if _is_allowed(request) else None
                if page is None:
                    now.of(versions.SITE)  # they are read before anything of the page is
            except DatabaseError as error:
                page = _find_old(request, key, robot, now) if versions.is_away(error) else None
                if page is None:
                    raise
            if page is None:
                page_or_response = self._build(request, now)
                if not isinstance(page_or_response, Page):
                    return page_or_response
                page = page_or_response
                pages.put(key, robot, page)
            else:
                self.csrf.process_request(request)
            return self.csrf.process_response(request, _respond(request, page, now))

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """The view has failed after `cache_page`, and an error page follows."""
        request.is_for_everybody = False  # type: ignore[attr-defined] # as above

    def _build(self, request: HttpRequest, now: versions.Versions) -> Page | HttpResponseBase:
        """The page as it is now, or a response that is not cached."""
        draft = Draft()
        request.page_draft = draft  # type: ignore[attr-defined] # kept with the request
        now.results = {}  # they are older than the page that is built now
        response = self.get_response(request)
        match = request.resolver_match
        if draft.scope is None or response.streaming or match is None:
            return response
        texts, placeholders = _split(response.content)
        is_whole = response.status_code == 200 and not response.cookies
        if not is_whole or max(map(len, texts)) > LARGEST_SEGMENT:
            response.content = _PLACEHOLDER.sub(
                lambda found: text_of(_render(request, _parse(found))), response.content
            )
            _set_length(response)
            return self.csrf.process_response(request, response)
        patch_vary_headers(response, ["Accept-Encoding"])
        weaken_etag(response)
        return Page(
            tuple(map(segment, texts)),
            placeholders,
            {name: sys.intern(f"{value}") for name, value in response.headers.items()},
            draft.scope,
            now.of(draft.scope),
            time.time() + draft.seconds,
            (match.route, match.args, match.kwargs),
            draft.part,
        )


def _find(request: HttpRequest, key: str, robot: bool, now: versions.Versions) -> Page | None:
    """A page that is still valid. The queries of its placeholders have then been run, if they go to the
    same database as that for the versions."""
    stored = pages.stored(key, robot)
    if stored is not None:
        _resolve(request, stored)
        now.part = stored.part and stored.part[0]
        if not replica.exists():
            now.piggybacked = _queries_of(request, stored.placeholders)
    page = pages.find(key, robot, now)
    if page is not None and stored is None:  # another machine's
        _resolve(request, page)
    return page


def _find_old(request: HttpRequest, key: str, robot: bool, now: versions.Versions) -> Page | None:
    """A page for a visitor while the database is away. It may be out of date."""
    if not now.use_latest() or not _is_allowed(request):
        return None
    page = pages.find_old(key, robot, now)
    if page is not None:
        _resolve(request, page)
    return page


def _resolve(request: HttpRequest, page: Page) -> None:
    """Gives the request what URL resolving and log-in would have given it."""
    route, args, kwargs = page.match
    request.resolver_match = ResolverMatch(None, args, kwargs, route=route)  # type: ignore[arg-type] # no view
    request.user = AnonymousUser()


def _is_allowed(request: HttpRequest) -> bool:
    """Whether it passes the checks that would be made on the way to the view."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return not any(is_excluded(request) for is_excluded in _excluded)


def _set_length(response: HttpResponse) -> None:
    response.headers["Content-Length"] = str(len(response.content))


def _parse(match: re.Match[bytes]) -> tuple[str, ...]:
    return match[1].decode(), *match[2].decode().split(":")[1:]


def _split(content: bytes) -> tuple[list[bytes], list[tuple[str, ...]]]:
    """The texts between the placeholders of a page, and the placeholders."""
    placeholders = [_parse(match) for match in _PLACEHOLDER.finditer(content)]
    return _PLACEHOLDER.split(content)[::3], placeholders


def _queries_of(
    request: HttpRequest, placeholders: Sequence[tuple[str, ...]]
) -> dict[Hashable, versions.Query]:
    made = {
        each: _queries[each[0]](request, *each[1:]) for each in placeholders if each[0] in _queries
    }
    return {placeholder: query for placeholder, query in made.items() if query}


def _render(
    request: HttpRequest, placeholder: tuple[str, ...], result: tuple[int, int] | None = None
) -> bytes | Segment:
    name, *args = placeholder
    known = {} if result is None else {"result": result}
    return _encoded(_renderers[name](request, *args, **known))


def _encoded(html: str | Segment) -> bytes | Segment:
    return html.encode() if isinstance(html, str) else html


def _render_old(request: HttpRequest, placeholder: tuple[str, ...]) -> bytes | Segment:
    """As `_render`, while the database is away."""
    try:
        return _render(request, placeholder)
    except DatabaseError as error:
        if not versions.is_away(error):
            raise
        name, *args = placeholder
        return _encoded(_spares[name](request, *args)) if name in _spares else b""


def _respond_with_old(request: HttpRequest, page: Page) -> HttpResponse:
    """The page with a note that it may be out of date. Neither a browser nor a proxy stores it."""
    parts = [_render_old(request, each) for each in page.placeholders]
    content = decompress(join(page.segments, parts))
    note = render_to_string("ui/old_page_notice.jinja").encode()
    content = _MAIN.sub(lambda found: found[0] + note, content, count=1)
    response = HttpResponse(content, headers=page.headers)
    for name in ("ETag", "Last-Modified"):
        response.headers.pop(name, None)
    response.headers["Cache-Control"] = "no-store"
    _set_length(response)
    return response


def _respond(request: HttpRequest, page: Page, now: versions.Versions) -> HttpResponse:
    if now.is_old:
        return _respond_with_old(request, page)
    parts = [_render(request, each, now.results.get(each)) for each in page.placeholders]
    content = join(page.segments, parts)
    is_compressed = page.length >= SHORTEST and accepts_gzip(request)
    response = HttpResponse(content if is_compressed else decompress(content), headers=page.headers)
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    _set_length(response)
    if etag := page.headers.get("ETag"):
        newest = parse_http_date_safe(page.headers.get("Last-Modified", ""))
        return get_conditional_response(request, etag, newest, response) or response
    return response
