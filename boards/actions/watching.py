"""Watching boards and words, and telling of a new post who watches; docs/decisions/0021."""

import datetime
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone

from accounts.actions.locking import lock_members
from accounts.actions.notifications import notify_many
from accounts.models import Member, Notification
from boards.actions.telling import about_board, about_post
from boards.models import Board, BoardGroup, BoardWatch, Post, WordWatch
from boards.permissions import Access, access
from boards.text import richtext
from boards.text.watched_words import found_in, key_of

Kind = Notification.Kind

MOST_WORDS = 20  # a member
FRESH = datetime.timedelta(days=1)  # nobody is told of older posts, such as imported ones
CHUNK = 2_000  # watchers that are looked at together


class TooManyWords(Exception):
    """He has MOST_WORDS already."""


def watch_board(*, member: Member, board: Board) -> None:
    """From now on he hears of the board's new posts."""
    BoardWatch.objects.get_or_create(member=member, board=board)


@transaction.atomic
def unwatch_board(*, member: Member, board: Board) -> None:
    """Undoes watch_board; what he has been told of stays."""
    BoardWatch.objects.filter(member=member, board=board).delete()


@transaction.atomic
def watch_word(*, member: Member, word: str) -> None:
    """From now on he hears of new posts with `word`; once, however it is written.

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


def tell_watchers(post: Post, html: str) -> None:
    """Tells of a new post, whose cleaned body is `html`, who watches its board, or for a word of it.

    Each once, who may read it; not its author, nor whom its answer tells of it anyway
    (telling.tell_of_answer). While a member has not read of the board's last new post the next ones
    become one line with their number, which names none of them.
    """
    if post.created_at < timezone.now() - FRESH:
        return
    by_word, by_board = _watchers(post, html)
    readers = _readers(post, by_word | by_board)
    board = post.board
    news = {
        "address": post.get_absolute_url(),
        "actor": post.author_name,
        "by": post.author_id,
    }
    notify_many(
        members=readers & by_word,
        kind=Kind.WORD,
        title=post.subject,
        about=about_post(post),
        **news,
    )
    notify_many(
        members=readers - by_word,
        kind=Kind.BOARD,
        title=f"[{board.name}] {post.subject}",
        about=about_board(board),
        part=about_post(post),
        grown={
            "title": board.name,
            "address": board.get_absolute_url(),
            "actor_name": "",
            "part": "",
        },
        **news,
    )


def _watchers(post: Post, html: str) -> tuple[set[int], set[int]]:
    """The members (ids) who watch for a word of `post`, and those who watch its board."""
    words = set()
    keys = WordWatch.objects.order_by().values_list("key", flat=True).distinct()
    if found := found_in(keys, f"{post.subject}\n{richtext.text_of(html)}"):
        words.update(WordWatch.objects.filter(key__in=found).values_list("member", flat=True))
    boards = BoardWatch.objects.filter(board=post.board_id)
    told = {post.author_id, post.thread_author_id}
    return words - told, set(boards.values_list("member", flat=True)) - told


def _readers(post: Post, members: set[int]) -> set[int]:
    """Those of `members` who may read `post` now."""
    return {can.visitor.pk for can in accesses(members, post.board) if can.may_read(post)}


def accesses(members: Iterable[int], board: Board) -> Iterator[Access]:
    """What those of `members` (ids) who are here may do in `board`. What `access` asks of one member
    is asked here of all: so many queries for two as for a thousand."""
    there = Member.objects.filter(is_active=True, is_robot=False, is_pending=False, left_at=None)
    group, pks = board.group, sorted(members)
    for start in range(0, len(pks), CHUNK):
        chunk = pks[start : start + CHUNK]
        moderators = _rows(Board.moderators, chunk, board=board)
        moderators |= _rows(BoardGroup.moderators, chunk, boardgroup=group)
        joined = _rows(BoardGroup.members, chunk, boardgroup=group) if group.is_private else set()
        for member in there.filter(pk__in=chunk):
            member._moderated_boards = {board.pk} if member.pk in moderators else set()
            member._joined_groups = {group.pk} if member.pk in joined else set()
            yield access(member, board)


def _rows(relation, members: list[int], **place) -> set[int]:
    """Those of `members` whom a board or group names in `relation`."""
    rows = relation.through.objects.filter(member__in=members, **place)
    return set(rows.values_list("member", flat=True))
