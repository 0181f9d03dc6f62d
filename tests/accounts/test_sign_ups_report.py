"""Members who joined and who left, by day."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.leaving import leave_site, return_to_site
from accounts.models import Member
from accounts.reports import sign_ups
from boardsite.databases.day_counts import midnight
from boardsite.reporting.reports import Period
from boardsite.visitors.identity import today
from tests.conftest import make_member

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/reports/sign-ups/"


@pytest.fixture
def week():
    return Period(today() - timedelta(days=6), today())


def join(name: str, ago: int) -> Member:
    member = make_member(name, name)
    at = midnight(today() - timedelta(days=ago))
    Member.objects.filter(pk=member.pk).update(date_joined=at)
    return member


def test_days_have_who_joined_and_who_left(week, db):
    join("first", 6)
    join("second", 6)
    join("before", 7)
    leave_site(member=join("goes", 1))
    table = sign_ups(week, None)
    assert len(table.rows) == 7
    assert table.rows[0] == (str(week.first), 2, 0)
    assert table.rows[5] == (str(today() - timedelta(days=1)), 1, 0)
    assert table.rows[6] == (str(today()), 0, 1)
    assert table.foot[1:] == [3, 1]


def test_a_member_who_came_back_has_not_left(week, db):
    member = join("goes", 1)
    leave_site(member=member)
    return_to_site(member=member)
    assert sign_ups(week, None).foot[1:] == [1, 0]


def test_the_permission_to_view_members_is_required(log_in, as_guest, as_junho, db):
    clerk = make_member("clerk", "서기", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_post"))
    browser = log_in(clerk)
    assert browser.get(ADDRESS).status_code == 403
    assert as_junho.get(ADDRESS).status_code in (302, 403)
    assert as_guest.get(ADDRESS).status_code in (302, 403)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_member"))
    page = browser.get(ADDRESS)
    assert page.status_code == 200
    assert "가입과 탈퇴" in page.text


def test_the_query_uses_an_index(week, junho):
    with CaptureQueriesContext(connection) as captured:
        sign_ups(week, None)
    assert len(captured) == 2
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgres:
            cursor.execute("SET LOCAL enable_seqscan = off")  # with few rows it would not
        for query, index in zip(
            captured.captured_queries, ("member_joined", "member_left"), strict=True
        ):
            cursor.execute(f"EXPLAIN {'' if is_postgres else 'QUERY PLAN'} {query['sql']}")
            assert index in str(cursor.fetchall())
