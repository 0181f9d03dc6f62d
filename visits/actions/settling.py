"""Settling a day: who of its visitors are people, the sums of the day, and what is thrown away.

The rows of DayVisitor are the truth. A verdict moves a visitor and one of the day's numbers in the
same transaction; the sums follow in a second one. Runs may overlap with each other, with arrivals
and with the workers' writings. All of them lock visitors in the order of day and row and the day's
count after them, so that none waits for another in a circle.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import router, transaction
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Sum, Value, When
from django.utils import timezone

from boardsite.visitors import today
from visits.models import (
    DayCount,
    DaySum,
    DayVisitor,
    HourCount,
    Presence,
    Topic,
    Verdict,
    VisitorHour,
    VisitSettings,
)
from visits.rules import VERSION, Facts, judge

BATCH = 2_000
"""Rows of a transaction: some 100 ms, which somebody who has just come may have to wait."""
LATE = timedelta(minutes=10)
"""After midnight the workers may still write of the day before."""
NAMES = 100
"""Names that a topic of a day keeps."""
NAMED_ONLY = {Topic.SITE, Topic.ENGINE, Topic.WORDS}
TRIES = 10
PRESENT = timedelta(hours=1)


def starts_at(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def ends_at(day: date) -> datetime:
    return starts_at(day + timedelta(days=1))


def is_final(day: date, settled_at: datetime | None) -> bool:
    """Whether a settlement at that time has seen all of the day."""
    return settled_at is not None and settled_at >= ends_at(day) + LATE


def settle_day(day: date) -> int:
    """Judge the visitors of `day` by today's rules and add up its sums; returns how many visitors
    are now taken for something else. A day without visitors' rows keeps its sums."""
    database = router.db_for_write(DayVisitor)
    if not _days_with_sketches(database).filter(day=day).exists():
        return 0
    begun = timezone.now()
    changed = _judge_day(database, day)
    _add_up(database, day, begun)
    return changed


def unsettled_days() -> list[date]:
    """Today and the days before that have not been settled since they ended, oldest first."""
    days = _days_with_sketches(router.db_for_write(DayVisitor)).order_by("day")
    return [
        day
        for day, settled_at in days.values_list("day", "settled_at")
        if not is_final(day, settled_at)
    ]


def recompute(days: int) -> int:
    """Settle the latest `days` of the kept days anew; returns how many visitors were moved."""
    kept = _days_with_sketches(router.db_for_write(DayVisitor)).order_by("-day")
    return sum(settle_day(day) for day in kept.values_list("day", flat=True)[:days])


def _days_with_sketches(database: str):
    rows = DayVisitor.objects.filter(day=OuterRef("day"))
    return DayCount.objects.using(database).filter(Exists(rows), is_closed=False)


# -- people or programs ----------------------------------------------------------------------------
def _judge_day(database: str, day: date) -> int:
    """A batch at a time, so that nobody waits long. Broken off, it leaves nothing half done."""
    rows = DayVisitor.objects.using(database).filter(day=day)
    wrong = [pk for pk, *_new in _misjudged(rows.order_by("pk"), day)]
    return sum(
        _move_visitors(database, day, wrong[start : start + BATCH])
        for start in range(0, len(wrong), BATCH)
    )


def _misjudged(rows, day: date) -> Iterator[tuple[int, str, str, str]]:
    """Of those whose verdict or reason is another one now: pk, old verdict, new one, new reason."""
    now, end = timezone.now(), ends_at(day)
    facts = rows.values_list("pk", "verdict", "reason", *Facts._fields)
    for pk, verdict, reason, *columns in facts.iterator(chunk_size=BATCH):
        new = judge(Facts(*columns), now=now, day_end=end)
        if new != (verdict, reason):
            yield pk, verdict, *new


def _move_visitors(database: str, day: date, pks: list[int]) -> int:
    """Judges these once more, now that nobody can change them, and moves them with the day's
    numbers. The day's sums are out of date from now on."""
    visitors = DayVisitor.objects.using(database)
    with transaction.atomic(using=database):
        locked = visitors.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
        moved: dict[tuple[str, str], list[int]] = {}
        suspicious = 0  # how many more there are
        for pk, old, verdict, reason in _misjudged(locked, day):
            moved.setdefault((verdict, reason), []).append(pk)
            suspicious += (verdict == Verdict.SUSPICIOUS) - (old == Verdict.SUSPICIOUS)
        for (verdict, reason), group in moved.items():
            visitors.filter(pk__in=group).update(verdict=verdict, reason=reason)
        is_open = moved and DayCount.objects.using(database).filter(
            day=day, is_closed=False
        ).update(
            visitors=F("visitors") - suspicious,
            suspicious=F("suspicious") + suspicious,
            settled_at=None,
        )
        if not is_open:  # nothing to move, or closed a moment ago
            transaction.set_rollback(True, using=database)
            return 0
    return sum(map(len, moved.values()))


