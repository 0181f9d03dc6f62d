"""다시 판정하기: the owner has the kept days judged again from the browser."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from tests.page import Page
from visits import tallies
from visits.actions.settling import settle_day
from visits.models import DayCount, DayVisitor

pytestmark = pytest.mark.django_db

DESK = "/admin/visits/daycount/judge/"
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def tuesday(browse, clock):
    """A day with one visitor, settled after its end, and a closed day."""
    browse()
    tallies.write_now()
    DayVisitor.objects.update(busiest=60, page_views=60)
    clock(day=25, hour=3)
    settle_day(TUESDAY)
    DayCount.objects.create(day=date(2026, 10, 1), visitors=70, is_closed=True)


def count():
    return DayCount.objects.values_list("visitors", "suspicious").get(day=TUESDAY)


def test_the_next_settling_uses_the_current_rules(as_owner, tuesday, monkeypatch):
    monkeypatch.setattr("visits.rules.PAGES_A_MINUTE", 50)
    call_command("settle_visits", verbosity=0)
    assert count() == (1, 0)  # new rules alone do not change a past day
    answer = as_owner.post(DESK, follow=True)
    assert answer.redirect_chain == [(DESK, 302)]
    assert "1일을 다시 판정합니다." in answer.text
    assert count() == (1, 0)  # the request does not wait for it
    call_command("settle_visits", verbosity=0)
    assert count() == (0, 1)
    assert DayCount.objects.get(day=TUESDAY).settled_at
    assert DayCount.objects.get(day=date(2026, 10, 1)).visitors == 70


def test_a_get_request_does_nothing(as_owner, tuesday):
    page = Page(as_owner.get(DESK).text)
    assert "1일 다시 판정하기" in page.text
    assert DayCount.objects.get(day=TUESDAY).settled_at


def test_a_site_without_visitors_rows_has_nothing_to_judge(as_owner):
    assert "기록이 남아 있는 날이 없습니다." in as_owner.get(DESK).text


def test_the_statistics_link_to_it(as_owner):
    page = Page(as_owner.get("/admin/reports/visits-days/").text)
    assert DESK in {link["href"] for link in page.one(id="content").all("a")}


def test_staff_without_the_permission_are_refused(as_junho, junho, tuesday):
    junho.is_staff = True
    junho.save()
    junho.user_permissions.set(Permission.objects.filter(codename="view_daycount"))
    assert as_junho.get(DESK).status_code == as_junho.post(DESK).status_code == 403
    page = Page(as_junho.get("/admin/reports/visits-days/").text)
    assert DESK not in {link["href"] for link in page.one(id="content").all("a")}
    assert DayCount.objects.get(day=TUESDAY).settled_at


def test_anonymous_visitors_and_members_are_sent_to_log_in(client, as_minji, tuesday):
    for visitor in (client, as_minji):
        answer = visitor.post(DESK)
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    assert DayCount.objects.get(day=TUESDAY).settled_at
