"""추천인: points for the member whom a new member names."""

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.actions import suspend_member
from accounts.actions.joining import approve_member, go_on_joining
from accounts.actions.leaving import leave_site
from accounts.actions.merging import move_belongings
from accounts.forms import recommending
from accounts.models import Member, MemberSettings, PointEntry, PointSettings
from boards.repair import recount
from boardsite.models import OneRow
from tests.accounts.test_sign_up import SIGN_UP, sign_up
from tests.boards.browsing import read
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def rewarded(points_on):
    PointSettings.objects.update(recommend=500, login=0)
    OneRow.forget()


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


def owner_sets(**fields) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


def join(number: int = 0, address: str = "", **changes):
    """A new member joins from an address of their own and names 민지."""
    fields = {
        "username": f"newcomer{number}",
        "nickname": f"새내기{number}",
        "email": f"newcomer{number}@example.com",
        "recommender": "민지",
    }
    browser = Client(REMOTE_ADDR=address or f"203.0.{number}.7")
    return sign_up(browser, **fields | changes)


def points(member) -> int:
    return Member.objects.values_list("points", flat=True).get(pk=member.pk)


def test_the_named_member_gets_them(minji):
    assert join().status_code == 302
    entry = PointEntry.objects.get(kind="recommend")
    assert (entry.member, entry.amount, entry.text) == (minji, 500, "새 회원 추천")
    assert points(minji) == 500
    new = Member.objects.get(username="newcomer0")
    assert new.recommender == minji
    go_on_joining(member=new)
    assert points(minji) == 500, "once"


def test_the_field_is_optional(minji, as_guest):
    box = Page(read(as_guest, SIGN_UP)).one("input", name="recommender")
    assert "required" not in box.attributes
    assert join(recommender="").status_code == 302
    assert Member.objects.get(username="newcomer0").recommender is None


@pytest.mark.parametrize("name", ["아무도아님", "가" * 41, "a" + "\u0301\u0323" * 100_000])
def test_an_unknown_name_is_an_error_and_nobody_joins(minji, name):
    page = join(recommender=name)
    assert page.status_code in (200, 422)
    assert "없는 회원입니다." in page.text
    assert not Member.objects.filter(username="newcomer0").exists()


def test_a_member_who_has_left_cannot_be_named(minji):
    leave_site(member=minji)
    assert "없는 회원입니다." in join().text


def test_a_suspended_member_gets_nothing(minji, owner):
    suspend_member(member=minji, until=None, reason="광고", by=owner)
    assert join().status_code == 302
    assert points(minji) == 0


def test_five_per_day_and_one_per_address(minji):
    for number in range(7):
        assert join(number).status_code == 302
    assert points(minji) == 2500
    assert join(8, address="203.0.0.7").status_code == 302
    assert Member.objects.get(username="newcomer8").recommender is None


def test_one_per_address_even_if_joining_fails_at_the_end(minji, monkeypatch):
    def fail(**_both):
        raise IntegrityError

    with monkeypatch.context() as patch:
        patch.setattr(recommending, "name_recommender", fail)
        assert join().status_code == 200
    assert not Member.objects.filter(username="newcomer0").exists()
    assert join().status_code == 302
    assert Member.objects.get(username="newcomer0").recommender is None, "counted, not rolled back"


def test_only_after_the_owners_approval(minji, owner):
    owner_sets(needs_approval=True)
    join()
    assert points(minji) == 0
    approve_member(member=Member.objects.get(username="newcomer0"), by=owner)
    assert points(minji) == 500


def test_only_after_the_address_is_confirmed(minji):
    owner_sets(confirms_email=True)
    join()
    assert points(minji) == 0


@pytest.mark.parametrize("changes", [{"recommend": 0}, {"is_on": False}])
def test_the_field_is_missing_where_nobody_gets_points(minji, as_guest, changes):
    PointSettings.objects.update(**changes)
    OneRow.forget()
    assert "recommender" not in read(as_guest, SIGN_UP)
    assert join().status_code == 302
    assert points(minji) == 0
    assert Member.objects.get(username="newcomer0").recommender is None


def test_after_a_merge_the_remaining_account_is_the_recommender(minji, junho):
    new = make_member("sora", "소라")
    Member.objects.filter(pk=new.pk).update(recommender=junho)
    move_belongings(kept=minji, gone=junho)
    assert Member.objects.get(pk=new.pk).recommender == minji
