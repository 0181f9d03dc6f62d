"""Deleting a board with its posts, through the bin.

The board is gone from the site at once. Its posts go to the bin in small transactions; the request
begins, and the daily chore continues. Until settings.BIN_DAYS later all of it can be restored; then
the chore erases it.
"""

import time
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.permissions import Refused
from boards.actions import in_parts
from boards.actions.commits import after_commit
from boards.actions.in_parts import SECONDS, chunks, deadline, last_changed_by
from boards.actions.managing import manage_posts
from boards.actions.narrowing import forget_unreadable
from boards.actions.purging import purge_post
from boards.models import Board, ModerationEntry, Post, State
from boards.queries.bin import bin_age
from boardsite.databases.unused_tables import forget_references

Operation = ModerationEntry.Operation
DELETE = "boards.delete_board"


def delete_board(*, board: Board, by: Member, seconds: float | None = SECONDS) -> bool:
    """Deletes a board; continues if somebody has begun. Returns whether all posts are in the bin.

    Hidden posts stay as they are, because nobody sees them anyway. Authors are not notified of each
    post. Stops after about `seconds`; None for no limit. Raises Refused without the permission.
    """
    with transaction.atomic():
        board = _locked(board, by)
        if board.deleted_at is None or board.restored_at is not None:
            # A restoration that was not finished keeps its moment, by which the log names its posts.
            board.deleted_at, board.restored_at = board.deleted_at or timezone.now(), None
            board.save(update_fields=["deleted_at", "restored_at"])
            after_commit(forget_unreadable, board.pk)
    return _delete_posts(board, deadline(seconds))


def restore_board(*, board: Board, by: Member, seconds: float | None = SECONDS) -> bool:
    """Undoes delete_board; returns whether it is finished and the board there again. Posts that were
    deleted before stay in the bin. Raises Refused without the permission."""
    with transaction.atomic():
        board = _locked(board, by)
        if board.deleted_at is None:
            return True
        if board.restored_at is None:
            board.restored_at = timezone.now()
            board.save(update_fields=["restored_at"])
    return _restore_posts(board, deadline(seconds))


def finish_boards() -> None:
    """Continues what was interrupted, and erases boards that were in the bin for
    settings.BIN_DAYS. For the daily chore."""
    for board in Board.objects.exclude(deleted_at=None):
        if board.restored_at is not None:
            _restore_posts(board, deadline(None))
        elif _delete_posts(board, deadline(None)):
            _erase_if_due(board)


def line_of(board: Board) -> str:
    """The reason in the log of moderation, by which its posts are found again. It is stored there, so
    it is not translated."""
    return f"게시판 삭제 {board.deleted_at:%Y-%m-%d %H:%M:%S}" if board.deleted_at else ""


def _delete_posts(board: Board, until: float) -> bool:
    published, last = board.posts.published(), board.last_number + 1
    while chunk := list(published.filter(number__lt=last).order_by("-number")[: in_parts.CHUNK]):
        last = chunk[-1].number
        if not _manage(chunk, Operation.DELETE, board):
            return False
        if time.monotonic() > until:
            break
    return not published.exists()


def _restore_posts(board: Board, until: float) -> bool:
    line = line_of(board)
    for pks in chunks(board.posts.filter(state=State.DELETED), by="number"):
        own = last_changed_by(Operation.DELETE, line, "post", pks)
        if not _manage(Post.objects.filter(pk__in=own), Operation.RESTORE, board):
            return False
        if time.monotonic() > until:
            return False
    with transaction.atomic():
        if not _is_same(board):
            return False
        Board.objects.filter(pk=board.pk).update(deleted_at=None, restored_at=None)
    return True


def _manage(posts: Iterable[Post], operation: Operation, board: Board) -> bool:
    """Changes the posts, unless somebody has deleted or restored `board` meanwhile.

    The site itself does it: the log would not mention posts that `by` deletes of their own. The
    board is locked after the posts, as everywhere (counting.apply_deltas).
    """
    with transaction.atomic():
        line = line_of(board)
        manage_posts(posts=posts, operation=operation, by=None, reason=line, is_quiet=True)
        if is_same := _is_same(board):
            return True
        transaction.set_rollback(True)
    return is_same


def _erase_if_due(board: Board) -> None:
    age = bin_age()
    if age is None or board.deleted_at is None or board.deleted_at > timezone.now() - age:
        return
    for pks in chunks(board.posts.exclude(state=State.DELETED), by="number"):  # hidden ones
        if not _manage(Post.objects.filter(pk__in=pks), Operation.DELETE, board):
            return
    for pks in chunks(board.posts.all(), by="number"):
        for post in Post.objects.filter(pk__in=pks).only("pk"):
            purge_post(post=post)
    with transaction.atomic():
        if _is_same(board) and not board.posts.exists():
            forget_references(Board, board.pk)
            board.delete()


def _locked(board: Board, by: Member) -> Board:
    if not by.has_perm(DELETE):
        raise Refused(_("게시판을 지우고 되살릴 권한이 없습니다."))
    return Board.objects.select_for_update(no_key=True).get(pk=board.pk)


def _is_same(board: Board) -> bool:
    """Whether nobody has deleted or restored `board` meanwhile. Locks it until the transaction
    ends."""
    now = Board.objects.select_for_update(no_key=True).filter(pk=board.pk).first()
    return now is not None and (now.deleted_at, now.restored_at) == (
        board.deleted_at,
        board.restored_at,
    )
