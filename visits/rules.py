"""Decides which of the clients that claim to be browsers are people, by their behaviour. Pure.

Unknown facts count in the visitor's favour: page views that were lost with a killed worker, or no
page with the beacon. A change of a rule increases VERSION: a day records the version by which
it was judged, and `manage.py settle_visits --again` judges the kept days again. See
docs/decisions/0024."""

from datetime import datetime, timedelta
from typing import NamedTuple

from visits.models import Reason, Verdict

VERSION = 1

PAGES_A_MINUTE = 100
"""Per worker; with two workers each sees about half of the pages."""
HASTY_PAGES = 20
"""Pages turned faster than anybody can read, if they are at least half of all. Somebody with a list
of posts opens ten tabs within a second or two."""
HASTY_TABS = 100
"""The same for members and browsers that have fetched the beacon, who do so on many lists a day."""
PATIENCE = timedelta(minutes=10)
"""After the visitor came: by then a browser has fetched the beacon, and the worker has written
that."""
LAST_MOMENT = timedelta(minutes=1)
"""Later visitors fetch the beacon on the next day, which says nothing about this one."""


class Facts(NamedTuple):
    """The columns of a DayVisitor that are judged."""

    first_at: datetime
    page_views: int
    busiest: int
    hasty: int
    leaf_offered: bool
    leaf_fetched: bool
    is_member: bool


def judge(facts: Facts, *, now: datetime, day_end: datetime) -> tuple[str, str]:
    """A value of Verdict, and one of Reason ("" for a person). `day_end` is the following midnight."""
    if facts.busiest >= PAGES_A_MINUTE:
        return Verdict.SUSPICIOUS, Reason.PACE
    if _turns_too_fast(facts):
        return Verdict.SUSPICIOUS, Reason.SPEED
    if _ignores_beacon(facts, now, day_end):
        return Verdict.SUSPICIOUS, Reason.PICTURE
    return Verdict.PERSON, ""


def _turns_too_fast(facts: Facts) -> bool:
    has_browser = facts.is_member or facts.leaf_fetched
    limit = HASTY_TABS if has_browser else HASTY_PAGES
    return facts.hasty >= limit and 2 * facts.hasty >= facts.page_views


def _ignores_beacon(facts: Facts, now: datetime, day_end: datetime) -> bool:
    """An anonymous visitor who got the beacon and has not fetched it. Members have typed a
    password, and may have switched pictures off."""
    if facts.is_member or facts.leaf_fetched or not facts.leaf_offered:
        return False
    return facts.first_at <= now - PATIENCE and facts.first_at < day_end - LAST_MOMENT
