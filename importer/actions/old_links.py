"""How often old addresses are used. Exact under concurrency: the database adds."""

from collections.abc import Mapping
from datetime import date

from django.db import connections, router, transaction

from importer.models import OldLinkDay


def count_redirects(counts: Mapping[tuple[date, bool], int]) -> None:
    """Adds to the redirects of days: (the day, whether a person asked) → how many."""
    using = router.db_for_write(OldLinkDay)
    table = OldLinkDay._meta.db_table
    adapt = connections[using].ops.adapt_datefield_value
    rows = [
        (adapt(day), count if is_person else 0, 0 if is_person else count)
        for (day, is_person), count in sorted(counts.items())
    ]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (day, people, robots) VALUES (%s, %s, %s)"
            f" ON CONFLICT (day) DO UPDATE SET people = {table}.people + excluded.people,"
            f" robots = {table}.robots + excluded.robots",
            rows,
        )
