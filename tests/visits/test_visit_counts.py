"""접속자집계: 오늘, 어제, 최대, 전체."""

import re
from datetime import date

import pytest
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.test import RequestFactory

from visits import queries
from visits.context import visit_counts as as_context
from visits.models import DayCount
from visits.queries import visit_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    DayCount.objects.create(day=date(2026, 11, 2), visitors=3_806)
    DayCount.objects.create(day=date(2026, 11, 3), visitors=1_500)
    DayCount.objects.create(day=date(2026, 11, 23), visitors=2_108)


def shown():
    html = render_to_string("ui/visit_counts.html", as_context(RequestFactory().get("/")))
    return dict(re.findall(r"<dt>(.+?)</dt>\s*<dd>(.+?)</dd>", html))


def test_a_new_site_shows_noughts():
    assert visit_counts() == (0, 0, 0, 0, 0)


def test_the_four_numbers(past):
    DayCount.objects.create(day=date(2026, 11, 24), visitors=618)
    assert visit_counts() == (618, 2_108, 3_806, 3_806 + 1_500 + 2_108 + 618, 0)


def test_today_can_be_the_best_day(past):
    DayCount.objects.create(day=date(2026, 11, 24), visitors=4_000)
    assert visit_counts().highest == 4_000


def test_a_day_without_visitors_is_nought(past, clock):
    clock(day=26)
    assert visit_counts() == (0, 0, 3_806, 7_414, 0)


def test_a_new_day_begins_at_nought_and_today_becomes_yesterday(visit, clock):
    visit()
    assert visit_counts() == (1, 0, 1, 1, 0)
    clock(day=25, hour=0)
    assert visit_counts() == (0, 1, 1, 1, 0)


def test_the_page_shows_the_numbers_with_thousands(past):
    DayCount.objects.create(day=date(2026, 11, 24), visitors=618)
    assert shown() == {"오늘": "618", "어제": "2,108", "최대": "3,806", "전체": "8,032"}


def test_the_page_already_shows_its_visitor(visit, past):
    html = visit().content.decode()
    assert re.search(r"오늘</dt>\s*<dd>1</dd>", html)
    assert re.search(r"전체</dt>\s*<dd>7,415</dd>", html)


def test_the_past_is_read_once_a_minute(past, django_assert_num_queries):
    visit_counts()
    with django_assert_num_queries(1):
        visit_counts()


def test_a_page_that_does_not_show_them_reads_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        as_context(RequestFactory().get("/"))


def test_without_visits_the_page_has_no_block():
    assert render_to_string("ui/visit_counts.html", {}).strip() == ""


def test_numbers_that_cannot_be_read_leave_the_block_out(monkeypatch, caplog):
    def fail():
        raise DatabaseError("no such table")

    monkeypatch.setattr(queries, "visit_counts", fail)
    assert shown() == {}
    assert "could not be read" in caplog.text
