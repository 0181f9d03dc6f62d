"""A post by its address, those beside it, and what a member has done with it."""

from django.db import connections, router
from django.db.models import BigIntegerField, CharField, QuerySet

from accounts.permissions import Visitor
from boards.models import Board, Post, PostVote, ReadMark, Scrap
from boards.permissions import Access
from boards.queries.extras import POST_HAS_EXTRAS
from boards.queries.tags import POST_HAS_TAGS
from boards.rows import PostRow, for_rows, post_row
from boardsite.compiled import Compiled, Slot

ID = BigIntegerField()


def _post_at() -> QuerySet[Post]:
    posts = Post.objects.published().filter(board=Slot("board", ID), number=Slot("number", ID))
    posts = posts.select_related("author", "category", "body", "cover", "guest_password")
    posts = posts.defer(*_UNSHOWN)
    return posts.annotate(has_extras=POST_HAS_EXTRAS, has_tags=POST_HAS_TAGS)


# Columns that no page of a post looks at: each costs a microsecond, whatever is in it.
_UNSHOWN = [
    *(f"author__{name}" for name in "password last_login email date_joined nickname_key".split()),
    *(f"author__{name}" for name in "nickname_shape nickname_changed_at introduction".split()),
    *(f"author__{name}" for name in "shows_profile shows_activity shows_presence".split()),
    *(f"author__{name}" for name in "must_confirm_email invitation removes_posts".split()),
    *(f"author__{name}" for name in "erased_at suspension_reason post_count points".split()),
    *(f"author__{name}" for name in "comment_count unread_message_count".split()),
    *(f"author__{name}" for name in "unread_notification_count takes_messages".split()),
]


_at = Compiled(_post_at, by_key=True)


def post_at(board: Board, number: int) -> Post | None:
    """The published post with that number; board, author, category, body, cover and guest's
    password are joined."""
    post = _at.first(board=board.pk, number=number)
    if post is not None:
        post.board = board
    return post


def neighbours(can: Access, post: Post) -> tuple[PostRow | None, PostRow | None]:
    """What stands under (older) and above (newer) `post` in its board's list, secret ones too."""
    place = {"board": post.board_id, "thread": post.thread, "path": post.path}
    older, newer = _older.first(**place), _newer.first(**place)
    return older and post_row(older, can.board, can), newer and post_row(newer, can.board, can)


def _neighbour(is_older: bool) -> QuerySet[Post]:
    listed = for_rows(Post.objects.listed().filter(board=Slot("board", ID))).by_thread()
    thread, path = Slot("thread", ID), Slot("path", CharField())
    if is_older:
        return listed.filter(thread__lte=thread).exclude(path__lte=path, thread=thread)[:1]
    newer = listed.filter(thread__gte=thread).exclude(path__gte=path, thread=thread)
    return newer.reverse()[:1]


_older = Compiled(lambda: _neighbour(is_older=True))
_newer = Compiled(lambda: _neighbour(is_older=False))


def own_marks(visitor: Visitor, post: Post) -> dict[str, bool | int | None]:
    """What `visitor` has done with `post`: his vote (a value of Vote, or None), is_scrapped, and how
    far he has read (`seen`, the id of a comment, 0 when there was none; None: not yet).

    One query, none for a guest.
    """
    if not visitor.is_authenticated:
        return {"vote": None, "is_scrapped": False, "seen": None}
    vote, scrap, mark = (model._meta.db_table for model in (PostVote, Scrap, ReadMark))
    with connections[router.db_for_read(ReadMark)].prepared_cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT value FROM {vote} WHERE post_id = %s AND member_id = %s), "
            f"EXISTS (SELECT 1 FROM {scrap} WHERE post_id = %s AND member_id = %s), "
            f"(SELECT comment FROM {mark} WHERE post_id = %s AND member_id = %s)",
            [post.pk, visitor.pk] * 3,
        )
        value, is_scrapped, seen = cursor.fetchone()
    return {"vote": value, "is_scrapped": bool(is_scrapped), "seen": seen}
