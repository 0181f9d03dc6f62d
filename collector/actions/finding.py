"""Fetches what a source shows now and what the pages of its articles add. Writes nothing."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from collector.fetching.fetch import LATER, Fetched, FetchFailed
from collector.fetching.fetcher import Fetcher
from collector.models import Source, key_of
from collector.reading import markup
from collector.reading.articles import NotAnArticle, completed, read_article
from collector.reading.entries import MAX_TITLE, Entry
from collector.reading.feeds import NotAFeed, read_feed
from collector.reading.listings import Link, NotAListing, read_listing

HALF = 32  # characters of a page's key
MAX_TEXT = 100_000  # characters of a page's text that are compared to see whether it has changed


class Trouble(Exception):
    """Why nothing was collected; the message is a Korean sentence. `wait`: how long the source asks
    us to stay away. `is_gone`: the source has been removed for good."""

    def __init__(self, words: str, *, wait: timedelta | None = None, is_gone: bool = False):
        super().__init__(words)
        self.wait, self.is_gone = wait, is_gone


class Found(NamedTuple):
    """The entries that a source shows now, newest first."""

    entries: list[Entry]
    etag: str
    last_modified: str


class Page(NamedTuple):
    """An article combined with its own page. `entry` is None if it must wait for the page.
    `trouble` is a Korean sentence, or "" if the page was read or is not needed."""

    entry: Entry | None
    trouble: str
    key: str = ""
    """page_key_of the page that the text comes from; "" if the text comes from the feed."""


def ask_source(source: Source, fetcher: Fetcher, *, is_fresh: bool = False) -> Found | None:
    """Fetches the feed or the listing page. Returns None if nothing has changed since the last
    pass; `is_fresh` skips that check. Raises Trouble."""
    member = source.member
    if not member.is_robot or not member.is_here or member.is_suspended:
        words = _("로봇이 아니거나, 이용이 정지되었거나, 탈퇴한 글쓴이입니다: %s")
        raise Trouble(words % member.nickname)
    if source.board.deleted_at is not None:
        raise Trouble(_("휴지통에 있는 게시판입니다: %s") % source.board.name)
    etag, last_modified = ("", "") if is_fresh else (source.etag, source.last_modified)
    try:
        fetched = fetcher.fetch(source.address, etag=etag, last_modified=last_modified)
    except FetchFailed as failed:
        wait = timedelta(seconds=failed.wait) if failed.wait else None
        raise Trouble(str(failed), wait=wait) from failed
    if fetched.status == 304 and not is_fresh:
        return None
    _check_status(source, fetched)
    try:
        return Found(_entries(source, fetched), fetched.etag, fetched.last_modified)
    except (NotAFeed, NotAListing) as failed:
        raise Trouble(str(failed)) from failed


def _check_status(source: Source, fetched: Fetched) -> None:
    if fetched.status == 410:
        words = (
            _("원래 사이트가 이 목록 페이지를 없앴습니다(410).")
            if source.is_listing
            else _("원래 사이트가 이 피드를 없앴습니다(410).")
        )
        raise Trouble(words, is_gone=True)
    if fetched.status != 200:
        wait = timedelta(seconds=fetched.retry_after) if fetched.retry_after else None
        words = (
            _("목록 페이지를 받지 못했습니다(HTTP %d).")
            if source.is_listing
            else _("피드를 받지 못했습니다(HTTP %d).")
        )
        raise Trouble(words % fetched.status, wait=wait)


def _entries(source: Source, fetched: Fetched) -> list[Entry]:
    about = {"content_type": fetched.content_type, "address": fetched.address}
    if source.is_listing:
        links = read_listing(fetched.body, rule=source.link_rule, **about)
        return [_of_link(link) for link in links]
    return read_feed(fetched.body, **about).entries


def _of_link(link: Link) -> Entry:
    title = (link.title or link.address)[:MAX_TITLE]
    return Entry(link.address, link.address, title, "", "", "", None, None)


def read_page(source: Source, entry: Entry, fetcher: Fetcher) -> Page:
    """Adds the article's own page to `entry` if pages of `source` are read; for a listing they
    always are.

    If the page cannot be read, an entry of a feed stays as it is and an entry of a listing must
    wait. Both must wait if the site asks us to come back later.
    """
    if not source.asks_pages or not entry.address:
        return Page(entry, "")
    try:
        fetched = fetcher.fetch(entry.address)
        if fetched.status != 200:
            words = _("기사 페이지를 받지 못했습니다(HTTP %d).") % fetched.status
            return Page(None if source.is_listing or fetched.status in LATER else entry, words)
        page = article_of(source, fetched)
    except FetchFailed as failed:
        return Page(None if source.is_listing or failed.wait else entry, str(failed))
    except NotAnArticle as failed:
        return Page(None if source.is_listing else entry, str(failed))
    entry = completed(entry, page)
    key = page_key_of(page) if entry.html == page.html else ""
    return Page(replace(entry, address=_address_of(source, entry, page)), "", key)


def article_of(source: Source, fetched: Fetched) -> Entry:
    """Parses the page of an article with the rules of `source`. Raises NotAnArticle."""
    return read_article(
        fetched.body,
        content_type=fetched.content_type,
        address=fetched.address,
        body_rule=source.body_rule,
        cut_rules=source.cut_selectors,
    )


def page_key_of(page: Entry) -> str:
    """A hash of the page's title, followed by a hash of its text."""
    return _half(page.title) + _half(markup.words(page.html, MAX_TEXT))


def is_title_changed(page_key: str, other: str) -> bool:
    return page_key[:HALF] != other[:HALF]


def _half(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HALF]


def _address_of(source: Source, entry: Entry, page: Entry) -> str:
    """The canonical address of the page, unless the site gives the same one for all of its
    articles."""
    parts = urlsplit(page.address)
    if not parts.query and parts.path in ("", "/"):
        return entry.address
    others = source.entries.filter(address_key=key_of(page.address)).exclude(title=entry.title)
    return entry.address if others.exists() else page.address
