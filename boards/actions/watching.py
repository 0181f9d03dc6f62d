"""Watching boards and words, and notifying the members who watch; docs/decisions/0021."""

import datetime
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import BigIntegerField, Model, Value
from django.utils import timezone

from accounts.actions.locking import lock_members
from accounts.actions.notifications import notify_many
from accounts.models import Member, Notification
from boards.actions.about import about
from boards.models import Board, BoardGroup, BoardWatch, Post, WordWatch
from boards.permissions import Access, access
from boards.permissions.members import rights_of
from boards.text.watched_words import found_in, key_of
from boardsite.text import richtext

Kind = Notification.Kind

MOST_WORDS = 20  # per member
FRESH = datetime.timedelta(days=1)  # older posts, such as imported ones, notify nobody
CHUNK = 2_000  # watching members per query


class TooManyWords(Exception):
    """The member already watches MOST_WORDS words."""


def watch_board(*, member: Member, board: Board) -> None:
    """From now on the member is notified of the board's new posts."""
    BoardWatch.objects.get_or_create(member=member, board=board)


@transaction.atomic
def unwatch_board(*, member: Member, board: Board) -> None:
    """Undoes watch_board. Earlier notifications stay."""
    BoardWatch.objects.filter(member=member, board=board).delete()


@transaction.atomic
def watch_word(*, member: Member, word: str) -> None:
    """From now on the member is notified of new posts with `word`, in any spelling. Idempotent.

    Raises TooManyWords.
    """
    lock_members(member.pk)
    own = WordWatch.objects.filter(member=member)
    key = key_of(word)
    if own.filter(key=key).exists():
        return
    if own.count() >= MOST_WORDS:
        raise TooManyWords
    own.create(member=member, word=word, key=key)


def unwatch_word(*, watch: WordWatch) -> None:
    """Undoes watch_word."""
    WordWatch.objects.filter(pk=watch.pk).delete()


def notify_watchers(post: Post, html: str) -> None:
    """Notifies the members who watch the board of a new post, or a word in it. `html` is its
    cleaned body.

    Each member once, if they may read it; neither its author nor the member that notify_of_reply_post
    notifies anyway. While a notification about a board is unread, further posts only increase the
    number in it.
    """
    if post.created_at < timezone.now() - FRESH:
        return
    by_word, by_board = _watchers(post, html)
    readers = _readers(post, by_word | by_board)
    board = post.board
    address = post.get_absolute_url()
    notify_many(
        members=readers & by_word,
        kind=Kind.WORD,
        title=post.subject,
        about=about(post),
        address=address,
        actor=post.author_name,
        by=post.author_id,
    )
    notify_many(
        members=readers - by_word,
        kind=Kind.BOARD,
        title=f"[{board.name}] {post.subject}",
        about=about(board),
        part=about(post),
        grown={
            "title": board.name,
            "address": board.get_absolute_url(),
            "actor_name": "",
            "part": "",
        },
        address=address,
        actor=post.author_name,
        by=post.author_id,
    )


def _watchers(post: Post, html: str) -> tuple[set[int], set[int]]:
    """The ids of members who watch for a word in `post`, and of those who watch its board."""
    keys = WordWatch.objects.order_by().values_list("key", Value(0, BigIntegerField())).distinct()
    boards = BoardWatch.objects.filter(board=post.board_id).values_list(Value(""), "member")
    watched = list(keys.union(boards, all=True))  # one query: most posts interest nobody
    found = found_in(
        [key for key, _member in watched if key], f"{post.subject}\n{richtext.text_of(html)}"
    )
    by_word = WordWatch.objects.filter(key__in=found).values_list("member", flat=True)
    told = {post.author_id, post.thread_author_id}
    return set(by_word if found else ()) - told, {pk for key, pk in watched if not key} - told


def _readers(post: Post, members: set[int]) -> set[int]:
    """Those of `members` who may read `post` now."""
    return {
        can.visitor.pk
        for can in accesses(members, post.board)
        if can.visitor.pk is not None and can.may_read(post)
    }


def accesses(members: Iterable[int], board: Board) -> Iterator[Access]:
    """The Access of each existing member of `members` (ids) in `board`.

    Loads for all of them what `access` would query for one, so the number of queries is constant.
    """
    there = Member.objects.filter(is_active=True, is_robot=False, pending_since=None, left_at=None)
    group, pks = board.group, sorted(members)
    for start in range(0, len(pks), CHUNK):
        chunk = pks[start : start + CHUNK]
        moderators = _rows(Board.moderators.through, chunk, board=board)
        moderators |= _rows(BoardGroup.moderators.through, chunk, boardgroup=group)
        joined = (
            _rows(BoardGroup.members.through, chunk, boardgroup=group)
            if group.is_private
            else set()
        )
        for member in there.filter(pk__in=chunk):
            rights = rights_of(member)
            rights.moderated_boards = frozenset([board.pk] if member.pk in moderators else [])
            rights.joined_groups = frozenset([group.pk] if member.pk in joined else [])
            yield access(member, board)


def _rows(relation: type[Model], members: list[int], **place: object) -> set[int]:
    """Those of `members` whom the rows of `relation` connect with a board or group."""
    rows = relation._default_manager.filter(member__in=members, **place)
    return set(rows.values_list("member", flat=True))
