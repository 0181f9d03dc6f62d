"""접속자집계: 오늘, 어제, 최대, 전체."""

import re
from datetime import date

import pytest
from django.db import DatabaseError
from django.test import RequestFactory

from visits import queries
from visits.actions.importing import import_day_counts
from visits.counter import visit_counts as as_html
from visits.models import DayCount, VisitSettings
from visits.queries import visit_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    DayCount.objects.create(day=date(2026, 11, 2), visitors=3_806)
    DayCount.objects.create(day=date(2026, 11, 3), visitors=1_500)
    DayCount.objects.create(day=date(2026, 11, 23), visitors=2_108)


def shown():
    html = as_html(RequestFactory().get("/"))
    return dict(re.findall(r"<dt>(.+?)</dt>\s*<dd>(.+?)</dd>", html))


def test_a_new_site_shows_zeros():
    assert visit_counts()[:4] == (0, 0, 0, 0)


def test_the_four_numbers(past):
    DayCount.objects.create(day=date(2026, 11, 24), visitors=618)
    assert visit_counts()[:4] == (618, 2_108, 3_806, 3_806 + 1_500 + 2_108 + 618)


def test_today_can_be_the_best_day(past):
    DayCount.objects.create(day=date(2026, 11, 24), visitors=4_000)
    assert visit_counts().highest == 4_000


def test_a_day_without_visitors_is_zero(past, clock):
    clock(day=26)
    assert visit_counts()[:4] == (0, 0, 3_806, 7_414)


def test_a_new_day_begins_at_zero_and_today_becomes_yesterday(visit, clock):
    visit()
    assert visit_counts()[:4] == (1, 0, 1, 1)
    clock(day=25, hour=0)
    assert visit_counts()[:4] == (0, 1, 1, 1)


def test_the_page_shows_thousands_separators(past):
    DayCount.objects.create(day=date(2026, 11, 24), visitors=618)
    assert shown() == {"오늘": "618", "어제": "2,108", "최대": "3,806", "전체": "8,032"}


def test_the_page_includes_its_visitor(visit, past):
    html = visit().content.decode()
    assert re.search(r"오늘</dt>\s*<dd>1</dd>", html)
    assert re.search(r"전체</dt>\s*<dd>7,415</dd>", html)


def test_the_past_is_read_once_a_minute(past, django_assert_num_queries):
    visit_counts()
    with django_assert_num_queries(1):
        visit_counts()


def test_a_database_error_leaves_the_block_out(monkeypatch, caplog):
    def fail(result):
        raise DatabaseError("no such table")

    monkeypatch.setattr(queries, "visit_counts", fail)
    assert shown() == {}
    assert "could not be read" in caplog.text


# -- imported counts -------------------------------------------------------------------------------
def label():
    html = as_html(RequestFactory().get("/"))
    found = re.search(r'<p class="visits-old">(.+?)</p>', html, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def test_a_site_without_imported_counts_has_no_label(past):
    assert label() == ""
    assert visit_counts().imported == 0


def test_the_imported_part_of_the_total_is_labelled(past):
    VisitSettings.objects.create(pk=1, imported_name="옛 한국경제")
    import_day_counts({date(2009, 3, 2): 618, date(2009, 3, 3): 2_108})
    assert shown()["전체"] == "10,140"
    assert label() == "전체에는 옛 한국경제에서 센 2,726명이 들어 있습니다."


def test_an_imported_maximum_is_labelled(past):
    import_day_counts({date(2009, 3, 2): 944_216, date(2009, 3, 3): 3_806})
    assert shown()["최대"] == "944,216"
    assert label() == (
        "전체에는 이전 사이트에서 센 948,022명이 들어 있습니다. 최대도 그때의 수입니다."
    )


def test_a_maximum_of_our_own_is_not_labelled(past):
    import_day_counts({date(2009, 3, 2): 3_806})  # as many as on 2 November
    assert "최대" not in label()
    DayCount.objects.create(day=date(2026, 11, 24), visitors=9_000)
    import_day_counts({date(2009, 3, 2): 8_000})
    queries.past_counts.forget()
    assert shown()["최대"] == "9,000"
    assert "최대" not in label()


def test_the_day_of_the_move_has_both_counts(past):
    DayCount.objects.create(day=date(2026, 11, 24), visitors=2_000)
    import_day_counts({date(2026, 11, 24): 1_900})
    assert shown() == {"오늘": "3,900", "어제": "2,108", "최대": "3,900", "전체": "11,314"}
    assert label().endswith("최대도 그때의 수입니다.")


def test_the_name_of_the_older_site_is_escaped(past):
    VisitSettings.objects.create(pk=1, imported_name="<b>옛</b>")
    import_day_counts({date(2009, 3, 2): 1})
    assert "&lt;b&gt;옛&lt;/b&gt;에서" in label()
