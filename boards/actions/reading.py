"""Counting views, downloads and clicks, and storing read marks."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Member
from boards.models import Attachment, FileDownload, Post, PostLink, PostView, ReadMark
from boardsite.caching.versions import Query
from boardsite.databases.prepared import prepared_cursor
from boardsite.databases.replica import database_to_read

AT_ONCE = 500


class View(NamedTuple):
    """`visitor` (see boardsite.visitors.identity) has read the post with that id on `day`."""

    post: int
    day: datetime.date
    visitor: int


class Mark(NamedTuple):
    """The member has seen the post and its comments up to the id `comment` (0: none)."""

    member: int
    post: int
    comment: int


def count_view(*, post: int, visitor: int, day: datetime.date) -> int:
    """Counts a view of the post, unless `visitor` has read it on `day` before; returns its views.

    Returns 0 if the post does not exist. Views of readers go through boards.reading_spool instead.
    """
    count_views([View(post, day, visitor)])
    return views_of(post)


def count_views(views: Iterable[View]) -> None:
    """Counts views of existing posts that are not repeated. Idempotent.

    Exact under concurrency, because the primary key of PostView decides, not a query before it.
    Each transaction counts AT_ONCE views, so that writers do not wait long. `view_rank`, the column
    in the index 'by views', is updated only when it is 5 % behind, so that most views on PostgreSQL
    touch no index (docs/decisions/0004).
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
            # In the order of the ids, so that concurrent runs do not deadlock.
            [(count, count, count, post) for post, count in sorted(counts.items())],
        )


def views_query_of(view: View) -> Query:
    """A query for the views of the post, and whether that view is counted already (1 or 0).

    No row if the post does not exist.
    """
    seen, posts = PostView._meta.db_table, Post._meta.db_table
    return Query(
        f"SELECT view_count, CASE WHEN EXISTS (SELECT 1 FROM {seen} "
        f"WHERE post_id = %s AND day = %s AND visitor = %s) THEN 1 ELSE 0 END "
        f"FROM {posts} WHERE id = %s",
        [*view, view.post],
    )


def views_with(view: View) -> tuple[int, int]:
    """The result of `views_query_of`; (0, 1) if the post does not exist."""
    return views_query_of(view).fetch(database_to_read()) or (0, 1)


def views_of(post: int) -> int:
    """The views of the post with that id; 0 if it does not exist."""
    with prepared_cursor(database_to_read()) as cursor:
        cursor.execute(f"SELECT view_count FROM {Post._meta.db_table} WHERE id = %s", [post])
        found = cursor.fetchone()
    return found[0] if found else 0


def count_download(*, file: Attachment, member: Member | None) -> bool:
    """Counts a download, once per member. `member` is None for a guest, whose repeated downloads
    the caller filters.

    Returns whether it counted. Exact under concurrency, like count_views.
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


def count_click(*, link: PostLink) -> None:
    """Counts a click on a 관련링크. The caller filters repeated clicks."""
    PostLink.objects.filter(pk=link.pk).update(click_count=F("click_count") + 1)


def mark_read(marks: Iterable[Mark]) -> None:
    """Stores how far members have read. Idempotent: the highest comment id wins.

    Each statement stores AT_ONCE marks. Marks of purged posts and former members are dropped.
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
    """`count` placeholders for a row of VALUES. PostgreSQL needs `types` for the casts."""
    is_told = connection.vendor == "postgresql"
    row = ", ".join(f"%s::{each}" if is_told else "%s" for each in types)
    return f"(VALUES {', '.join([f'({row})'] * count)})"
