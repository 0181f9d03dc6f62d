"""The owner approves new members before they can log in."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.joining import approve_member, refuse_member
from accounts.models import Member, MemberEvent, MemberSettings, Message, Notification
from accounts.permissions import unreached_by
from boardsite.models import OneRow
from tests.accounts.test_sign_up import sign_up

pytestmark = pytest.mark.django_db
MEMBERS = "/admin/accounts/member/"
NEW = {"login": "sora", "password": "gilgeori-tteokbokki"}


def owner_sets(**fields):
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


@pytest.fixture
def by_approval(db):
    owner_sets(needs_approval=True, welcome_message="{별명}님, 어서 오세요!")


@pytest.fixture
def sora(by_approval, owner, as_guest, django_capture_on_commit_callbacks):
    """A member who waits for approval."""
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(as_guest)
    return Member.objects.get(username="sora")


def judge(client, action, *members, **more):
    form = {"action": action, "_selected_action": [member.pk for member in members], "reason": ""}
    return client.post(MEMBERS, form | more, follow=True)


def test_a_new_member_reads_that_they_must_wait(as_guest, by_approval, owner):
    page = sign_up(as_guest)
    assert page.status_code == 403
    assert "가입 신청을 받았습니다." in page.text
    assert "소라님의 신청을 운영자가 살펴본 뒤 메일로 알려 드립니다." in page.text
    assert "_auth_user_id" not in as_guest.session


def test_the_owner_gets_one_mail_a_day(sora, owner, django_capture_on_commit_callbacks):
    (message,) = mail.outbox
    assert message.to == [owner.email]
    assert message.subject == "[우리 게시판] 소라님이 가입 승인을 기다립니다"
    assert "소라님(sora)이 가입을 신청했습니다." in message.body
    assert "/admin/accounts/member/?pending=1" in message.body
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/login/", NEW)
    assert len(mail.outbox) == 1


def test_a_waiting_member_cannot_log_in(sora):
    client = Client()
    page = client.post("/accounts/login/", NEW)
    assert page.status_code == 403
    assert "가입 승인을 기다리고 있습니다." in page.text
    assert "_auth_user_id" not in client.session
    client.force_login(sora)  # nor with an existing session
    assert client.get("/accounts/profile/").status_code == 302


def test_a_waiting_member_is_invisible_to_others(sora, as_minji, minji, as_guest):
    assert as_minji.get("/members/sora/").status_code == 404
    assert unreached_by(minji, [sora]) == [sora]
    as_minji.post("/messages/write/", {"to": "sora", "text": "안녕하세요"})
    assert not Message.objects.exists()
    before = len(mail.outbox)
    as_guest.post("/accounts/password/reset/", {"email": sora.email})
    assert len(mail.outbox) == before


def test_the_owner_approves(
    sora, as_owner, owner, minji, points_on, django_capture_on_commit_callbacks
):
    assert "승인 대기" in as_owner.get(f"{MEMBERS}?pending=1").text
    assert not Message.objects.exists()
    assert sora.points == 0
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page = judge(as_owner, "approve", sora, minji)
    assert "회원 1명의 가입을 승인했습니다." in page.text
    (message,) = mail.outbox
    assert message.to == ["sora@example.com"]
    assert message.subject == "[우리 게시판] 가입이 승인되었습니다"
    assert re.search(r"https?://[^/]+/accounts/login/", message.body)
    client = Client()
    assert client.post("/accounts/login/", NEW)["Location"] == "/"
    assert client.get("/members/sora/").status_code == 200
    sora.refresh_from_db()
    assert sora.points == 1000 + 100  # for joining, and for the day's first visit
    assert Message.objects.get().text == "소라님, 어서 오세요!"
    kinds = set(MemberEvent.objects.filter(member=sora).values_list("kind", flat=True))
    assert {"joined", "approved"} <= kinds


def test_a_second_approval_changes_nothing(sora, owner, points_on):
    assert approve_member(member=sora, by=owner)
    assert not approve_member(member=sora, by=owner)
    assert not refuse_member(member=sora, by=owner)
    sora.refresh_from_db()
    assert sora.points == 1000
    assert Message.objects.count() == 1
    assert Notification.objects.count() == 1


def test_the_owner_refuses(sora, as_owner, minji, django_capture_on_commit_callbacks):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page = judge(as_owner, "refuse", sora, minji)
    assert "소라 (sora)" in page.text  # confirmation is asked for waiting members only
    assert "민지 (minji)" not in page.text
    assert "되돌릴 수 없습니다." in page.text
    assert Member.objects.filter(username="sora").exists()
    assert not mail.outbox
    with django_capture_on_commit_callbacks(execute=True):
        page = judge(as_owner, "refuse", sora, minji, is_asked="1")
    assert "1명의 가입을 거절했습니다." in page.text
    (message,) = mail.outbox
    assert message.to == ["sora@example.com"]
    assert message.subject == "[우리 게시판] 가입 신청이 받아들여지지 않았습니다"
    assert "신청할 때 적으신 내용은 모두 지웠습니다." in message.body
    assert not Member.objects.filter(username="sora").exists()
    assert Member.objects.filter(pk=minji.pk).exists()  # an existing member cannot be refused


def test_only_owners_may_approve(sora, as_minji):
    judge(as_minji, "approve", sora)
    sora.refresh_from_db()
    assert sora.is_pending


def test_the_owner_is_asked_after_the_address_is_confirmed(
    as_guest, by_approval, owner, django_capture_on_commit_callbacks
):
    owner_sets(confirms_email=True)
    with django_capture_on_commit_callbacks(execute=True):
        sign_up(as_guest)
    (message,) = mail.outbox
    assert message.to == ["sora@example.com"]
    path = re.search(r"https?://[^/]+(/\S+)", message.body)[1]
    with django_capture_on_commit_callbacks(execute=True):
        page = as_guest.post(path)
    assert "가입 신청을 받았습니다." in page.text
    assert mail.outbox[-1].to == [owner.email]
    assert "_auth_user_id" not in as_guest.session


def test_by_default_no_approval_is_needed(as_guest):
    sign_up(as_guest)
    sora = Member.objects.get(username="sora")
    assert (sora.is_pending, sora.is_active) == (False, True)
