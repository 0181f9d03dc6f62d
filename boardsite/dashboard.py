"""The first page of the admin: is the site alive and growing, and is anything wrong?

Each app names its cards and alarms in its dashboard.py, the site its own in alarms.py; the tag {% dashboard %} of
templates/admin/index.html shows them. They ask `user` what he may see, and the database only for
ranges of an index: whoever works in the admin opens this page many times a day.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from boardsite.reports import find_report

logger = logging.getLogger(__name__)

COURSE = 30
"""Days that a card's line shows."""
ENOUGH = 100
"""What waits for somebody is not counted any further."""

TELLING = 10
"""Of fewer than these a change in per cent says nothing: one visitor more is no growth of 50 %."""


class Card(NamedTuple):
    """A number with what it is to be compared with. `course`: of the days before, oldest first,
    drawn as a small line; `change` in per cent against the time before, None where that says nothing.
    Those with a lower `place` come first."""

    title: str
    value: str
    detail: str = ""
    address: str = ""
    course: Sequence[int] = ()
    change: int | None = None
    place: int = 5

    @property
    def change_words(self) -> str:
        """`change` as a sentence, "" where there is none."""
        if self.change is None:
            return ""
        if self.change == 0:
            return _("그대로입니다.")
        words = _("%s%% 늘었습니다.") if self.change > 0 else _("%s%% 줄었습니다.")
        return words % f"{abs(self.change):,}"


class Alarm(NamedTuple):
    """Something that wants a person: a sentence, and where to see to it. `is_wrong`: it is broken,
    not only waiting."""

    text: str
    address: str = ""
    is_wrong: bool = False


class Dashboard(NamedTuple):
    """What one of the staff sees: alarms, what is broken first, and cards."""

    alarms: Sequence[Alarm]
    cards: Sequence[Card]


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


def read_dashboard(user) -> Dashboard:
    """All that `user` may see. What cannot be read is an alarm itself, and hides nothing else."""
    broken: list[Alarm] = []
    cards = [card for read in _cards if (card := _try_to_read(read, user, broken)) is not None]
    found = [alarm for read in _alarms for alarm in _try_to_read(read, user, broken) or ()]
    # Sorting keeps the order of equals.
    return Dashboard(
        sorted(broken + found, key=lambda alarm: not alarm.is_wrong),
        sorted(cards, key=lambda card: card.place),
    )


def _try_to_read(read: Callable, user, broken: list[Alarm]) -> Any:
    try:
        shown = read(user)
        return list(shown) if read in _alarms else shown  # a generator is read here, not later
    except Exception:
        logger.exception("The dashboard cannot read %s.%s", read.__module__, read.__name__)
        app = apps.get_containing_app_config(read.__module__)
        part = {"app": app.verbose_name if app else read.__module__, "name": read.__name__}
        words = _(
            "현황의 한 부분(%(app)s: %(name)s)을 읽지 못했습니다. 까닭은 서버 기록에 있습니다."
        )
        broken.append(Alarm(words % part, is_wrong=True))
        return None


def change_between(before: int, now: int) -> int | None:
    """From `before` to `now` in per cent; None where there was next to nothing before."""
    return round(100 * (now - before) / before) if before >= TELLING else None


def two_weeks(course: Sequence[int]) -> tuple[int, int]:
    """The sums of the last seven days of `course`, and of the seven before."""
    return sum(course[-7:]), sum(course[-14:-7])


def how_many(waiting: QuerySet) -> str:
    """The number of rows, "100 넘게" when there are more than ENOUGH, "" when there is none."""
    count = waiting[: ENOUGH + 1].count()
    if count > ENOUGH:
        return _("%s 넘게") % ENOUGH
    return f"{count:,}" if count else ""


def report_address(user, slug: str) -> str:
    """Where that report stands, "" where there is none of that name or `user` may not see it."""
    return reverse("show_report", args=[slug]) if find_report(slug, user) else ""
