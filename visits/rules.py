"""Which of those who call themselves browsers are people, by what they did. Pure.

What is not known of a visitor (his page views went with a killed worker, no page of his had the
leaf on it) speaks for him. Whoever changes a rule raises VERSION: a day says by which rules it was
judged, and `manage.py settle_visits --again` judges the kept days anew. Why: docs/decisions/0024.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from visits.models import Reason, Verdict

VERSION = 1

PAGES_A_MINUTE = 100
"""As one worker sees them; of two workers each sees about the half."""
HASTY_PAGES = 20
"""Pages turned faster than anybody reads, and at least half of all. Somebody with a list of posts
opens ten tabs in a second or two."""
HASTY_TABS = 100
"""The same for a member or a browser that has fetched the leaf: he does so on many lists a day."""
PATIENCE = timedelta(minutes=10)
"""Since he came: by then a browser has fetched the leaf, and the worker has written so."""
LAST_MOMENT = timedelta(minutes=1)
"""Who comes so late fetches the leaf when the next day has begun, which says nothing of this one."""


class Facts(NamedTuple):
    """What is judged of a DayVisitor: columns of his row."""

    first_at: datetime
    page_views: int
    busiest: int
    hasty: int
    leaf_offered: bool
    leaf_fetched: bool
    is_member: bool


def judge(facts: Facts, *, now: datetime, day_end: datetime) -> tuple[str, str]:
    """A value of Verdict, and one of Reason ("" for a person). `day_end`: the midnight after."""
    if facts.busiest >= PAGES_A_MINUTE:
        return Verdict.SUSPICIOUS, Reason.PACE
    if _turns_too_fast(facts):
        return Verdict.SUSPICIOUS, Reason.SPEED
    if _leaves_pictures(facts, now, day_end):
        return Verdict.SUSPICIOUS, Reason.PICTURE
    return Verdict.PERSON, ""


def _turns_too_fast(facts: Facts) -> bool:
    has_browser = facts.is_member or facts.leaf_fetched
    limit = HASTY_TABS if has_browser else HASTY_PAGES
    return facts.hasty >= limit and 2 * facts.hasty >= facts.page_views


def _leaves_pictures(facts: Facts, now: datetime, day_end: datetime) -> bool:
    """A guest to whom the leaf was offered, and who has not fetched it. A member has typed a
    password, and may have switched pictures off."""
    if facts.is_member or facts.leaf_fetched or not facts.leaf_offered:
        return False
    return facts.first_at <= now - PATIENCE and facts.first_at < day_end - LAST_MOMENT
