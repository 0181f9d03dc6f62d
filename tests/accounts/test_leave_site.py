"""A member leaves, is anonymous at once, and can come back during the grace period."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.leaving import leave_site, return_to_site
from accounts.actions.notifications import notify
from accounts.models import Member, MemberEvent, MemberSettings, Notification
from accounts.permissions import Refused, unreached_by
from boards.actions.comments import write_comment
from boardsite.models import OneRow
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LEAVE = "/accounts/leave/"


def log_in(client, login="minji", password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


@pytest.fixture
def may_choose(db):
    """The owner lets leaving members choose what happens to their posts."""
    MemberSettings.objects.update_or_create(pk=1, defaults={"leavers_posts": "choose"})
    OneRow.forget()


# -- The page --------------------------------------------------------------------------------------
def test_the_page_explains_what_happens_and_when(as_minji, minji):
    MemberSettings.objects.update_or_create(pk=1, defaults={"leave_days": 12})
    OneRow.forget()
    page = as_minji.get(LEAVE).text
    assert "민지님, 탈퇴하시기 전에 읽어 주세요." in page
    assert "12일 안에는 다시 로그인하여 탈퇴를 취소할 수 있습니다." in page
    assert "'탈퇴한 회원'의 이름으로 남습니다." in page
    assert 'name="posts"' not in page
    minji.refresh_from_db()
    assert minji.left_at is None


def test_an_anonymous_visitor_is_asked_to_log_in(as_guest):
    assert as_guest.get(LEAVE).url.startswith("/accounts/login/")
    assert as_guest.post(LEAVE, {"password": PASSWORD}).status_code == 302


def test_a_wrong_password_changes_nothing(as_minji, minji):
    page = as_minji.post(LEAVE, {"password": "guess"})
    assert page.status_code == 422
    assert "비밀번호가 틀립니다." in page.text
    assert as_minji.post(LEAVE, {}).status_code == 422
    minji.refresh_from_db()
    assert minji.left_at is None


def test_guesses_are_limited(as_minji):
    for _ in range(10):
        assert as_minji.post(LEAVE, {"password": "guess"}).status_code == 422
    assert as_minji.post(LEAVE, {"password": PASSWORD}).status_code == 429


def test_a_leaving_member_is_anonymous_on_every_device_from_the_next_request_on(
    as_minji, as_junho, minji, log_in
):
    """Case 4."""
    telephone = log_in(minji)
    assert telephone.get("/accounts/profile/").status_code == 200
    sent = as_minji.post(LEAVE, {"password": PASSWORD}, follow=True)
    assert "회원탈퇴를 신청했습니다." in sent.text
    for browser in (as_minji, telephone):
        assert browser.get("/accounts/profile/").status_code == 302
        assert "민지님" not in browser.get("/").text
    assert as_junho.get("/accounts/profile/").status_code == 200
    minji.refresh_from_db()
    assert minji.left_at is not None
    assert MemberEvent.objects.get(member=minji, kind="left")


def test_a_mail_says_how_to_come_back(
    as_minji, minji, mailoutbox, django_capture_on_commit_callbacks, settings
):
    with django_capture_on_commit_callbacks(execute=True):
        as_minji.post(LEAVE, {"password": PASSWORD})
    (mail,) = mailoutbox
    assert mail.to == ["minji@example.com"]
    assert mail.subject == "[우리 게시판] 탈퇴 신청을 받았습니다"
    assert "민지님의 회원탈퇴 신청을 받았습니다." in mail.body
    minji.refresh_from_db()
    until = timezone.localtime(minji.left_at + timedelta(days=30))
    assert f"{until.year}년 {until.month}월 {until.day}일 {until:%H:%M}에 개인정보를" in mail.body
    assert f"\n{settings.SITE_URL}/accounts/login/\n" in mail.body
    assert "'탈퇴한 회원'의 이름으로 남습니다." in mail.body


def test_leaving_twice_is_the_same_as_once(minji, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        leave_site(member=minji)
        first = minji.left_at
        leave_site(member=Member.objects.get(pk=minji.pk), removes_posts=True)
    minji.refresh_from_db()
    assert (minji.left_at, minji.removes_posts) == (first, False)
    assert len(mailoutbox) == 1


def test_the_owner_decides_whether_members_may_choose(as_minji, minji):
    as_minji.post(LEAVE, {"password": PASSWORD, "posts": "remove"})
    minji.refresh_from_db()
    assert minji.removes_posts is False


def test_the_choice_is_stored(as_minji, minji, may_choose):
    assert 'name="posts"' in as_minji.get(LEAVE).text
    assert as_minji.post(LEAVE, {"password": PASSWORD}).status_code == 422
    as_minji.post(LEAVE, {"password": PASSWORD, "posts": "remove"})
    minji.refresh_from_db()
    assert minji.removes_posts is True


def test_the_only_owner_cannot_leave(as_owner, owner, minji):
    page = as_owner.post(LEAVE, {"password": PASSWORD})
    assert page.status_code == 422
    assert "하나뿐인 운영자는 탈퇴할 수 없습니다." in page.text
    owner.refresh_from_db()
    assert owner.left_at is None


def test_one_of_two_owners_may_leave_and_the_other_then_cannot(owner):
    other = Member.objects.create_superuser("second", "second@example.com", PASSWORD)
    leave_site(member=other)
    with pytest.raises(Refused):
        leave_site(member=owner)


# -- Without a password ----------------------------------------------------------------------------
@pytest.fixture
def passwordless(minji):
    minji.set_unusable_password()
    minji.save()
    return minji


def test_members_without_a_password_log_in_again(passwordless, log_in):
    browser = log_in(passwordless)
    page = browser.get(LEAVE)
    assert page.status_code == 403
    assert "다시 로그인해 주세요" in page.text
    assert browser.post(LEAVE, {}).status_code == 403
    passwordless.refresh_from_db()
    assert passwordless.left_at is None


def test_a_recent_log_in_is_enough(passwordless, log_in):
    browser = log_in(passwordless)
    _authenticated(browser, passwordless, ago=10)
    assert 'name="password"' not in browser.get(LEAVE).text
    browser.post(LEAVE, {})
    passwordless.refresh_from_db()
    assert passwordless.left_at is not None


def test_an_old_log_in_is_not_enough(passwordless, log_in):
    browser = log_in(passwordless)
    _authenticated(browser, passwordless, ago=3600)
    assert browser.post(LEAVE, {}).status_code == 403


def _authenticated(browser: Client, member: Member, ago: int) -> None:
    """As allauth records it after a log-in through Kakao."""
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "socialaccount", "at": timezone.now().timestamp() - ago, "provider": "kakao"}
    ]
    session["account_authentication_methods_user"] = str(member.pk)
    session.save()


# -- During the grace period
# --------------------------------------------------------------------------
def test_logging_in_offers_to_come_back(as_guest, minji):
    leave_site(member=minji)
    page = log_in(as_guest)
    assert page.status_code == 403
    assert "탈퇴를 신청한 계정입니다." in page.text
    assert "_auth_user_id" not in as_guest.session
    back = as_guest.post("/accounts/return/", follow=True)
    assert "탈퇴를 취소했습니다. 다시 로그인해 주세요." in back.text
    minji.refresh_from_db()
    assert (minji.left_at, minji.removes_posts) == (None, False)
    assert MemberEvent.objects.filter(member=minji, kind="returned").count() == 1
    assert log_in(as_guest).status_code == 302


def test_nobody_else_can_bring_the_member_back(as_guest, as_junho, minji):
    leave_site(member=minji)
    assert "탈퇴를 신청한" not in log_in(as_guest, password="guess").text
    for browser in (as_guest, as_junho):
        assert browser.post("/accounts/return/").status_code == 302
        assert browser.get("/accounts/return/").status_code == 405
    minji.refresh_from_db()
    assert minji.left_at is not None


def test_the_button_works_for_ten_minutes(as_guest, minji, monkeypatch):
    leave_site(member=minji)
    log_in(as_guest)
    monkeypatch.setattr("accounts.log_in_refusals.RETURN_SECONDS", -1)
    page = as_guest.post("/accounts/return/", follow=True)
    assert "시간이 지났습니다." in page.text
    minji.refresh_from_db()
    assert minji.left_at is not None


def test_the_button_of_an_earlier_leaving_does_not_cancel_a_later_one(as_guest, minji):
    leave_site(member=minji)
    log_in(as_guest)
    return_to_site(member=minji)
    leave_site(member=minji)
    as_guest.post("/accounts/return/")
    minji.refresh_from_db()
    assert minji.left_at is not None


def test_old_sessions_stay_closed_after_the_return(as_guest, minji):
    log_in(as_guest)
    assert as_guest.get("/accounts/profile/").status_code == 200
    leave_site(member=minji)
    assert return_to_site(member=minji)
    assert as_guest.get("/accounts/profile/").status_code == 302


def test_meanwhile_the_profile_is_a_404_and_the_name_stays_on_posts(as_junho, minji, post):
    write_comment(author=minji, post=post, text="또 갈게요")
    assert "/members/minji/" in as_junho.get("/free/1/").text
    leave_site(member=minji)
    page = as_junho.get("/members/minji/")
    assert page.status_code == 404
    assert "탈퇴한 회원입니다." in page.text
    assert as_junho.get("/members/minji/picture/").status_code == 404
    for address in ("/free/1/", "/free/"):
        shown = as_junho.get(address).text
        assert "민지" in shown
        assert "/members/minji/" not in shown


def test_meanwhile_nobody_can_send_messages(minji, junho, owner):
    leave_site(member=minji)
    assert unreached_by(junho, [minji]) == [minji]
    assert unreached_by(owner, [minji]) == [minji]
    notify(member=minji, kind="comment", title="", address="/", about="post:1")
    assert not Notification.objects.exists()
