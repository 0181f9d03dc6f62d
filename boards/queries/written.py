"""Queries for accounts, which may not import boards: how much members wrote (for levels), and who
may read it."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Member
from boards.models import Comment, Post


def written_since(
    members: Sequence[int], moments: Sequence[datetime.datetime]
) -> dict[int, list[tuple[int, int]]]:
    """By member (id): published posts and comments newer than each of `moments`; two queries.

    Members who have written nothing since the first of them are left out.
    """
    counts = {
        f"since_{place}": Count("pk", filter=Q(created_at__gt=moment))
        for place, moment in enumerate(moments)
    }
    found: dict[int, list[list[int]]] = {}
    for kind, there in enumerate((Post.objects.published(), Comment.objects.published())):
        new = there.filter(author__in=members, created_at__gt=min(moments))
        rows = new.order_by().values("author").annotate(**counts).values_list("author", *counts)
        for author, *numbers in rows:
            pairs = found.setdefault(author, [[0, 0] for _moment in moments])
            for place, number in enumerate(numbers):
                pairs[place][kind] = number
    return {
        author: [(posts, comments) for posts, comments in pairs] for author, pairs in found.items()
    }


def names_read_by(member: Member) -> Q:
    """A condition for members: one of their posts or comments is visible to `member`."""
    posts, comments = (
        Exists(model.objects.visible_to(member).filter(author=OuterRef("pk")))
        for model in (Post, Comment)
    )
    return Q(posts) | Q(comments)
