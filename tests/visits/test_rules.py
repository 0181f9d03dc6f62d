"""People and programs by their behaviour: examples, most of them of people."""

from datetime import UTC, datetime, timedelta

import pytest

from visits.rules import Facts, judge

MIDNIGHT = datetime(2026, 11, 24, 15, tzinfo=UTC)  # the end of 24 November in Seoul
NOON = MIDNIGHT - timedelta(hours=12)
READER = Facts(
    first_at=NOON,
    page_views=5,
    busiest=2,
    hasty=0,
    leaf_offered=True,
    leaf_fetched=True,
    is_member=False,
)
PERSON = ("person", "")


def judged(now=MIDNIGHT + timedelta(hours=1), **facts):
    return judge(READER._replace(**facts), now=now, day_end=MIDNIGHT)


@pytest.mark.parametrize(
    ("who", "facts"),
    [
        ("reads five pages", {}),
        ("reads all day", {"page_views": 900, "busiest": 12, "hasty": 40}),
        ("opens ten tabs at once", {"page_views": 11, "busiest": 11, "hasty": 9}),
        (
            "opens ten tabs of each of six lists",
            {"page_views": 66, "busiest": 40, "hasty": 54},
        ),
        ("has a browser that opens thirty tabs of yesterday", {"page_views": 30, "hasty": 29}),
        ("clicks twice on everything", {"page_views": 40, "hasty": 19}),
        ("has a screen reader, whose browser fetches pictures", {"page_views": 3, "busiest": 3}),
        ("is a member without pictures", {"is_member": True, "leaf_fetched": False}),
        (
            "is a member without pictures who opens many tabs",
            {"is_member": True, "leaf_fetched": False, "page_views": 80, "hasty": 60},
        ),
        ("has never been shown the beacon", {"leaf_offered": False, "leaf_fetched": False}),
        (
            "has only seen an error page, or their worker was killed",
            {"page_views": 0, "busiest": 0, "leaf_offered": False, "leaf_fetched": False},
        ),
        (
            "came before the site recorded beacons",
            {"page_views": 0, "leaf_offered": False, "leaf_fetched": False},
        ),
        (
            "came in the last moment of the day",
            {"first_at": MIDNIGHT - timedelta(seconds=2), "leaf_fetched": False},
        ),
        ("skims 99 pages in a minute", {"page_views": 99, "busiest": 99, "hasty": 40}),
        ("turns a few pages of many fast", {"leaf_fetched": False, "is_member": True, "hasty": 2}),
    ],
)
def test_a_person(who, facts):
    assert judged(**facts) == PERSON, who


@pytest.mark.parametrize(
    ("what", "facts", "reason"),
    [
        ("asks a hundred times a minute", {"page_views": 100, "busiest": 100}, "pace"),
        ("does so logged in", {"page_views": 300, "busiest": 150, "is_member": True}, "pace"),
        ("fetches the picture, too", {"page_views": 300, "busiest": 300}, "pace"),
        (
            "turns every page faster than anybody reads",
            {"page_views": 24, "busiest": 24, "hasty": 20, "leaf_fetched": False},
            "speed",
        ),
        (
            "turns half of the pages so fast",
            {"page_views": 40, "hasty": 20, "leaf_offered": False, "leaf_fetched": False},
            "speed",
        ),
        ("does so with a browser for long", {"page_views": 180, "hasty": 100}, "speed"),
        ("ignores the beacon", {"leaf_fetched": False}, "picture"),
        ("reads one page without its picture", {"page_views": 1, "leaf_fetched": False}, "picture"),
    ],
)
def test_a_program(what, facts, reason):
    assert judged(**facts) == ("suspicious", reason), what


def test_the_first_reason_is_given():
    assert judged(busiest=200, hasty=200, page_views=200, leaf_fetched=False)[1] == "pace"


def test_half_of_the_pages_must_be_hasty():
    facts = {"leaf_offered": False, "leaf_fetched": False, "hasty": 20}
    assert judged(page_views=41, **facts) == PERSON
    assert judged(page_views=40, **facts) == ("suspicious", "speed")


def test_the_beacon_may_take_some_minutes():
    facts = {"leaf_fetched": False}
    assert judged(now=NOON + timedelta(minutes=9), **facts) == PERSON
    assert judged(now=NOON + timedelta(minutes=10), **facts) == ("suspicious", "picture")


def test_a_minute_before_midnight_is_early_enough_for_the_beacon():
    early, late = MIDNIGHT - timedelta(minutes=1, seconds=1), MIDNIGHT - timedelta(minutes=1)
    assert judged(first_at=early, leaf_fetched=False)[0] == "suspicious"
    assert judged(first_at=late, leaf_fetched=False) == PERSON
