"""Counting searched words; docs/decisions/0025."""

import logging

from django.db import connection, transaction

from boards.models import SearchWord
from boards.text.search_words import search_word
from boardsite.databases.optional_writes import write_if_free
from boardsite.limits.rate_limit import hit_today, is_first_today
from boardsite.visitors.identity import keyed_hash, today

logger = logging.getLogger(__name__)

MOST = 300
"""Words of an address (an office, a school) that a day counts."""


def count_search(*, query: str, address: str) -> bool:
    """Counts a search by `address` (a boardsite.visitors.identity.address_key) once a day; returns
    whether it counted.

    Exact under concurrency, because a unique key decides, not a query before it. Never raises,
    because a search that is not counted is better than an error.
    """
    word = search_word(query)
    if not word:
        return False
    counted: list[bool] = []
    try:
        write_if_free(lambda: counted.append(_count(word, address)))
        return any(counted)
    except Exception:
        logger.exception("A search could not be counted")
        return False


def _count(word: str, address: str) -> bool:
    with transaction.atomic():  # rolls the key back if counting fails
        is_counted = _is_first(word, address) and not _has_had_enough(address)
        if is_counted:
            _add(word)
        else:
            transaction.set_rollback(True)  # no key for a search that was not counted
    return is_counted


def _is_first(word: str, address: str) -> bool:
    """The key reveals neither the word nor the address, nor that two keys belong to one address."""
    return is_first_today(f"word:{keyed_hash(today(), 'word', address, word).hex()[:40]}")


def _has_had_enough(address: str) -> bool:
    """Whether an address has searched for so many words today that it must be a program.

    Such a program would fill the table. The counts of other visitors are not affected.
    """
    return not hit_today(f"words:{address}", MOST)


def _add(word: str) -> None:
    table = SearchWord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (day, word, visitors) VALUES (%s, %s, 1)"
            f" ON CONFLICT (day, word) DO UPDATE SET visitors = {table}.visitors + 1",
            [connection.ops.adapt_datefield_value(today()), word],
        )
