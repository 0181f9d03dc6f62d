"""Moderation of one or many posts: all of them or none."""

from collections.abc import Callable, Collection, Iterable

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Visitor
from boards.actions.commits import after_commit
from boards.actions.counting import Contribution, apply_deltas, contribution
from boards.actions.inquiries import forget_mails
from boards.actions.moderation import is_second_thought, log_action
from boards.actions.notifying import forget_moved_post, notify_of_moderation
from boards.actions.threads import Removal, with_reply_posts
from boards.models import Board, Category, ModerationEntry, OldAddress, Post, State
from boardsite.databases.statements import update

Operation = ModerationEntry.Operation


def manage_posts(
    *,
    posts: Iterable[Post],
    operation: Operation,
    by: Visitor | None,
    board: Board | None = None,
    category: Category | None = None,
    reason: str = "",
    within: Board | None = None,
    is_quiet: bool = False,
) -> list[Post]:
    """Applies one operation (a key of CHANGES) to `posts`, logs it, and returns the posts that
    changed.

    `by` None is the site itself; a guest is the author of the post. `board` is the target of MOVE,
    which includes all reply posts below the posts. `category` is the new one for CATEGORY, reply
    posts included, and for MOVE the one in the new board. With `within`, posts that have been moved
    out of that board meanwhile are skipped. With `is_quiet`, no author is notified.
    """
    chosen: Collection[int] = [post.pk for post in posts]
    with transaction.atomic():
        if operation in (Operation.MOVE, Operation.CATEGORY):
            chosen = lock_threads(chosen)
        else:
            _lock_posts(chosen)
        if board is not None:
            sources = Post.objects.filter(pk__in=chosen).values_list("board", flat=True)
            _lock_boards({board.pk, *sources})
        there = Post.objects.filter(pk__in=chosen).select_related("board", "author", "body")
        if within is not None:
            there = there.filter(board=within)
        removal = Removal(board, next_number) if operation == Operation.MOVE and board else None
        changes = []
        for post in Removal.order(there.order_by("pk")) if removal else there.order_by("pk"):
            before = contribution(post)
            if CHANGES[operation](post, removal, category):
                post.save()
                changes.append((post, before, contribution(post)))
        apply_deltas(changes)
        if operation == Operation.DELETE:
            forget_mails(post for post, _before, _after in changes)
        changed = [post for post, _before, _after in changes]
        for post in changed:
            if operation == Operation.MOVE:
                after_commit(forget_moved_post, post)
            if not is_second_thought(by, operation, post):
                log_action(by, operation, post=post, reason=reason)
                if not is_quiet:
                    after_commit(notify_of_moderation, post, operation, by, reason)
    return changed


def hand_down(post: Post) -> list[tuple[Post, Contribution, Contribution]]:
    """Gives all reply posts below a changed `post` its category, and makes them secret if it is.

    Their subject (`Re: …`) would reveal the subject of a secret post. `post` must be locked.
    Returns the changes for apply_deltas.
    """
    below = lock_threads([post.pk]) - {post.pk}
    changes = []
    for reply_post in (
        Post.objects.filter(pk__in=below).select_related("board", "body").order_by("pk")
    ):
        before = contribution(reply_post)
        reply_post.category_id = post.category_id
        reply_post.is_secret = reply_post.is_secret or post.is_secret
        reply_post.save(update_fields=["category", "is_secret"])
        changes.append((reply_post, before, contribution(reply_post)))
    return changes


# -- locks and numbers -----------------------------------------------------------------------------
def _lock_posts(pks: Iterable[int]) -> None:
    """Locks these posts until the transaction ends.

    This needs a statement of its own: on PostgreSQL, a lock in a query with joins returns the
    joined rows as they were before the lock was granted.
    """
    posts = Post.objects.select_for_update(no_key=True).only("pk")
    list(posts.filter(pk__in=pks).order_by("pk"))


def lock_threads(pks: Iterable[int]) -> set[int]:
    """Locks these posts and all reply posts below them, including those written while waiting."""
    locked: set[int] = set()
    found = with_reply_posts(pks)
    while not found <= locked:
        _lock_posts(found - locked)
        locked |= found
        found = with_reply_posts(pks)
    return found


def _lock_boards(ids: Iterable[int]) -> None:
    """Locks all boards of a move in the order of their keys, so that opposite moves do not
    deadlock."""
    list(Board.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def next_number(board: Board, *, posts: int = 0) -> int:
    """The next number of `board`, whose row is locked from here on, so that no two posts get the same
    number. `posts` is added to the board's counter by the same statement."""
    by = {"last_number": 1, "post_count": posts}
    return update(Board, {"id": board.pk}, by=by, returning="last_number")


# -- the operations: each returns whether it changed anything
# ---------------------------------------
Change = Callable[[Post, Removal | None, Category | None], bool]


def _state(state: State) -> Change:
    def change(post: Post, _removal: object, _category: object) -> bool:
        if post.state == state:
            return False
        post.state = state
        post.deleted_at = timezone.now() if state == State.DELETED else None
        return True

    return change


def _field(name: str, value: bool) -> Change:
    def change(post: Post, _removal: object, _category: object) -> bool:
        if getattr(post, name) == value:
            return False
        setattr(post, name, value)
        return True

    return change


def _notice(is_notice: bool, is_site_notice: bool | None = None) -> Change:
    """`is_site_notice` None leaves it unchanged. It implies `is_notice`; reply posts and inquiries
    can be neither."""

    def change(post: Post, _removal: object, _category: object) -> bool:
        before = post.is_notice, post.is_site_notice
        post.is_notice = is_notice and not post.path and not post.board.is_inquiry
        site = post.is_site_notice if is_site_notice is None else is_site_notice
        post.is_site_notice = post.is_notice and site
        return before != (post.is_notice, post.is_site_notice)

    return change


def _category(post: Post, _removal: object, category: Category | None) -> bool:
    if post.category_id == (category.pk if category else None):
        return False
    post.category = category
    return True


def _move(post: Post, removal: Removal | None, category: Category | None) -> bool:
    if removal is None:
        raise ValueError("a post moves into a board")
    board = removal.board
    if post.board_id == board.pk or post.board.is_inquiry or board.is_inquiry:
        return False  # an inquiry stays among its readers
    OldAddress.objects.create(board_id=post.board_id, number=post.number, post=post)
    removal.take(post)
    post.category = category
    post.is_notice = post.is_site_notice = False
    if board.keeps_posts_secret:
        post.is_secret = True
    return True


CHANGES: dict[Operation, Change] = {
    Operation.HIDE: _state(State.HIDDEN),
    Operation.RESTORE: _state(State.PUBLISHED),
    Operation.DELETE: _state(State.DELETED),
    Operation.MOVE: _move,
    Operation.CATEGORY: _category,
    Operation.NOTICE: _notice(True),
    Operation.UNNOTICE: _notice(False),
    Operation.PIN: _notice(True, True),
    Operation.UNPIN: _field("is_site_notice", False),
    Operation.CLOSE: _field("is_closed", True),
    Operation.OPEN: _field("is_closed", False),
}
