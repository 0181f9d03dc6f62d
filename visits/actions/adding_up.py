"""The sums of a day: hours, names, pages, returning visitors."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Sum, Value, When
from django.utils import timezone

from visits.models import DayCount, DaySum, DayVisitor, HourCount, Topic, Verdict, VisitorHour
from visits.rules import VERSION

NAMES = 100
"""Names that a topic keeps per day."""
NAMED_ONLY = {Topic.SITE, Topic.ENGINE, Topic.WORDS}
TRIES = 10


class _Sums(NamedTuple):
    hours: list[HourCount]
    names: list[DaySum]
    returning: int


def add_up(database: str, day: date, begun: datetime) -> None:
    """Computes the sums of `day` from its visitors, as of `begun`. Reads without a lock, which
    would delay arrivals, and repeats if another process has meanwhile settled the day or moved
    visitors."""
    days = DayCount.objects.using(database).filter(day=day)
    for _try in range(TRIES):
        before = days.values_list("settled_at", flat=True).get()
        sums = _read_sums(database, day)
        with transaction.atomic(using=database):
            count = days.select_for_update(no_key=True).get()
            if count.is_closed:
                return
            if count.settled_at == before:
                _write_sums(database, day, sums, begun)
                return


def _read_sums(database: str, day: date) -> _Sums:
    visitors = DayVisitor.objects.using(database).filter(day=day)
    people = visitors.filter(verdict=Verdict.PERSON)
    return _Sums(
        hours=_read_hours(database, day),
        names=[row for topic in Topic for row in _read_topic(people, day, topic)],
        returning=people.filter(visits__gt=1).count(),
    )


def _read_hours(database: str, day: date) -> list[HourCount]:
    hours = [HourCount(day=day, hour=hour) for hour in range(24)]
    pages = VisitorHour.objects.using(database).filter(
        visitor__day=day, visitor__verdict=Verdict.PERSON
    )
    for hour, visitors, page_views in pages.values_list("hour").annotate(
        Count("visitor"), Sum("page_views")
    ):
        hours[hour].visitors, hours[hour].page_views = visitors, page_views
    # Visitors who came in that hour without any page in it (an error page, or a killed worker)
    # count as present too.
    unseen = ~Exists(VisitorHour.objects.filter(visitor=OuterRef("pk"), hour=OuterRef("came")))
    came = DayVisitor.objects.using(database).filter(day=day).annotate(came=_hour_of_arrival(day))
    for hour, verdict, visitors, without_page in (
        came.order_by()
        .values_list("came", "verdict")
        .annotate(number=Count("pk"), without_page=Count("pk", filter=unseen))
    ):
        if verdict == Verdict.PERSON:
            hours[hour].new = visitors
            hours[hour].visitors += without_page
        else:
            hours[hour].suspicious = visitors
    return [each for each in hours if each.visitors or each.suspicious]


def _hour_of_arrival(day: date) -> Case:
    """Compares times, because SQLite has no time zones, and calling Python for each row is slow."""
    zone = timezone.get_default_timezone()
    starts = [datetime.combine(day, time(hour), tzinfo=zone) for hour in range(1, 24)]
    return Case(
        *(When(first_at__lt=start, then=Value(hour)) for hour, start in enumerate(starts)),
        default=Value(23),
        output_field=IntegerField(),
    )


def _read_topic(people: QuerySet[DayVisitor], day: date, topic: Topic) -> Iterator[DaySum]:
    """The most frequent names, and all others together as ""."""
    if topic in NAMED_ONLY:
        people = people.exclude(**{topic.value: ""})
    rows = list(
        people.order_by()
        .values_list(topic.value)
        .annotate(number=Count("pk"), pages=Sum("page_views"))
        .order_by("-number", topic.value)
    )
    named = [row for row in rows if row[0]]
    rest = [row for row in rows if not row[0]] + named[NAMES:]
    if rest:
        named[NAMES:] = [("", sum(row[1] for row in rest), sum(row[2] for row in rest))]
    for name, visitors, page_views in named:
        yield DaySum(day=day, topic=topic, name=name, visitors=visitors, page_views=page_views)


def _write_sums(database: str, day: date, sums: _Sums, settled_at: datetime) -> None:
    HourCount.objects.using(database).filter(day=day).delete()
    HourCount.objects.using(database).bulk_create(sums.hours, batch_size=500)
    DaySum.objects.using(database).filter(day=day).delete()
    DaySum.objects.using(database).bulk_create(sums.names, batch_size=500)
    DayCount.objects.using(database).filter(day=day).update(
        page_views=sum(hour.page_views for hour in sums.hours),
        returning=sums.returning,
        rules=VERSION,
        settled_at=settled_at,
    )
