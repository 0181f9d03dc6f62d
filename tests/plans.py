"""The query plans of SQLite."""

import re
from collections.abc import Callable

from django.db import connection


def indexes_of(work: Callable[[], object]) -> set[str]:
    """The indexes that the queries of `work` use, planned with their parameters."""
    asked = []

    def remember(execute, sql, params, many, context):
        if not many and re.match(r"\s*(SELECT|WITH|UPDATE|DELETE)\b", sql):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        work()
    steps = []
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps += [row[3] for row in cursor]
    return set(re.findall(r"INDEX (\w+)", "\n".join(steps)))
