"""Counting what people look for; docs/decisions/0025."""

import logging

from django.db import connection, transaction

from boards.models import SearchWord
from boards.text.search_words import search_word
from boardsite.ratelimit import hit_today, is_first_today
from boardsite.visitors import keyed_hash, today

logger = logging.getLogger(__name__)

MOST = 300
"""Words of an address (an office, a school) that a day counts."""


def count_search(*, query: str, address: str) -> bool:
    """Counts that somebody at `address` (a boardsite.visitors.address_key) looks for `query`, once a
    day; returns whether it counted.

    Exact however many search at once: the key decides, not a check. Never fails: a search without
    its count is better than no answer.
    """
    word = search_word(query)
    if not word:
        return False
    try:
        with transaction.atomic():  # the key goes back with what it was taken for
            is_counted = _is_first(word, address) and not _has_had_enough(address)
            if is_counted:
                _add(word)
            else:
                transaction.set_rollback(True)  # no key for what has not been counted
        return is_counted
    except Exception:
        logger.exception("A search could not be counted")
        return False


def _is_first(word: str, address: str) -> bool:
    """The key tells neither the word nor the address, nor that two of them are of one address."""
    return is_first_today(f"word:{keyed_hash(today(), 'word', address, word).hex()[:40]}")


def _has_had_enough(address: str) -> bool:
    """Whether an address has looked for so many words today that a program must be at work, which
    would fill the table. Nobody else is counted less for it."""
    return not hit_today(f"words:{address}", MOST)


def _add(word: str) -> None:
    table = SearchWord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (day, word, visitors) VALUES (%s, %s, 1)"
            f" ON CONFLICT (day, word) DO UPDATE SET visitors = {table}.visitors + 1",
            [connection.ops.adapt_datefield_value(today()), word],
        )
