"""A board or a post by its address."""

from django.db.models import BigIntegerField, CharField, QuerySet

from boards.models import Board, Post
from boards.queries.extras import OF_BOARD, POST_HAS_EXTRAS
from boards.queries.tags import POST_HAS_TAGS
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import ALL
from boardsite.databases.compiled import Compiled, Slot

ID = BigIntegerField()


def _by_slug() -> QuerySet[Board]:
    boards = Board.objects.filter(slug=Slot("slug", CharField()), deleted_at=None)
    return boards.select_related("group", "texts").annotate(**OF_BOARD)


_board = Compiled(_by_slug, by_key=True)

# The board at an address, or None, with its group and texts joined. The object is shared between
# requests and must not be changed.
board_at = VersionedCache(lambda slug: _board.first(slug=slug), scope=lambda slug: ALL)


def _post_at() -> QuerySet[Post]:
    return _with_its_page(
        Post.objects.published().filter(board=Slot("board", ID), number=Slot("number", ID))
    )


def _with_its_page(posts: QuerySet[Post]) -> QuerySet[Post]:
    posts = posts.select_related("author", "category", "body", "cover", "guest_password", "poll")
    posts = posts.defer(*_UNSHOWN)
    return posts.annotate(has_extras=POST_HAS_EXTRAS, has_tags=POST_HAS_TAGS)


# Columns that no page of a post uses. Each column costs a microsecond, whatever it contains.
_UNSHOWN = [
    f"author__{name}"
    for name in """
        comment_count date_joined email erased_at introduction invitation last_login
        must_confirm_email nickname_changed_at nickname_claim nickname_key nickname_shape password
        points post_count removes_posts shows_activity shows_presence shows_profile
        suspension_reason takes_messages unread_message_count unread_notification_count
    """.split()
]


_at = Compiled(_post_at, by_key=True)


def post_at(board: Board, number: int) -> Post | None:
    """The published post with that number.

    Board, author, category, body, cover, guest's password and poll are joined.
    """
    post = _at.first(board=board.pk, number=number)
    if post is not None:
        post.board = board
    return post


def withheld_post_at(board: Board, number: int) -> Post | None:
    """As post_at, for hidden and deleted posts."""
    post = _with_its_page(Post.objects.gone().filter(board=board, number=number)).first()
    if post is not None:
        post.board = board
    return post
