"""The first page of the admin: is the site alive and growing, and is anything wrong?

Each app names its cards and alarms in its dashboard.py; templates/admin/index.html shows them.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Card(NamedTuple):
    """A number with what it is to be compared with. `days`: the course of it, oldest first, drawn
    as a small line; `change` in per cent against the time before, None where that says nothing."""

    title: str
    value: str
    detail: str = ""
    address: str = ""
    days: Sequence[int] = ()
    change: int | None = None


class Alarm(NamedTuple):
    """Something that wants a person: a sentence, and where to see to it. `is_wrong`: it is broken,
    not only waiting."""

    text: str
    address: str = ""
    is_wrong: bool = False


_cards: list[Callable] = []
_alarms: list[Callable] = []


def card(read: Callable) -> Callable:
    """Decorates a function of the user that gives a Card, or None when he may not see it."""
    _cards.append(read)
    return read


def alarms(read: Callable) -> Callable:
    """Decorates a function of the user that gives the Alarms that he may see, if any."""
    _alarms.append(read)
    return read


def cards_for(user) -> list[Card]:
    return [shown for read in _cards if (shown := read(user)) is not None]


def alarms_for(user) -> list[Alarm]:
    """What is broken first."""
    found = [alarm for read in _alarms for alarm in read(user)]
    return sorted(found, key=lambda alarm: not alarm.is_wrong)
