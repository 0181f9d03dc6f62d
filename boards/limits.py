"""Limits for writing in a board. They do not apply to moderators and the owner.

Checked on the server with each request (gnuboard5 checked only in the browser).
"""

import datetime
import re
import time
from collections.abc import Iterable, Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from boards.models import BoardTexts
from boards.permissions import Access
from boards.text.blocked_words import blocked_word, words_of
from boardsite.limits.rate_limit import Limit, TooMany, hit_all_or_refuse, refuse_if_used_up
from boardsite.models import SiteSettings

WRITINGS, WRITINGS_SECONDS = 40, 600  # per member

_LINK = re.compile(r'<a [^>]*?href="(https?:[^"]*)"', re.IGNORECASE)


class Pausing(TooMany):
    """The board's pause between two posts or comments of a person is not over yet."""


class EnoughToday(TooMany):
    """A new member has reached the number of posts per day."""


def is_new(can: Access) -> bool:
    """Whether they joined less than the board's `new_member_days` ago.

    Guests are always new, moderators never.
    """
    return _joined_lately(can) and not can.moderate


def _joined_lately(can: Access) -> bool:
    days = can.board.new_member_days
    if not days or not can.visitor.is_authenticated:
        return bool(days)
    return timezone.now() - can.visitor.date_joined < datetime.timedelta(days=days)


def blocked(can: Access, texts: Mapping[str, str]) -> tuple[str, str] | None:
    """The name of the first text that contains a word blocked by the site or the board, and that
    word."""
    lists = BoardTexts.of(can.board)
    words = words_of(SiteSettings.known().blocked_words) + words_of(lists.blocked_words)
    if not can.visitor.is_authenticated:
        words += words_of(lists.guest_blocked_words)
    if not words or can.moderate:  # checked last, because it costs a query
        return None
    for name, text in texts.items():
        if word := blocked_word(words, text):
            return name, word
    return None


class Lengths(NamedTuple):
    """The minimum and maximum number of characters; 0 for no limit."""

    least: int
    most: int


def lengths(can: Access, *, is_post: bool) -> Lengths:
    """The limits for a post or a comment of this visitor in this board."""
    board = can.board
    wanted = (
        Lengths(board.post_min_length, board.post_max_length)
        if is_post
        else Lengths(board.comment_min_length, board.comment_max_length)
    )
    # Checked last, because it costs a query.
    return Lengths(0, 0) if any(wanted) and can.moderate else wanted


def links_allowed(can: Access) -> int | None:
    """How many different external addresses one post or comment may contain; None for no limit.

    Moderators may use more, which callers check only when the limit is exceeded.
    """
    return can.board.new_member_links or None if _joined_lately(can) else None


def outside_links(html: str, more: Iterable[str] = ()) -> set[str]:
    """The external addresses in cleaned HTML and in `more`, each once."""
    own = urlsplit(settings.SITE_URL).netloc
    found = {unescape(link).rstrip("/") for link in _LINK.findall(html)}
    found |= {link.rstrip("/") for link in more if link}
    return {link for link in found if urlsplit(link).netloc != own}


def count_writing(can: Access, who: str, *more: Limit) -> None:
    """Counts one submission by `who` (a member's id, or a guest's address_key), also for `more`, by one
    statement. Raises TooMany; the caller's transaction must be rolled back then.

    Posts, comments and edits count together: 40 in ten minutes for a member; 5 in ten minutes and
    30 a day for all guests of one address. Sent forms are also limited before they are validated
    (boardsite.limits.attempts).
    """
    if can.visitor.is_authenticated:
        limits = [Limit(f"write:{who}", WRITINGS, WRITINGS_SECONDS)]
    else:
        limits = [Limit(f"guest:{who}", 5, 600), Limit(f"guest:{who}", 30, 86_400)]
    hit_all_or_refuse([*limits, *more])


def refusal_to_write(can: Access) -> TooMany | None:
    """What count_writing would raise for this member now; counts nothing."""
    try:
        key = f"write:{can.visitor.pk}"
        refuse_if_used_up(key, limit=WRITINGS, seconds=WRITINGS_SECONDS)
    except TooMany as refusal:
        return refusal
    return None


def enforce_rate_limits(can: Access, who: str, *, is_post: bool) -> None:
    """Enforces the rate limits for something new by `who`; raises TooMany.

    It is the `rate_limit` of write_post and write_comment and runs in their transaction: a repeated
    submission is found before it is counted, and a rollback undoes the count.
    """
    try:
        count_writing(can, who, *(_of_new_member(can, who) if is_post else ()))
    except EnoughToday:
        if not can.moderate:  # checked last, because it costs a query
            raise
    _pause_or_refuse(can, who)


def _of_new_member(can: Access, who: str) -> Iterable[Limit]:
    """The limit of a new member's posts in this board. Deleted posts count."""
    most = can.board.new_member_posts
    if most and can.visitor.is_authenticated and _joined_lately(can):
        yield Limit.of_today(f"posts:{can.board.pk}:{who}", most, EnoughToday)


def _pause_or_refuse(can: Access, who: str) -> None:
    """Starts the board's pause; raises Pausing while an earlier one lasts."""
    seconds = can.board.pause_seconds
    if not seconds or can.moderate:
        return
    key = f"pause:{can.board.pk}:{who}"
    until = time.time() + seconds
    # An atomic operation: of two concurrent requests only one starts the pause.
    if not cache.add(key, until, seconds):
        raise Pausing(int((cache.get(key) or until) - time.time()) + 1)
