"""Numbers of posts and comments for /metrics."""

from collections.abc import Iterator

from django.db.models import Sum

from boards.models import Board
from boardsite.health.measures import Sample, measure


@measure
def written() -> Iterator[Sample]:
    """What is published now, from the counters of the boards."""
    sums = Board.objects.aggregate(posts=Sum("post_count"), comments=Sum("comment_count"))
    yield Sample("boardsite_posts", sums["posts"] or 0)
    yield Sample("boardsite_comments", sums["comments"] or 0)
