"""The first page of the admin: whether the site is alive and growing, and what is wrong.

Each app registers its cards and alarms in its dashboard.py, the site its own in alarms.py. The tag
{% dashboard %} of templates/admin/index.html shows them. They check the permissions of `user`, and
they read only ranges of an index, because staff members open this page many times a day."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from boardsite.reporting.reports import find_report

logger = logging.getLogger(__name__)

COURSE = 30
"""Days that the line of a card shows."""
ENOUGH = 100
"""Waiting rows are not counted beyond this."""

TELLING = 10
"""Below this number a percentage means nothing: one visitor more is not a growth of 50 %."""


class Card(NamedTuple):
    """A number and its comparison. `course` has the values of the days before, oldest first, for
    the sparkline. `change` is in per cent of the period before, or None where a percentage means
    nothing. Cards with a lower `place` come first."""

    title: str
    value: str
    detail: str = ""
    address: str = ""
    course: Sequence[int] = ()
    change: int | None = None
    place: int = 5

    @property
    def change_words(self) -> str:
        """`change` as a sentence, or "" without one."""
        if self.change is None:
            return ""
        if self.change == 0:
            return _("그대로입니다.")
        words = _("%s%% 늘었습니다.") if self.change > 0 else _("%s%% 줄었습니다.")
        return words % f"{abs(self.change):,}"


class Alarm(NamedTuple):
    """A sentence about something that needs a person, and the address where they can deal with it.
    `is_wrong` means that something is broken, not only waiting."""

    text: str
    address: str = ""
    is_wrong: bool = False


class Dashboard(NamedTuple):
    """Alarms (broken things first) and cards, as one staff member sees them."""

    alarms: Sequence[Alarm]
    cards: Sequence[Card]


_cards: list[Callable] = []
_alarms: list[Callable] = []


def card(read: Callable) -> Callable:
    """Registers a function of the user that returns a Card, or None when they may not see it."""
    _cards.append(read)
    return read


def alarms(read: Callable) -> Callable:
    """Registers a function of the user that returns the Alarms that they may see."""
    _alarms.append(read)
    return read


def read_dashboard(user) -> Dashboard:
    """All that `user` may see. A function that fails becomes an alarm, and the others are still
    shown."""
    broken: list[Alarm] = []
    cards = [card for read in _cards if (card := _try_to_read(read, user, broken)) is not None]
    alarms = broken + read_alarms(user)
    # The sort is stable.
    return Dashboard(
        sorted(alarms, key=lambda alarm: not alarm.is_wrong),
        sorted(cards, key=lambda card: card.place),
    )


def read_alarms(user) -> list[Alarm]:
    """The alarms that `user` may see, and one for each function that fails."""
    broken: list[Alarm] = []
    found = [alarm for read in _alarms for alarm in _try_to_read(read, user, broken) or ()]
    return broken + found


def _try_to_read(read: Callable, user, broken: list[Alarm]) -> Any:
    try:
        shown = read(user)
        return list(shown) if read in _alarms else shown  # evaluate generators inside the try
    except Exception:
        logger.exception("The dashboard cannot read %s.%s", read.__module__, read.__name__)
        app = apps.get_containing_app_config(read.__module__)
        part = {"app": app.verbose_name if app else read.__module__, "name": read.__name__}
        words = _(
            "현황의 한 부분(%(app)s: %(name)s)을 읽지 못했습니다. 이유는 서버 기록에 있습니다."
        )
        broken.append(Alarm(words % part, is_wrong=True))
        return None


def change_between(before: int, now: int) -> int | None:
    """The change in per cent, or None where `before` is too small for a percentage."""
    return round(100 * (now - before) / before) if before >= TELLING else None


def two_weeks(course: Sequence[int]) -> tuple[int, int]:
    """The sums of the last seven days of `course` and of the seven days before."""
    return sum(course[-7:]), sum(course[-14:-7])


def how_many(waiting: QuerySet) -> str:
    """The number of rows, "100 넘게" for more than ENOUGH, or "" for none."""
    count = waiting[: ENOUGH + 1].count()
    if count > ENOUGH:
        return _("%s 넘게") % ENOUGH
    return f"{count:,}" if count else ""


def report_address(user, slug: str) -> str:
    """The address of the report, or "" where it does not exist or `user` may not see it."""
    return reverse("show_report", args=[slug]) if find_report(slug, user) else ""
