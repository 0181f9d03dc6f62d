"""Counting who reads and downloads what."""

import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Member
from boards.models import Attachment, FileDownload, Post, PostView, ReadMark


def count_view(*, post: int, visitor: int, day: datetime.date) -> int:
    """Counts a view of the post with that id, unless `visitor` (see boardsite.visitors) has read it
    on `day` already. Returns its views then; 0 when there is no such post.

    Exact however many read at once: the key decides, not a check. `view_rank`, which the index 'by
    views' holds, follows only when it is 5 % behind, so that most views on PostgreSQL touch no index
    (docs/decisions/0004). In SQL: it is half the work of a page that is kept.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
        cursor.execute(
            f"INSERT INTO {PostView._meta.db_table} (post_id, day, visitor) "
            f"SELECT id, %s, %s FROM {Post._meta.db_table} WHERE id = %s ON CONFLICT DO NOTHING",
            [day, visitor, post],
        )
        if cursor.rowcount != 1:
            return views_of(post)
        cursor.execute(
            f"UPDATE {Post._meta.db_table} SET view_count = view_count + 1, view_rank = CASE "
            "WHEN view_count >= view_rank * 21 / 20 THEN view_count + 1 ELSE view_rank END "
            "WHERE id = %s RETURNING view_count",
            [post],
        )
        found = cursor.fetchone()
    return found[0] if found else 0


def views_of(post: int) -> int:
    """The views of the post with that id; 0 when there is no such post."""
    with connection.cursor() as cursor:
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


def mark_read(*, post: Post, member: Member, comment: int) -> None:
    """Remembers that `member` has seen `post` and its comments up to the id `comment` (0: none).

    One statement; of several at once, and of an older page opened later, the highest id stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ReadMark._meta.db_table} AS mark (member_id, post_id, comment, at) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT (member_id, post_id) DO UPDATE "
            "SET comment = excluded.comment, at = excluded.at "
            "WHERE mark.comment < excluded.comment",
            [member.pk, post.pk, comment, timezone.now()],
        )
