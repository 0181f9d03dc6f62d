"""Sources with the counts of their articles."""

from datetime import timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from collector.models import SeenEntry, Source

WEEK = timedelta(days=7)


def with_counts(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Adds `entry_count` (articles seen), `posted_count` (posts written) and `week_count` (posts of
    the last seven days), in one query for all rows."""
    posted = Q(post__isnull=False, is_also=False)
    return sources.annotate(
        entry_count=_count_of(Q()),
        posted_count=_count_of(posted),
        week_count=_count_of(posted & Q(seen_at__gte=timezone.now() - WEEK)),
    )


def _count_of(wanted: Q) -> Coalesce:
    entries = SeenEntry.objects.filter(wanted, source=OuterRef("pk")).order_by()
    counted = entries.values("source").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
