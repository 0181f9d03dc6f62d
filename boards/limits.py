"""How much and what one may write in a board; moderators and the owner are held to nothing.

Checked on the server, each time (gnuboard5 asked only in the browser).
"""

import datetime
import re
import time
from collections.abc import Iterable, Mapping
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from boards.models import Board
from boards.permissions import Access
from boards.queries.texts import texts_of
from boards.text.blocked_words import blocked_word, words_of
from boardsite.ratelimit import TooMany, hit_or_refuse

_LINK = re.compile(r'<a [^>]*?href="(https?:[^"]*)"', re.IGNORECASE)


class Pausing(TooMany):
    """The board's pause since the last thing of his goes on."""


class EnoughToday(TooMany):
    """A new member has written as many posts as he may in a day."""


def is_new(can: Access) -> bool:
    """Joined less than the board's `new_member_days` ago; a guest is new all his life, a moderator
    never."""
    return _joined_lately(can) and not can.moderate


def _joined_lately(can: Access) -> bool:
    days = can.board.new_member_days
    if not days or not can.visitor.is_authenticated:
        return bool(days)
    return timezone.now() - can.visitor.date_joined < datetime.timedelta(days=days)


def blocked(can: Access, texts: Mapping[str, str]) -> tuple[str, str] | None:
    """The name of the first text with a word that the board does not take, and the word."""
    lists = texts_of(can.board)
    words = words_of(lists.blocked_words)
    if not can.visitor.is_authenticated:
        words += words_of(lists.guest_blocked_words)
    if not words or can.moderate:  # who moderates is asked last: that costs a query
        return None
    for name, text in texts.items():
        if word := blocked_word(words, text):
            return name, word
    return None


def links_allowed(can: Access) -> int | None:
    """How many different outside addresses one post or comment may name; None: any number. Who
    moderates may name more: he need not be asked for before there are too many."""
    return can.board.new_member_links or None if _joined_lately(can) else None


def outside_links(html: str, more: Iterable[str] = ()) -> set[str]:
    """The addresses of other sites in cleaned HTML, and those of `more`, each once."""
    own = urlsplit(settings.SITE_URL).netloc
    found = {unescape(link).rstrip("/") for link in _LINK.findall(html)}
    found |= {link.rstrip("/") for link in more if link}
    return {link for link in found if urlsplit(link).netloc != own}


def count_writing(can: Access, who: str) -> None:
    """Counts one thing that `who` (a member's number, or a guest's address_key) writes or edits.

    Posts, comments and their edits together: 40 in ten minutes for a member; 5 in ten minutes and
    30 a day for all guests of one address. Raises TooMany past that.
    """
    if can.visitor.is_authenticated:
        hit_or_refuse(f"write:{who}", limit=40, seconds=600)
    else:
        hit_or_refuse(f"guest:{who}", limit=5, seconds=600)
        hit_or_refuse(f"guest:{who}", limit=30, seconds=86_400)


def keep_pace(can: Access, who: str, *, is_post: bool) -> None:
    """Whether `who` may write something new now, as far as speed goes; raises TooMany if not.

    For the `pace` of write_post and write_comment: within their transaction, so that a repeated
    press has found its post before it is counted, and what is refused is counted nowhere.
    """
    count_writing(can, who)
    if is_post:
        _posts_left_or_refuse(can)
    _pause_or_refuse(can, who)


def _posts_left_or_refuse(can: Access) -> None:
    """How many posts a new member has written in this board today; what he deleted counts."""
    limit = can.board.new_member_posts
    if not limit or not can.visitor.is_authenticated or not is_new(can):
        return
    # The board's row, which the post's number needs anyway: two at once are counted in turn.
    Board.objects.select_for_update(no_key=True).only("pk").get(pk=can.board.pk)
    written = can.board.posts.filter(author=can.visitor, created_at__gte=_midnight())
    if written.count() >= limit:
        raise EnoughToday(_seconds_of_today_left())


def _seconds_of_today_left() -> int:
    tomorrow = _midnight() + datetime.timedelta(days=1)
    return int((tomorrow - timezone.now()).total_seconds()) + 1


def _midnight() -> datetime.datetime:
    """When today began in Seoul."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _pause_or_refuse(can: Access, who: str) -> None:
    """Begins the board's pause; raises Pausing while an earlier one lasts."""
    seconds = can.board.pause_seconds
    if not seconds or can.moderate:
        return
    key = f"pause:{can.board.pk}:{who}"
    until = time.time() + seconds
    if not cache.add(key, until, seconds):  # one statement: of two at once only one begins
        raise Pausing(int((cache.get(key) or until) - time.time()) + 1)
