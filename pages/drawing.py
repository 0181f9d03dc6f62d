"""Blocks as HTML.

A block shows a visitor only what they may read, and nothing at all ("") where that is nothing.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from boards.permissions import access
from boards.placeholders import pinned_poll
from boards.queries.boards import known_boards
from boards.queries.latest import Shape, latest_block, latest_blocks
from boards.queries.polls import version_query
from boards.queries.popular import popular_rows
from boards.queries.recent_comments import recent_comments
from boards.queries.search_words import popular_words
from boards.queries.site_notices import site_notice_rows
from boardsite.caching import page_cache
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import ALL, Query
from boardsite.jinja import draw, draw_for
from pages.banners import show_banners
from pages.models import Banner, Block
from pages.queries.blocks import blocks_of, published_block

NOTHING = format_html_join("", "", ())
FULL = {Block.Kind.ALL_LATEST, Block.Kind.POPULAR, Block.Kind.TEXT}
"""Kinds that take the whole width of the front page."""


def front_blocks(request: HttpRequest) -> list[SafeString] | None:
    """The blocks of the front page; None if it has its default."""
    blocks = blocks_of(request, Block.Place.FRONT)
    return [html for block in blocks if (html := _draw(request, block))] if blocks else None


def side_column(request: HttpRequest, *, next: str) -> SafeString:
    """What the side column shows beside every page; "" if it has its default. `next`: where a guest
    comes back to after log-in, if not to this page.

    Pages of one board are cached without regard to other boards, so what boards show is rendered
    for each response.
    """
    parts = [
        page_cache.placeholder(request, "block", block.pk)
        if block.is_published and block.kind in _OF_BOARDS
        else _draw(request, block, next)
        for block in blocks_of(request, Block.Place.SIDE)
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def block_placeholder(request: HttpRequest, pk: str) -> str:
    """A block that shows what is in boards, in a cached page."""
    visitor = _visitor_of(request)
    return _html_of(visitor, int(pk)) if visitor.is_authenticated else _for_guests(int(pk))


def _html_of(visitor: Visitor, pk: int) -> str:
    block = published_block(pk)
    return _framed(block, _OF_BOARDS[block.kind](visitor, block)) if block else ""


_for_guests = VersionedCache(lambda pk: _html_of(AnonymousUser(), pk), scope=lambda pk: ALL)


def _draw(request: HttpRequest, block: Block, next: str = "") -> SafeString:
    if block.kind in _OF_BOARDS:
        return _framed(block, _OF_BOARDS[block.kind](_visitor_of(request), block))
    return _framed(block, _OF_THE_SITE[block.kind](request, block, next))


def poll_query(request: HttpRequest, poll: str, block: str, devices: str) -> Query:
    """The query that `poll_placeholder` would run first."""
    return version_query(int(poll))


def poll_placeholder(
    request: HttpRequest, poll: str, block: str, devices: str, result: tuple[int, int] | None = None
) -> str:
    """A block with a poll: rendered for each response, because each vote shows at once."""
    html = pinned_poll(request, int(poll), f"block-{block}", result)
    if not html:
        return ""
    return draw("pages/block.jinja", devices=devices, is_full=False, html=html)


def _framed(block: Block, html: SafeString) -> SafeString:
    if block.kind == Block.Kind.POLL:  # its frame is part of the placeholder
        return html
    if not html.strip():
        return NOTHING
    is_full = block.kind in FULL or block.style != Block.Style.LIST
    return draw("pages/block.jinja", devices=block.devices, is_full=is_full, html=html)


def _visitor_of(request: HttpRequest) -> Visitor:
    return getattr(request, "user", AnonymousUser())  # an invalid request may have no user yet


# -- what boards show ------------------------------------------------------------------------------
def _latest(visitor: Visitor, block: Block) -> SafeString:
    board = known_boards().get(block.board_id or 0)
    if board is None or not (can := access(visitor, board)).read:
        return NOTHING
    return latest_block(can, Shape(block.style, block.rows, block.title)) or NOTHING


def _all_latest(visitor: Visitor, block: Block) -> SafeString:
    blocks = latest_blocks(visitor, with_empty=False)
    return draw("pages/_all_latest.jinja", blocks=blocks) if blocks else NOTHING


def _popular(visitor: Visitor, block: Block) -> SafeString:
    rows = popular_rows(visitor, block.rows, block.period)
    titles = {"day": _("오늘의 인기글"), "week": _("이번 주 인기글"), "month": _("이번 달 인기글")}
    title = block.title or titles[block.period]
    if block.place == Block.Place.FRONT:
        return draw("boards/_headlines.jinja", rows=rows, title=title, period=block.period)
    return draw("ui/popular_now.jinja", rows=rows, title=title, period=block.period)


def _comments(visitor: Visitor, block: Block) -> SafeString:
    comments = recent_comments(visitor, block.rows)
    return _rows("pages/_comments.jinja", block, comments=comments)


def _notices(visitor: Visitor, block: Block) -> SafeString:
    rows = site_notice_rows(visitor, block.rows)
    return _rows("pages/_notices.jinja", block, rows=rows)


def _rows(template: str, block: Block, **rows: list[Any]) -> SafeString:
    title = block.title or block.get_kind_display()
    return draw(template, title=title, **rows) if any(rows.values()) else NOTHING


_OF_BOARDS: dict[str, Callable[[Visitor, Block], SafeString]] = {
    Block.Kind.LATEST: _latest,
    Block.Kind.ALL_LATEST: _all_latest,
    Block.Kind.POPULAR: _popular,
    Block.Kind.COMMENTS: _comments,
    Block.Kind.NOTICES: _notices,
}


# -- what the site shows ---------------------------------------------------------------------------
def _text(request: HttpRequest, block: Block, next: str) -> SafeString:
    return draw("pages/_text.jinja", title=block.title, html=block.html)


def _log_in(request: HttpRequest, block: Block, next: str) -> SafeString:
    return draw_for(request, "pages/_log_in.jinja", box=f"block-{block.pk}", next=next)


def _counter(request: HttpRequest, block: Block, next: str) -> SafeString:
    counts = page_cache.placeholder(request, "visit_counts", is_optional=True)
    return draw("pages/_counter.jinja", counts=counts) if counts else counts


def _banner(request: HttpRequest, block: Block, next: str) -> SafeString:
    return conditional_escape(show_banners(request, Banner.Slot.BLOCK))


def _words(request: HttpRequest, block: Block, next: str) -> SafeString:
    return draw("ui/popular_words.jinja", popular_words=popular_words())


def _poll(request: HttpRequest, block: Block, next: str) -> SafeString:
    if block.poll_id is None:
        return NOTHING
    return page_cache.placeholder(request, "poll_block", block.poll_id, block.pk, block.devices)


_OF_THE_SITE: dict[str, Callable[[HttpRequest, Block, str], SafeString]] = {
    Block.Kind.POLL: _poll,
    Block.Kind.BANNER: _banner,
    Block.Kind.TEXT: _text,
    Block.Kind.LOG_IN: _log_in,
    Block.Kind.COUNTER: _counter,
    Block.Kind.WORDS: _words,
}
