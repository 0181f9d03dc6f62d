"""Robots are counted separately, by name and hour, without a write per request."""

import logging
from datetime import date

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boardsite.visitors import robot_names
from visits import robots, tallies
from visits.models import DayCount, DayVisitor, Presence, RobotCount

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 11, 24)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
YETI = "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def counts():
    rows = RobotCount.objects.values_list("hour", "name", "standing", "requests")
    return sorted(rows.filter(day=TUESDAY))


def stored() -> str:
    """The contents of all tables of visits and boardsite."""
    models = [each for each in apps.get_models() if each._meta.app_label in {"visits", "boardsite"}]
    return str([[*model.objects.values_list()] for model in models])


def test_by_name_and_hour(visit, clock):
    for _ in range(3):
        visit(user_agent=GOOGLEBOT)
    visit(user_agent=YETI, address="203.0.113.8")
    clock(day=24, hour=23)
    visit(user_agent=GOOGLEBOT)
    tallies.write_now()
    assert counts() == [
        (12, "Googlebot", "", 3),
        (12, "Yeti (네이버)", "", 1),
        (23, "Googlebot", "", 1),
    ]


def test_two_writes_are_added(visit):
    for _ in range(2):
        visit(user_agent=GOOGLEBOT)
        tallies.write_now()
    assert counts() == [(12, "Googlebot", "", 2)]


def test_a_robot_is_not_a_visitor(visit):
    visit(user_agent=GOOGLEBOT)
    tallies.write_now()
    assert not DayVisitor.objects.exists()
    assert not DayCount.objects.filter(visitors__gt=0).exists()
    assert Presence.objects.get().robot == "Googlebot"


def test_a_person_is_not_a_robot(visit):
    visit()
    tallies.write_now()
    assert counts() == []
    assert DayCount.objects.get().visitors == 1


def test_its_request_needs_no_query_for_the_count(visit, monkeypatch):
    def queries_of() -> list[str]:
        for _ in range(2):  # fills the caches of the process
            visit(user_agent=GOOGLEBOT)
        with CaptureQueriesContext(connection) as queries:
            visit(user_agent=GOOGLEBOT)
        return [query["sql"] for query in queries]

    with_count = queries_of()
    assert not [sql for sql in with_count if not sql.startswith("SELECT")]
    assert not [sql for sql in with_count if "robotcount" in sql or "dayvisitor" in sql]
    monkeypatch.setattr("visits.middleware._note", lambda request, response: None)
    assert len(queries_of()) == len(with_count)


def test_other_addresses_count_too_and_not_found_does_not(visit):
    visit("/robots.txt", user_agent=GOOGLEBOT)
    visit("/wp-login.php", user_agent=GOOGLEBOT)
    tallies.write_now()
    assert sum(row[-1] for row in counts()) >= 1
    assert "wp-login" not in stored()


def test_verified_and_refuted_are_separate_and_no_address_is_stored(
    visit, settings, monkeypatch, caplog
):
    asked = []

    def check(name, address):
        asked.append((name, address))
        return address == "66.249.66.1"

    monkeypatch.setattr(robots, "a_check", check, raising=False)
    settings.VISITS_ROBOT_CHECK = "visits.robots.a_check"
    with caplog.at_level(logging.DEBUG):
        for address in (
            "66.249.66.1",
            "66.249.66.1",
            "9.9.9.9",
            "10.0.0.1",
            "2001:4860:4801:10::1",
        ):
            visit(user_agent=GOOGLEBOT, address=address)
        assert asked == [], "never in a request"
        tallies.write_now()
    assert counts() == [
        (12, "Googlebot", "", 1),
        (12, "Googlebot", "false", 2),
        (12, "Googlebot", "verified", 2),
    ]
    assert ("Googlebot", "2001:4860:4801:10::1") in asked, "the whole address"
    for address in ("66.249.66", "9.9.9.9", "10.0.0.1", "2001:4860"):
        assert address not in stored()
        assert address not in caplog.text


def test_a_failing_check_loses_no_count(visit, settings):
    settings.VISITS_ROBOT_CHECK = "visits.robots._is_question"  # takes other arguments
    visit(user_agent=GOOGLEBOT, address="66.249.66.1")
    tallies.write_now()
    assert counts() == [(12, "Googlebot", "", 1)]


def test_hostile_agents_create_few_names(visit):
    for number in range(60):
        visit(user_agent=f"Evil{number}xbot/1.0")
        visit(user_agent=f"evil{number}")
        visit(user_agent=f"Mozilla/5.0 (compatible; Evil{number}/1.0)")
    visit(user_agent="")
    tallies.write_now()
    assert {row[1] for row in counts()} == {"이름 모를 로봇", "프로그램", "이름 없음"}
    assert sum(row[-1] for row in counts()) == 181


@pytest.mark.parametrize(
    "agent", [f"{MARKUP}bot/1.0", f"Mozilla/5.0 (Windows NT 10.0) {MARKUP}/1.0"]
)
def test_case_42_markup_in_the_agent_is_stored_nowhere(visit, agent, caplog):
    with caplog.at_level(logging.DEBUG):
        visit(user_agent=agent)
        tallies.write_now()
    assert RobotCount.objects.exists() or DayVisitor.objects.exists()
    for word in ("script", "alert", "onerror", "Mozilla"):
        assert word not in stored()
        assert word not in caplog.text


def few_rows(clock, monkeypatch, *rows) -> list[tuple]:
    """The rows of a Tuesday that remain the next morning, when a day keeps three names."""
    monkeypatch.setattr("visits.actions.robots.NAMES", 3)
    RobotCount.objects.bulk_create(RobotCount(TUESDAY, *row) for row in rows)
    clock(day=25, hour=0, minute=11)
    call_command("settle_visits", verbosity=0)
    return counts()


def test_a_past_day_keeps_the_names_of_the_busiest(clock, monkeypatch):
    """Otherwise one program with every name of the list would create 40,000 rows a day."""
    names = [(1, "bingbot", "", 9), (2, "bingbot", "", 8), (1, "Yeti (네이버)", "", 5)]
    rare = [(1, "curl", "", 2), (1, "Wget", "", 3), (2, "Wget", "", 1), (2, "GPTBot", "false", 4)]
    assert few_rows(clock, monkeypatch, *names, *rare, (1, robot_names.UNKNOWN, "", 7)) == sorted(
        [
            *names,
            (1, robot_names.UNKNOWN, "", 12),
            (2, robot_names.UNKNOWN, "", 1),
            (2, robot_names.UNKNOWN, "false", 4),
        ]
    )
    call_command("settle_visits", verbosity=0)
    assert sum(requests for *_row, requests in counts()) == 39


def test_a_verified_robot_keeps_its_name(clock, monkeypatch):
    busy = [(1, name, "", 9) for name in ("a", "b", "c")]
    rows = few_rows(clock, monkeypatch, *busy, (1, "Googlebot", "verified", 1))
    assert (1, "Googlebot", "verified", 1) in rows
    assert len(rows) == 4


def test_today_keeps_all_names(clock, monkeypatch):
    rows = [(1, f"robot {number}", "", 1) for number in range(9)]
    monkeypatch.setattr("visits.actions.robots.NAMES", 3)
    RobotCount.objects.bulk_create(RobotCount(TUESDAY, *row) for row in rows)
    call_command("settle_visits", verbosity=0)
    assert len(counts()) == 9
