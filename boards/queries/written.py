"""How much members have written since some moments, for accounts.queries.levels."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Q

from boards.models import Comment, Post


def written_since(
    members: Sequence[int], moments: Sequence[datetime.datetime]
) -> dict[int, list[tuple[int, int]]]:
    """By member (id): published posts and comments that are newer than each of `moments`; 2 queries.

    Who has written nothing since the first of them is left out.
    """
    counts = {
        f"since_{place}": Count("pk", filter=Q(created_at__gt=moment))
        for place, moment in enumerate(moments)
    }
    found: dict[int, list[list[int]]] = {}
    for kind, model in enumerate((Post, Comment)):
        new = model.objects.published().filter(author__in=members, created_at__gt=min(moments))
        rows = new.order_by().values("author").annotate(**counts).values_list("author", *counts)
        for author, *numbers in rows:
            pairs = found.setdefault(author, [[0, 0] for _moment in moments])
            for place, number in enumerate(numbers):
                pairs[place][kind] = number
    return {author: [tuple(pair) for pair in pairs] for author, pairs in found.items()}
