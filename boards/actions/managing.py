"""What is done to posts that are there already, to one or to many at once: all of them or none."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Member
from accounts.permissions import Visitor
from boards.actions.counting import Standing, book_all, standing
from boards.actions.moderation import is_second_thought, log_deed
from boards.actions.telling import after_commit, forget_moved_post, tell_of_moderation
from boards.actions.threads import Removal, with_answers
from boards.models import Board, Category, ModerationEntry, OldAddress, Post, State

Deed = ModerationEntry.Deed


def manage_posts(
    *,
    posts: Iterable[Post],
    deed: Deed,
    by: Visitor | None,
    board: Board | None = None,
    category: Category | None = None,
    reason: str = "",
    within: Board | None = None,
) -> list[Post]:
    """Does one deed (a key of CHANGES) to each of `posts` and writes it into the log; returns those that changed.

    `by` None is the site itself, a guest is who wrote the post. `board` is where MOVE leads, posts
    with all that answers them; `category` is what CATEGORY gives, to the answers too, and MOVE in
    the new board.
    `within` leaves alone what has meanwhile moved out of that board.
    """
    chosen = [post.pk for post in posts]
    with transaction.atomic():
        if deed in (Deed.MOVE, Deed.CATEGORY):
            chosen = _lock_threads(chosen)
        else:
            _lock_posts(chosen)
        if board is not None:
            sources = Post.objects.filter(pk__in=chosen).values_list("board", flat=True)
            _lock_boards({board.pk, *sources})
        there = Post.objects.filter(pk__in=chosen).select_related("board", "author", "body")
        if within is not None:
            there = there.filter(board=within)
        removal = Removal(board, next_number) if deed == Deed.MOVE else None
        changes = []
        for post in Removal.order(there.order_by("pk")) if removal else there.order_by("pk"):
            before = standing(post)
            if CHANGES[deed](post, removal, category):
                post.save()
                changes.append((post, before, standing(post)))
        book_all(changes)
        changed = [post for post, _before, _after in changes]
        for post in changed:
            if deed == Deed.MOVE:
                after_commit(forget_moved_post, post)
            if not is_second_thought(by, deed, post):
                log_deed(by, deed, post=post, reason=reason)
                after_commit(tell_of_moderation, post, deed, by, reason)
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


def hand_down(post: Post) -> list[tuple[Post, Standing, Standing]]:
    """Gives all answers below a changed `post` its category, and makes them secret where it is.

    Their `Re: …` would tell its subject. `post` must be locked; returns changes for book_all.
    """
    below = _lock_threads([post.pk]) - {post.pk}
    changes = []
    for answer in Post.objects.filter(pk__in=below).select_related("board", "body").order_by("pk"):
        before = standing(answer)
        answer.category_id = post.category_id
        answer.is_secret = answer.is_secret or post.is_secret
        answer.save(update_fields=["category", "is_secret"])
        changes.append((answer, before, standing(answer)))
    return changes


# -- locks and numbers -----------------------------------------------------------------------------
def _lock_posts(pks: Iterable[int]) -> None:
    """Waits until no other transaction changes these posts, and keeps others out until this one ends.

    A statement of its own: a lock that also joined would, on PostgreSQL, join rows as they were
    before it had waited.
    """
    posts = Post.objects.select_for_update(no_key=True).only("pk")
    list(posts.filter(pk__in=pks).order_by("pk"))


def _lock_threads(pks: Iterable[int]) -> set[int]:
    """As _lock_posts, with all that stands below these posts, also what was written while waiting."""
    locked: set[int] = set()
    found = with_answers(pks)
    while not found <= locked:
        _lock_posts(found - locked)
        locked |= found
        found = with_answers(pks)
    return found


def _lock_boards(ids: Iterable[int]) -> None:
    """Locks all boards of a move by key, so that a move the other way waits for this one."""
    list(Board.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def next_number(board: Board) -> int:
    """The next number of `board`, handed out by its row so that no two posts share one."""
    Board.objects.filter(pk=board.pk).update(last_number=F("last_number") + 1)
    return Board.objects.values_list("last_number", flat=True).get(pk=board.pk)


# -- the changes: each says whether there was anything to change -----------------------------------
Change = Callable[[Post, Removal | None, Category | None], bool]


def _state(state: State) -> Change:
    def change(post: Post, _removal, _category) -> bool:
        if post.state == state:
            return False
        post.state = state
        post.deleted_at = timezone.now() if state == State.DELETED else None
        return True

    return change


def _field(name: str, value: bool) -> Change:
    def change(post: Post, _removal, _category) -> bool:
        if getattr(post, name) == value:
            return False
        setattr(post, name, value)
        return True

    return change


def _notice(is_notice: bool, is_site_notice: bool | None = None) -> Change:
    """`is_site_notice` None leaves it as it is; it is never without `is_notice`, and no answer is either."""

    def change(post: Post, _removal, _category) -> bool:
        before = post.is_notice, post.is_site_notice
        post.is_notice = is_notice and not post.path
        site = post.is_site_notice if is_site_notice is None else is_site_notice
        post.is_site_notice = post.is_notice and site
        return before != (post.is_notice, post.is_site_notice)

    return change


def _category(post: Post, _removal, category: Category | None) -> bool:
    if post.category_id == (category.pk if category else None):
        return False
    post.category = category
    return True


def _move(post: Post, removal: Removal, category: Category | None) -> bool:
    board = removal.board
    if post.board_id == board.pk:
        return False
    OldAddress.objects.create(board_id=post.board_id, number=post.number, post=post)
    removal.take(post)
    post.category = category
    post.is_notice = post.is_site_notice = False
    if board.secret_posts == Board.Secret.ALWAYS:
        post.is_secret = True
    return True


CHANGES: dict[Deed, Change] = {
    Deed.HIDE: _state(State.HIDDEN),
    Deed.RESTORE: _state(State.PUBLISHED),
    Deed.DELETE: _state(State.DELETED),
    Deed.MOVE: _move,
    Deed.CATEGORY: _category,
    Deed.NOTICE: _notice(True),
    Deed.UNNOTICE: _notice(False),
    Deed.PIN: _notice(True, True),
    Deed.UNPIN: _field("is_site_notice", False),
    Deed.CLOSE: _field("is_closed", True),
    Deed.OPEN: _field("is_closed", False),
}
