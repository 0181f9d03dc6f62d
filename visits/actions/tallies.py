"""Writes the tallies of a process in few statements and one transaction."""

from collections import Counter
from datetime import UTC, date, datetime

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from boardsite.visitors.identity import keyed_hash, today
from visits.actions.arriving import add_arrivals
from visits.models import DayVisitor, Presence, RobotCount, VisitorHour
from visits.robots import learn_standings, standing_of
from visits.seen import PAUSE, Tallies, VisitorTally

LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)  # of a tally without pages


def write_tallies(seen: Tallies) -> None:
    """Adds page views, robots and presence. The order is fixed, so that workers cannot deadlock."""
    robots = _by_standing(seen)  # may use the network, so before the transaction
    database = router.db_for_write(DayVisitor)
    connection = connections[database]
    visitors = sorted(seen.visitors.items())
    add_arrivals(database, seen.arrivals)
    with transaction.atomic(using=database):
        _lock_visitors(database, visitors)
        _add_to_visitors(connection, visitors)
        _add_to_hours(connection, visitors)
        _add_robots(connection, robots)
        _show_present(connection, seen)


def _by_standing(seen: Tallies) -> Counter[tuple[date, int, str, str]]:
    """The robots' requests by day, hour, name and standing, without the addresses."""
    learn_standings((name, address) for _day, _hour, name, address in seen.robots)
    counted: Counter[tuple[date, int, str, str]] = Counter()
    for (day, hour, name, address), requests in seen.robots.items():
        counted[day, hour, name, standing_of(name, address)] += requests
    return counted


def _lock_visitors(database: str, visitors: list[tuple[tuple[date, int], VisitorTally]]) -> None:
    """Locks in the order of day and row, as settling does, to prevent deadlocks. Keys cannot be the
    order, because they are removed. SQLite has one writer at a time."""
    if not connections[database].features.has_select_for_update:
        return
    for day in sorted({day for (day, _key), _tally in visitors}):
        keys = [key for (on, key), _tally in visitors if on == day]
        rows = DayVisitor.objects.using(database).filter(day=day, key__in=keys).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def _add_to_visitors(
    connection: BaseDatabaseWrapper, visitors: list[tuple[tuple[date, int], VisitorTally]]
) -> None:
    time, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    table = connection.ops.quote_name(DayVisitor._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE {table} SET "page_views" = "page_views" + %s, "hasty" = "hasty" + %s,'
            ' "busiest" = CASE WHEN "busiest" < %s THEN %s ELSE "busiest" END,'
            ' "visits" = "visits" + %s + CASE WHEN "last_at" < %s THEN 1 ELSE 0 END,'
            ' "last_at" = CASE WHEN "last_at" < %s THEN %s ELSE "last_at" END,'
            ' "leaf_offered" = "leaf_offered" OR %s, "leaf_fetched" = "leaf_fetched" OR %s'
            ' WHERE "day" = %s AND "key" = %s',
            [
                (
                    tally.pages.total(),
                    tally.hasty,
                    tally.busiest,
                    tally.busiest,
                    tally.returns,
                    time((tally.first_at or LONG_AGO) - PAUSE),
                    time(tally.last_at or LONG_AGO),
                    time(tally.last_at or LONG_AGO),
                    tally.leaf_offered,
                    tally.leaf_fetched,
                    day(on),
                    key,
                )
                for (on, key), tally in visitors
            ],
        )


def _add_to_hours(
    connection: BaseDatabaseWrapper, visitors: list[tuple[tuple[date, int], VisitorTally]]
) -> None:
    hours = connection.ops.quote_name(VisitorHour._meta.db_table)
    table = connection.ops.quote_name(DayVisitor._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO {hours} ("visitor_id", "hour", "page_views")'
            f' SELECT "id", %s, %s FROM {table} WHERE "day" = %s AND "key" = %s'
            ' ON CONFLICT ("visitor_id", "hour") DO UPDATE'
            f' SET "page_views" = {hours}."page_views" + excluded."page_views"',
            [
                (hour, count, connection.ops.adapt_datefield_value(on), key)
                for (on, key), tally in visitors
                for hour, count in sorted(tally.pages.items())
            ],
        )


def _add_robots(
    connection: BaseDatabaseWrapper, robots: Counter[tuple[date, int, str, str]]
) -> None:
    table = connection.ops.quote_name(RobotCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO {table} ("day", "hour", "name", "standing", "requests")'
            ' VALUES (%s, %s, %s, %s, %s) ON CONFLICT ("day", "hour", "name", "standing")'
            f' DO UPDATE SET "requests" = {table}."requests" + excluded."requests"',
            [
                (connection.ops.adapt_datefield_value(day), hour, name, standing, requests)
                for (day, hour, name, standing), requests in sorted(robots.items())
            ],
        )


def _show_present(connection: BaseDatabaseWrapper, seen: Tallies) -> None:
    """Stores where each visitor is, unless a later page or their leaving is stored already: workers
    write in any order. A robot's key is derived from its name."""
    time = connection.ops.adapt_datetimefield_value
    rows = {
        key: (key, time(tally.last_at), tally.member, "", tally.path)
        for (_day, key), tally in sorted(seen.visitors.items())
        if tally.pages
    }
    for name, (at, path) in seen.robot_paths.items():
        key = int.from_bytes(keyed_hash(today(), "robot", name)[:8], "big") >> 1
        rows[key] = (key, time(at), None, name, path)
    table = connection.ops.quote_name(Presence._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO {table} ("key", "seen_at", "member", "robot", "path")'
            ' VALUES (%s, %s, %s, %s, %s) ON CONFLICT ("key") DO UPDATE'
            ' SET "seen_at" = excluded."seen_at", "member" = excluded."member",'
            ' "robot" = excluded."robot", "path" = excluded."path"'
            f' WHERE {table}."seen_at" <= excluded."seen_at"',
            [rows[key] for key in sorted(rows)],
        )
