"""What is done to posts that are there already, to one or to many at once: all of them or none."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Member
from boards.actions.counting import book_all, standing
from boards.actions.moderation import log_deed
from boards.models import Board, Category, ModerationEntry, OldAddress, Post, State

Deed = ModerationEntry.Deed


def manage_posts(
    *,
    posts: Iterable[Post],
    deed: Deed,
    by: Member | None,
    board: Board | None = None,
    category: Category | None = None,
    reason: str = "",
    within: Board | None = None,
) -> list[Post]:
    """Does one deed (a key of CHANGES) to each of `posts` and writes it into the log; returns those that changed.

    `by` None is the site itself. `board` is where MOVE leads; `category` is what CATEGORY gives,
    and MOVE in the new board. `within` leaves alone what has meanwhile moved out of that board.
    """
    chosen = [post.pk for post in posts]
    with transaction.atomic():
        _lock_posts(chosen)
        if board is not None:
            sources = Post.objects.filter(pk__in=chosen).values_list("board", flat=True)
            _lock_boards({board.pk, *sources})
        there = Post.objects.filter(pk__in=chosen).select_related("board", "author", "body")
        if within is not None:
            there = there.filter(board=within)
        changes = []
        for post in there.order_by("pk"):
            before = standing(post)
            if CHANGES[deed](post, board, category):
                post.save()
                changes.append((post, before, standing(post)))
        book_all(changes)
        changed = [post for post, _before, _after in changes]
        for post in changed:
            # Of his own posts a member may think better without anybody's keeping a record of it.
            if by is None or by.pk != post.author_id or deed != Deed.DELETE:
                log_deed(by, deed, post=post, reason=reason)
    return changed


def close_comments(*, post: Post, by: Member, reason: str = "") -> None:
    """Nobody but moderators may write comments at `post` until open_comments."""
    manage_posts(posts=[post], deed=Deed.CLOSE, by=by, reason=reason)


def open_comments(*, post: Post, by: Member, reason: str = "") -> None:
    """Undoes close_comments."""
    manage_posts(posts=[post], deed=Deed.OPEN, by=by, reason=reason)


def set_notice(*, post: Post, is_notice: bool, by: Member, reason: str = "") -> None:
    """Pins a post above the list of its board, or puts it back into its place."""
    deed = Deed.NOTICE if is_notice else Deed.UNNOTICE
    manage_posts(posts=[post], deed=deed, by=by, reason=reason)


def set_category(*, post: Post, category: Category | None, by: Member, reason: str = "") -> None:
    """Gives a post another category of its board, or none."""
    manage_posts(posts=[post], deed=Deed.CATEGORY, category=category, by=by, reason=reason)


# -- locks and numbers -----------------------------------------------------------------------------
def _lock_posts(pks: Iterable[int]) -> None:
    """Waits until no other transaction changes these posts, and keeps others out until this one ends.

    A statement of its own: a lock that also joined would, on PostgreSQL, join rows as they were
    before it had waited.
    """
    posts = Post.objects.select_for_update(no_key=True).only("pk")
    list(posts.filter(pk__in=pks).order_by("pk"))


def _lock_boards(ids: Iterable[int]) -> None:
    """Locks all boards of a move by key, so that a move the other way waits for this one."""
    list(Board.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def next_number(board: Board) -> int:
    """The next number of `board`, handed out by its row so that no two posts share one."""
    Board.objects.filter(pk=board.pk).update(last_number=F("last_number") + 1)
    return Board.objects.values_list("last_number", flat=True).get(pk=board.pk)


# -- the changes: each says whether there was anything to change -----------------------------------
Change = Callable[[Post, Board | None, Category | None], bool]


def _state(state: State) -> Change:
    def change(post: Post, _board, _category) -> bool:
        if post.state == state:
            return False
        post.state = state
        post.deleted_at = timezone.now() if state == State.DELETED else None
        return True

    return change


def _field(name: str, value: bool) -> Change:
    def change(post: Post, _board, _category) -> bool:
        if getattr(post, name) == value:
            return False
        setattr(post, name, value)
        return True

    return change


def _category(post: Post, _board, category: Category | None) -> bool:
    if post.category_id == (category.pk if category else None):
        return False
    post.category = category
    return True


def _move(post: Post, board: Board, category: Category | None) -> bool:
    if post.board_id == board.pk:
        return False
    OldAddress.objects.create(board_id=post.board_id, number=post.number, post=post)
    post.board = board
    post.number = next_number(board)
    post.category = category
    post.is_notice = False
    if board.secret_posts == Board.Secret.ALWAYS:
        post.is_secret = True
    return True


CHANGES: dict[Deed, Change] = {
    Deed.HIDE: _state(State.HIDDEN),
    Deed.RESTORE: _state(State.PUBLISHED),
    Deed.DELETE: _state(State.DELETED),
    Deed.MOVE: _move,
    Deed.CATEGORY: _category,
    Deed.NOTICE: _field("is_notice", True),
    Deed.UNNOTICE: _field("is_notice", False),
    Deed.CLOSE: _field("is_closed", True),
    Deed.OPEN: _field("is_closed", False),
}
