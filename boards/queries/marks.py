"""What a member has done with a post."""

from django.db import router

from accounts.permissions import Visitor
from boards.models import Post, PostVote, ReadMark, Scrap
from boardsite.databases.prepared import prepared_cursor


def own_marks(visitor: Visitor, post: Post) -> dict[str, bool | int | None]:
    """The visitor's vote (a value of Vote, or None), is_scrapped, and read mark (`seen`) for
    `post`.

    `seen` is the id of a comment, 0 if there was none, None if they have not read it. One query,
    none for a guest.
    """
    if not visitor.is_authenticated:
        return {"vote": None, "is_scrapped": False, "seen": None}
    vote, scrap, mark = (model._meta.db_table for model in (PostVote, Scrap, ReadMark))
    with prepared_cursor(router.db_for_read(ReadMark)) as cursor:
        cursor.execute(
            f"SELECT (SELECT value FROM {vote} WHERE post_id = %s AND member_id = %s), "
            f"EXISTS (SELECT 1 FROM {scrap} WHERE post_id = %s AND member_id = %s), "
            f"(SELECT comment FROM {mark} WHERE post_id = %s AND member_id = %s)",
            [post.pk, visitor.pk] * 3,
        )
        value, is_scrapped, seen = cursor.fetchone()
    return {"vote": value, "is_scrapped": bool(is_scrapped), "seen": seen}
