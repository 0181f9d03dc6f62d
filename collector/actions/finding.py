"""What a source shows now, and what its articles' own pages add. Asks the network, and writes nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from collector.fetching.asking import Asker
from collector.fetching.fetch import LATER, Fetched, FetchFailed
from collector.models import Source, key_of
from collector.reading.articles import NotAnArticle, completed, read_article
from collector.reading.entries import MAX_TITLE, Entry
from collector.reading.feeds import NotAFeed, read_feed
from collector.reading.listings import Link, NotAListing, read_listing


class Trouble(Exception):
    """Why nothing was collected, as a Korean sentence. `wait`: how long the source asks to be
    left alone; `is_gone`: it will not come back."""

    def __init__(self, words: str, *, wait: timedelta | None = None, is_gone: bool = False):
        super().__init__(words)
        self.wait, self.is_gone = wait, is_gone


class Found(NamedTuple):
    """What a source shows now, the newest first."""

    entries: list[Entry]
    etag: str
    last_modified: str


class Page(NamedTuple):
    """An article with what its own page adds; None where it must wait for the page. `trouble` is a
    Korean sentence, "" if the page was read or need not be."""

    entry: Entry | None
    trouble: str


def ask_source(source: Source, asker: Asker, *, is_fresh: bool = False) -> Found | None:
    """What the feed or the listing page shows; None where nothing has changed since the last pass,
    which is not asked for if `is_fresh`. Raises Trouble."""
    member = source.member
    if not member.is_robot or not member.is_here or member.is_suspended:
        words = _("글쓴이 %s이(가) 로봇이 아니거나, 이용이 정지되었거나, 탈퇴했습니다.")
        raise Trouble(words % member.nickname)
    known = {} if is_fresh else {"etag": source.etag, "last_modified": source.last_modified}
    try:
        fetched = asker.ask(source.address, **known)
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


def read_page(source: Source, entry: Entry, asker: Asker) -> Page:
    """`entry` with what its own page adds, if pages of `source` are read: a listing's always are.

    Where the page cannot be read, a feed's article stays as it is, and a listing's must wait; so
    must both where the site wants to be asked later.
    """
    if not source.asks_pages or not entry.address:
        return Page(entry, "")
    try:
        fetched = asker.ask(entry.address)
        if fetched.status != 200:
            words = _("기사 페이지를 받지 못했습니다(HTTP %d).") % fetched.status
            return Page(None if source.is_listing or fetched.status in LATER else entry, words)
        page = read_article(
            fetched.body,
            content_type=fetched.content_type,
            address=fetched.address,
            body_rule=source.body_rule,
            cut_rules=source.cut_selectors,
        )
    except FetchFailed as failed:
        return Page(None if source.is_listing or failed.wait else entry, str(failed))
    except NotAnArticle as failed:
        return Page(None if source.is_listing else entry, str(failed))
    entry = completed(entry, page)
    return Page(replace(entry, address=_address_of(source, entry, page)), "")


def _address_of(source: Source, entry: Entry, page: Entry) -> str:
    """The page's canonical address, but where it names one address for all of its articles."""
    parts = urlsplit(page.address)
    if not parts.query and parts.path in ("", "/"):
        return entry.address
    others = source.entries.filter(address_key=key_of(page.address)).exclude(title=entry.title)
    return entry.address if others.exists() else page.address
