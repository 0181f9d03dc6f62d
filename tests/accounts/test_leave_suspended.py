"""A suspended member may leave (개인정보 보호법 제36조, 제37조), but cannot end the suspension in this way."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.actions import suspend_member
from accounts.actions.leaving import leave_site
from accounts.models import Member, ShutOutMail
from boards.actions.leaving import erase_member
from tests.accounts.test_leave_site import log_in as give_password
from tests.accounts.test_sign_up import sign_up

pytestmark = pytest.mark.django_db
LEAVE = "/accounts/leave/suspended/"
NEW = {"username": "newminji", "nickname": "새민지"}


@pytest.fixture
def suspended(minji, owner):
    until = timezone.now() + timedelta(days=90)
    suspend_member(member=minji, until=until, reason="도배", by=owner)
    return minji


def has_left(member) -> bool:
    member.refresh_from_db()
    return member.left_at is not None


def test_it_requires_the_password(as_guest, suspended, mailoutbox):
    page = give_password(as_guest)
    assert page.status_code == 403
    assert f'href="{LEAVE}"' in page.text
    assert "30일 안에는" in as_guest.get(LEAVE).text
    assert not has_left(suspended)
    assert "회원탈퇴를 신청했습니다." in as_guest.post(LEAVE, follow=True).text
    assert has_left(suspended)
    assert suspended.is_suspended
    assert as_guest.post(LEAVE)["Location"] == "/accounts/login/"


def test_it_can_be_cancelled_and_the_suspension_stays(as_guest, suspended):
    leave_site(member=suspended)
    page = give_password(as_guest).text
    assert "탈퇴를 신청한 계정입니다." in page
    assert LEAVE not in page
    as_guest.post("/accounts/return/")
    assert not has_left(suspended)
    assert give_password(as_guest).status_code == 403
    assert "_auth_user_id" not in as_guest.session


def test_nobody_can_without_the_password(as_guest, as_junho, suspended, minji):
    give_password(as_guest, password="guess")
    for client in (as_guest, as_junho, Client()):
        assert client.get(LEAVE)["Location"] == "/accounts/login/"
        client.post(LEAVE)
    assert not has_left(suspended)


def test_the_button_expires(as_guest, suspended, monkeypatch):
    give_password(as_guest)
    monkeypatch.setattr("accounts.log_in_refusals.RETURN_SECONDS", -1)
    assert as_guest.post(LEAVE)["Location"] == "/accounts/login/"
    assert not has_left(suspended)


def test_nobody_joins_with_that_address_until_the_suspension_is_over(as_guest, suspended):
    leave_site(member=suspended)
    erase_member(member=suspended)
    assert (
        "받지 않는 E-mail 주소입니다." in sign_up(as_guest, email="Minji@Example.com", **NEW).text
    )
    assert not Member.objects.filter(username="newminji").exists()
    assert "minji" not in str(ShutOutMail.objects.values_list())
    call_command("tidy")
    assert ShutOutMail.objects.exists()
    ShutOutMail.objects.update(until=timezone.now())
    sign_up(as_guest, email="minji@example.com", **NEW)
    assert Member.objects.get(username="newminji").email == "minji@example.com"
    call_command("tidy")
    assert not ShutOutMail.objects.exists()


def test_members_who_left_without_a_suspension_may_join_again_at_once(as_guest, minji):
    leave_site(member=minji)
    erase_member(member=minji)
    assert not ShutOutMail.objects.exists()
    sign_up(as_guest, email="minji@example.com", **NEW)
    assert Member.objects.filter(username="newminji").exists()
