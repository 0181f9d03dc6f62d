"""Counting who reads and downloads what, and how far members have read."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Member
from boards.models import Attachment, FileDownload, Post, PostView, ReadMark
from boardsite.versions import Question

AT_ONCE = 500


class View(NamedTuple):
    """That `visitor` (see boardsite.visitors) has read the post with that id on `day`."""

    post: int
    day: datetime.date
    visitor: int


class Mark(NamedTuple):
    """That the member with that id has seen a post and its comments up to the id `comment` (0: none)."""

    member: int
    post: int
    comment: int


def count_view(*, post: int, visitor: int, day: datetime.date) -> int:
    """Counts a view of the post with that id at once, unless `visitor` has read it on `day` already.
    Returns its views then; 0 when there is no such post. Readers' views: boards.reading_spool."""
    count_views([View(post, day, visitor)])
    return views_of(post)


def count_views(views: Iterable[View]) -> None:
    """Counts those that are no second time and whose posts are there. Safe to call again with the
    same, and exact however many do so at once: the key of PostView decides, not a check.

    AT_ONCE in a transaction, so that nobody who writes waits long. `view_rank`, which the
    index 'by views' holds, follows only when it is 5 % behind, so that most views on PostgreSQL touch
    no index (docs/decisions/0004).
    """
    ordered = sorted(set(views))
    for start in range(0, len(ordered), AT_ONCE):
        _count_views(ordered[start : start + AT_ONCE])


def _count_views(views: Sequence[View]) -> None:
    seen, posts = PostView._meta.db_table, Post._meta.db_table
    rows = _values(len(views), "bigint", "date", "bigint")
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
        cursor.execute(
            f"WITH new (post_id, day, visitor) AS {rows} "
            f"INSERT INTO {seen} (post_id, day, visitor) SELECT post_id, day, visitor FROM new "
            f"WHERE EXISTS (SELECT 1 FROM {posts} WHERE id = new.post_id) "
            "ON CONFLICT DO NOTHING RETURNING post_id",
            [value for view in views for value in view],
        )
        counts = Counter(post for (post,) in cursor.fetchall())
        if not counts:
            return
        cursor.executemany(
            f"UPDATE {posts} SET view_count = view_count + %s, view_rank = CASE "
            "WHEN view_count + %s > view_rank * 21 / 20 THEN view_count + %s ELSE view_rank END "
            "WHERE id = %s",
            # In the order of the ids, so that two who count do not wait for each other.
            [(count, count, count, post) for post, count in sorted(counts.items())],
        )


def views_question(view: View) -> Question:
    """The views of the post, and whether that one is among them (1 or 0); no row when there is no such
    post."""
    seen, posts = PostView._meta.db_table, Post._meta.db_table
    return Question(
        f"SELECT view_count, CASE WHEN EXISTS (SELECT 1 FROM {seen} "
        f"WHERE post_id = %s AND day = %s AND visitor = %s) THEN 1 ELSE 0 END "
        f"FROM {posts} WHERE id = %s",
        [*view, view.post],
    )


def views_with(view: View) -> tuple[int, int]:
    """What is answered to `views_question`; (0, 1) when there is no such post."""
    return views_question(view).answer(connection.alias) or (0, 1)


def views_of(post: int) -> int:
    """The views of the post with that id; 0 when there is no such post."""
    with connection.prepared_cursor() as cursor:
        cursor.execute(f"SELECT view_count FROM {Post._meta.db_table} WHERE id = %s", [post])
        found = cursor.fetchone()
    return found[0] if found else 0


def count_download(*, file: Attachment, member: Member | None) -> bool:
    """Counts a download, a member's once and for all; `member` None: a guest's, told apart before.

    Returns whether it counted. Exact however many ask at once, as count_view.
    """
    with transaction.atomic():
        if member is not None:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {FileDownload._meta.db_table} (file_id, member_id) "
                    "VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    [file.pk, member.pk],
                )
                if cursor.rowcount != 1:
                    return False
        Attachment.objects.filter(pk=file.pk).update(download_count=F("download_count") + 1)
    return True


def mark_read(marks: Iterable[Mark]) -> None:
    """Remembers how far members have read. Safe to call again with the same: of several marks at
    once, and of an older page opened later, the highest comment stays.

    AT_ONCE in a statement. Whose post is gone or who has left meanwhile leaves none.
    """
    furthest: dict[tuple[int, int], int] = {}
    for member, post, comment in sorted(marks):
        furthest[member, post] = comment
    ordered = [(*key, comment) for key, comment in furthest.items()]
    for start in range(0, len(ordered), AT_ONCE):
        _mark_read(ordered[start : start + AT_ONCE])


def _mark_read(marks: Sequence[tuple[int, int, int]]) -> None:
    seen, posts, members = (model._meta.db_table for model in (ReadMark, Post, Member))
    rows = _values(len(marks), "bigint", "bigint", "bigint")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH new (member_id, post_id, comment) AS {rows} "
            f"INSERT INTO {seen} AS mark (member_id, post_id, comment, at) "
            "SELECT member_id, post_id, comment, %s FROM new "
            f"WHERE EXISTS (SELECT 1 FROM {posts} WHERE id = new.post_id) "
            f"AND EXISTS (SELECT 1 FROM {members} WHERE id = new.member_id AND left_at IS NULL) "
            "ON CONFLICT (member_id, post_id) DO UPDATE "
            "SET comment = excluded.comment, at = excluded.at "
            "WHERE mark.comment < excluded.comment",
            [*(value for mark in marks for value in mark), timezone.now()],
        )


def _values(count: int, *types: str) -> str:
    """So many rows for the values of a statement; of what `types` PostgreSQL must be told."""
    is_told = connection.vendor == "postgresql"
    row = ", ".join(f"%s::{each}" if is_told else "%s" for each in types)
    return f"(VALUES {', '.join([f'({row})'] * count)})"
