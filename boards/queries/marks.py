"""What a member has done with a post, or with the posts of a list."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import connections, router

from accounts.permissions import Visitor
from boards.models import Comment, Post, PostVote, ReadMark, Scrap, State
from boards.rows import PostRow
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


def with_marks(visitor: Visitor, rows: Sequence[PostRow]) -> list[PostRow]:
    """The rows with `is_read` and `has_new`. One query, none for a guest."""
    if not (visitor.is_authenticated and rows):
        return [*rows]
    mark, comment = (model._meta.db_table for model in (ReadMark, Comment))
    ids = [row.pk for row in rows]
    with connections[router.db_for_read(ReadMark)].cursor() as cursor:
        cursor.execute(
            f"SELECT post_id, EXISTS (SELECT 1 FROM {comment} c WHERE c.post_id = m.post_id "
            "AND c.id > m.comment AND c.state = %s AND (c.author_id IS NULL OR c.author_id <> %s)) "
            f"FROM {mark} m WHERE member_id = %s AND post_id IN ({', '.join(['%s'] * len(ids))})",
            [State.PUBLISHED, visitor.pk, visitor.pk, *ids],
        )
        found = dict(cursor.fetchall())
    return [
        replace(row, is_read=True, has_new=bool(found[row.pk]) and row.comments != "")
        if row.pk in found
        else row
        for row in rows
    ]