# -- the sums --------------------------------------------------------------------------------------
class _Sums(NamedTuple):
    hours: list[HourCount]
    names: list[DaySum]
    returning: int


def _add_up(database: str, day: date, begun: datetime) -> None:
    """Read without a lock, which would let arrivals wait; once more if somebody else has settled
    the day or moved visitors meanwhile."""
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
    # Who came and has no page in that hour (an error page, or a worker was killed) was here too.
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
    """By comparing times: SQLite has no zones, and asking Python for each row takes long."""
    zone = timezone.get_default_timezone()
    starts = [datetime.combine(day, time(hour), tzinfo=zone) for hour in range(1, 24)]
    return Case(
        *(When(first_at__lt=start, then=Value(hour)) for hour, start in enumerate(starts)),
        default=Value(23),
        output_field=IntegerField(),
    )


def _read_topic(people, day: date, topic: Topic) -> Iterator[DaySum]:
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
    for model, rows in [(HourCount, sums.hours), (DaySum, sums.names)]:
        model.objects.using(database).filter(day=day).delete()
        model.objects.using(database).bulk_create(rows, batch_size=500)
    DayCount.objects.using(database).filter(day=day).update(
        page_views=sum(hour.page_views for hour in sums.hours),
        returning=sums.returning,
        rules=VERSION,
        settled_at=settled_at,
    )


# -- what is thrown away ---------------------------------------------------------------------------
class Closed(NamedTuple):
    """How many visitors of past days lost their key, and how many their row."""

    keys: int
    rows: int


def close_past_days() -> Closed:
    """Take the keys from the visitors of past days, delete the rows of those days that are no
    longer kept and whose sums are made, and forget who was here an hour ago."""
    database = router.db_for_write(DayVisitor)
    _forget_present(database)
    return Closed(forget_keys(), _delete_sketches(database))


def forget_keys() -> int:
    """Of past days: whoever learned a salt in its day could else tell who a row was of."""
    database = router.db_for_write(DayVisitor)
    past = DayVisitor.objects.using(database).filter(
        day__lt=timezone.localdate(timezone.now() - LATE, timezone.get_default_timezone()),
        key__isnull=False,
    )
    forgotten = 0
    while True:
        with transaction.atomic(using=database):
            rows = past.order_by("day", "pk").select_for_update(no_key=True)
            pks = list(rows.values_list("pk", flat=True)[:BATCH])
            past.model.objects.using(database).filter(pk__in=pks).update(key=None)
        forgotten += len(pks)
        if len(pks) < BATCH:
            return forgotten


def _delete_sketches(database: str) -> int:
    first_kept = today() - timedelta(days=VisitSettings.load().keep_days)
    old = _days_with_sketches(database).filter(day__lt=first_kept)
    for day, settled_at in old.values_list("day", "settled_at"):
        if is_final(day, settled_at):
            # Unless somebody is judging it anew in this moment: then at the next time.
            DayCount.objects.using(database).filter(day=day, settled_at=settled_at).update(
                is_closed=True
            )
    closed = DayCount.objects.using(database).filter(
        Exists(DayVisitor.objects.filter(day=OuterRef("day"))), day__lt=first_kept, is_closed=True
    )
    deleted = 0
    for day in closed.values_list("day", flat=True):
        while batch := _delete_batch(database, day):
            deleted += batch
    return deleted


def _delete_batch(database: str, day: date) -> int:
    """In two statements: delete() of visitors would first load each of them."""
    with transaction.atomic(using=database):
        # One run at a time; two would wait for each other's rows.
        DayCount.objects.using(database).select_for_update().get(day=day)
        visitors = DayVisitor.objects.using(database)
        pks = list(visitors.filter(day=day).order_by().values_list("pk", flat=True)[:BATCH])
        VisitorHour.objects.using(database).filter(visitor__in=pks).delete()
        return visitors.filter(pk__in=pks)._raw_delete(database)


def _forget_present(database: str) -> None:
    present = Presence.objects.using(database).filter(seen_at__lt=timezone.now() - PRESENT)
    with transaction.atomic(using=database):
        # Without waiting for a worker that is just writing of somebody who has come back.
        rows = present.select_for_update(skip_locked=True)
        present.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
