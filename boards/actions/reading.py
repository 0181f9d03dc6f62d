"""Counting who reads what."""

import datetime

from django.db import connection, transaction
from django.db.models import Case, F, PositiveIntegerField, When

from boards.models import Post, PostView


def count_view(*, post: Post, visitor: int, day: datetime.date) -> bool:
    """Counts a view unless `visitor` (see boardsite.visitors) has read `post` on `day` already.

    Returns whether it counted. Exact however many read at once: the key decides, not a check.
    `view_rank`, which the index 'by views' holds, follows only when it is 5 % behind, so that most
    views on PostgreSQL touch no index (docs/decisions/0004).
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL synchronous_commit TO OFF")
            cursor.execute(
                f"INSERT INTO {PostView._meta.db_table} (post_id, day, visitor) "
                "VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [post.pk, day, visitor],
            )
            if cursor.rowcount != 1:
                return False
        views = F("view_count") + 1
        Post.objects.filter(pk=post.pk).update(
            view_count=views,
            view_rank=Case(
                When(view_count__gte=F("view_rank") * 21 / 20, then=views),
                default=F("view_rank"),
                output_field=PositiveIntegerField(),
            ),
        )
    return True
