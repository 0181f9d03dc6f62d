"""Suspending a member and ending it: by actions, in the admin, at log-in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.actions import FOREVER, lift_suspension, suspend_member
from accounts.models import Member, MemberEvent
from accounts.permissions import Refused
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
MEMBERS = "/admin/accounts/member/"


def log_in(client, login="minji", password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_suspended_member_reads_the_reason_at_log_in(as_guest, minji, owner):
    until = datetime(2099, 12, 24, 18, 30, tzinfo=UTC)
    suspend_member(member=minji, until=until, reason="광고 글 <도배>", by=owner)
    page = log_in(as_guest)
    assert page.status_code == 403
    assert "2099년 12월 25일 03:30까지 로그인할 수 없습니다." in page.text
    assert "사유: 광고 글 &lt;도배&gt;" in page.text
    assert not is_in(as_guest)
    assert as_guest.get("/accounts/profile/").status_code == 302


def test_also_with_the_email_address(as_guest, minji, owner):
    suspend_member(member=minji, until=None, reason="도배", by=owner)
    page = log_in(as_guest, "minji@example.com")
    assert page.status_code == 403
    assert "기한 없이 정지되어 로그인할 수 없습니다." in page.text


def test_without_the_password_nothing_is_revealed(as_guest, minji, owner):
    suspend_member(member=minji, until=None, reason="도배", by=owner)
    page = log_in(as_guest, password="guess")
    assert page.status_code == 200
    assert "정지" not in page.text


def test_a_logged_in_member_is_anonymous_from_the_next_request_on(
    as_minji, as_junho, minji, owner
):  # case 4
    """Case 4."""
    assert as_minji.get("/accounts/profile/").status_code == 200
    suspend_member(member=minji, until=timezone.now() + timedelta(days=7), reason="도배", by=owner)
    assert as_minji.get("/accounts/profile/").status_code == 302
    assert as_junho.get("/accounts/profile/").status_code == 200


def test_a_suspension_ends(as_guest, minji, owner):
    suspend_member(
        member=minji, until=timezone.now() - timedelta(seconds=1), reason="도배", by=owner
    )
    assert log_in(as_guest).status_code == 302
    assert is_in(as_guest)


def test_the_staff_end_a_suspension(as_guest, minji, owner):
    suspend_member(member=minji, until=None, reason="오해", by=owner)
    lift_suspension(member=minji, by=owner)
    assert log_in(as_guest).status_code == 302
    minji.refresh_from_db()
    assert (minji.suspended_until, minji.suspension_reason) == (None, "")


def test_an_owner_cannot_be_suspended(owner):
    with pytest.raises(Refused):
        suspend_member(member=owner, until=None, reason="도배", by=owner)
    assert not owner.is_suspended


def test_both_are_recorded(minji, owner):
    suspend_member(member=minji, until=None, reason="도배", by=owner)
    lift_suspension(member=minji, by=owner)
    log = LogEntry.objects.filter(object_id=str(minji.pk)).order_by("pk")
    assert [entry.change_message for entry in log] == ["이용 정지: 도배", "정지 해제"]
    assert {entry.user for entry in log} == {owner}


# -- In the admin


@pytest.fixture
def clerk(db):
    """Staff who may change members and are not owners."""
    from django.contrib.auth.models import Permission

    member = Member.objects.create_user(
        "clerk", "clerk@example.com", PASSWORD, nickname="서기", is_staff=True
    )
    rights = ["view_member", "change_member", "delete_member", "add_member"]
    member.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return member


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


def act(client, action, *members, reason=""):
    chosen = {"action": action, "reason": reason, "_selected_action": [m.pk for m in members]}
    return client.post(MEMBERS, chosen, follow=True)


@pytest.mark.parametrize("word", ["minj", "민지", "minji@example"])
def test_the_owner_finds_a_member(as_owner, minji, junho, word):
    page = as_owner.get(MEMBERS, {"q": word}).text
    assert f"/admin/accounts/member/{minji.pk}/change/" in page
    assert f"/admin/accounts/member/{junho.pk}/change/" not in page
    for words in ("아이디", "별명", "E-mail", "레벨", "글 수", "댓글 수", "정지", "가입일"):
        assert words in page


def test_the_owner_suspends_and_ends_it(as_owner, minji, junho):
    page = act(as_owner, "suspend_for_a_week", minji, junho, reason="도배")
    assert "회원 2명을 정지했습니다." in page.text
    minji.refresh_from_db()
    week = minji.suspended_until - timezone.now()
    assert timedelta(days=6, hours=23) < week <= timedelta(days=7)
    assert minji.suspension_reason == "도배"
    page = act(as_owner, "suspend_for_ever", minji, reason="또 도배")
    assert "회원 1명을 정지했습니다." in page.text
    minji.refresh_from_db()
    assert minji.suspended_until == FOREVER
    assert "영구" in as_owner.get(MEMBERS, {"suspended": "1"}).text
    assert as_owner.get(f"{MEMBERS}{minji.pk}/change/").status_code == 200
    act(as_owner, "lift", minji)
    minji.refresh_from_db()
    assert not minji.is_suspended
    assert "minji" in as_owner.get(MEMBERS, {"suspended": "0"}).text


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_suspension_needs_a_reason(as_owner, owner, minji, reason):
    for action in ("suspend_for_a_week", "suspend_for_ever"):
        assert "정지 사유를 적어 주세요." in act(as_owner, action, minji, reason=reason).text
    assert as_owner.post("/members/minji/suspend/", {"reason": reason}).status_code == 422
    with pytest.raises(Refused):
        suspend_member(member=minji, until=None, reason=reason, by=owner)
    minji.refresh_from_db()
    assert not minji.is_suspended


def test_nobody_suspends_the_owner(as_clerk, owner):
    page = act(as_clerk, "suspend_for_ever", owner, reason="장난")
    assert "운영자는 정지할 수 없습니다. (owner)" in page.text
    owner.refresh_from_db()
    assert not owner.is_suspended


def test_no_password_is_shown(as_owner, minji):
    page = as_owner.get(f"{MEMBERS}{minji.pk}/change/").text
    assert minji.password not in page
    assert minji.password.rpartition("$")[2][:6] not in page
    assert "md5" not in page
    assert '<a href="../password/">새 비밀번호 정하기</a>' in page


def fields(member, **changes) -> dict:
    data = {"username": member.username, "nickname": member.nickname, "email": member.email}
    return {**data, "introduction": "", "level": member.level, "is_active": "on", **changes}


def test_the_owner_edits_a_member(as_owner, minji):
    changes = {"nickname": "민지기", "level": "5", "email": "New@example.com"}
    as_owner.post(f"{MEMBERS}{minji.pk}/change/", fields(minji, **changes))
    minji.refresh_from_db()
    assert (minji.nickname, minji.level) == ("민지기", 5)
    assert minji.email == "new@example.com"
    assert Member.objects.with_nickname("민지기").exists()


def test_a_name_in_use_is_an_error(as_owner, minji, junho):
    page = as_owner.post(f"{MEMBERS}{minji.pk}/change/", fields(minji, nickname="준-호"))
    assert "이미 존재하는 별명입니다." in page.text


def test_the_owner_adds_a_member(as_owner):
    new = {"username": "sora", "nickname": "매니저", "email": "sora@example.com"}
    passwords = {"password1": "gilgeori-42", "password2": "gilgeori-42"}
    assert as_owner.post(f"{MEMBERS}add/", {**new, **passwords}).status_code == 302
    sora = Member.objects.get(username="sora")
    assert sora.check_password("gilgeori-42")
    assert Member.objects.with_nickname("매니저").get() == sora


def test_a_clerk_cannot_give_rights(as_clerk, clerk, minji):
    power = {"is_superuser": "on", "is_staff": "on", "level": "10"}
    for member in (minji, clerk):
        as_clerk.post(f"{MEMBERS}{member.pk}/change/", fields(member, **power))
        member.refresh_from_db()
        assert not member.is_superuser
        assert member.level == 2
    assert not minji.is_staff


def test_a_clerk_cannot_change_the_owner(as_clerk, owner):  # case 27
    change = fields(owner, nickname="빼앗김")
    assert as_clerk.post(f"{MEMBERS}{owner.pk}/change/", change).status_code == 403
    passwords = {"password1": "gilgeori-42", "password2": "gilgeori-42"}
    assert as_clerk.post(f"{MEMBERS}{owner.pk}/password/", passwords).status_code == 403
    owner.refresh_from_db()
    assert owner.nickname == "운영자"
    assert owner.check_password(PASSWORD)


def test_a_clerk_deletes_nobody(as_clerk, minji):
    assert as_clerk.post(f"{MEMBERS}{minji.pk}/delete/", {"post": "yes"}).status_code == 403
    act(as_clerk, "delete_selected", minji)
    assert Member.objects.filter(pk=minji.pk).exists()


def test_a_member_is_refused(as_minji):
    assert as_minji.get(MEMBERS).status_code in (302, 403)


# -- On the site itself
SUSPEND = "/members/minji/suspend/"


@pytest.fixture
def warden(moderator):
    """A moderator to whom the owner gave the permission to suspend."""
    from django.contrib.auth.models import Permission

    moderator.user_permissions.add(Permission.objects.get(codename="suspend_member"))
    return moderator


def test_a_warden_suspends_from_the_profile(
    as_moderator, as_minji, warden, minji, post, mailoutbox, django_capture_on_commit_callbacks
):
    assert SUSPEND in as_moderator.get("/members/minji/").text
    assert "민지님의 이용 정지" in as_moderator.get(SUSPEND).text
    with django_capture_on_commit_callbacks(execute=True):
        sent = as_moderator.post(SUSPEND, {"days": "3", "reason": "광고 <도배>"}, follow=True)
    assert "민지님을 정지했습니다." in sent.text
    assert as_minji.get("/accounts/profile/").status_code == 302, "with the next request"
    minji.refresh_from_db()
    left = minji.suspended_until - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["minji@example.com"], "[우리 게시판] 이용이 정지되었습니다")
    assert "사유: 광고 <도배>" in mail.body
    until = timezone.localtime(minji.suspended_until)
    assert f"{until.month}월 {until.day}일 {until:%H:%M}까지 정지되었습니다." in mail.body
    event = MemberEvent.objects.get(member=minji, kind="suspended")
    assert (event.by, event.words) == (warden, "광고 <도배>")


def test_for_ever(as_moderator, warden, minji):
    as_moderator.post(SUSPEND, {"days": "", "reason": "사칭"})
    minji.refresh_from_db()
    assert minji.suspended_until == FOREVER


def test_a_warden_ends_it_too(as_moderator, warden, minji, post):
    suspend_member(member=minji, until=None, reason="오해", by=warden)
    assert "/members/minji/lift/" in as_moderator.get("/members/minji/").text
    page = as_moderator.post("/members/minji/lift/", follow=True).text
    assert "민지님의 정지를 풀었습니다." in page
    assert as_moderator.post("/members/minji/lift/").status_code == 302, "pressed twice"
    minji.refresh_from_db()
    assert not minji.is_suspended
    assert MemberEvent.objects.get(member=minji, kind="lifted").by == warden


def test_without_a_reason_or_with_invalid_days_nothing_happens(as_moderator, warden, minji):
    page = as_moderator.post(SUSPEND, {"days": "7", "reason": " "})
    assert page.status_code == 422
    assert "사유를 적어 주세요." in page.text
    page = as_moderator.post(SUSPEND, {"days": "9999999999", "reason": "도배"})
    assert page.status_code == 422
    assert 'value="도배"' in page.text
    minji.refresh_from_db()
    assert not minji.is_suspended


def test_a_moderator_without_the_permission_is_refused(as_moderator, as_junho, minji, post):
    assert "/suspend/" not in as_moderator.get("/members/minji/").text
    for browser in (as_moderator, as_junho):
        assert browser.get(SUSPEND).status_code == 403
        assert browser.post(SUSPEND, {"days": "7", "reason": "도배"}).status_code == 403
        assert browser.post("/members/minji/lift/").status_code == 403
    minji.refresh_from_db()
    assert not minji.is_suspended


def test_an_anonymous_visitor_is_sent_to_log_in(as_guest, minji):
    assert as_guest.post(SUSPEND, {"days": "7", "reason": "도배"}).status_code == 302
    minji.refresh_from_db()
    assert not minji.is_suspended


def test_a_moderator_suspends_neither_owner_nor_staff(as_moderator, warden, owner, clerk):
    """Case 27."""
    for member in (owner, clerk):
        address = f"/members/{member.username}/suspend/"
        assert as_moderator.get(address).status_code == 403
        assert as_moderator.post(address, {"days": "", "reason": "반란"}).status_code == 403
        member.refresh_from_db()
        assert not member.is_suspended
        with pytest.raises(Refused):
            suspend_member(member=member, until=None, reason="도배", by=warden)


def test_nobody_suspends_themselves(as_moderator, as_owner, warden):
    address = "/members/moderator/suspend/"
    assert as_moderator.post(address, {"days": "", "reason": "휴식"}).status_code == 403
    assert "/members/moderator/suspend/" in as_owner.get("/members/moderator/").text


def test_staff_suspended_by_an_owner_are_released_by_owners_only(
    client, as_owner, warden, owner, clerk, log_in
):
    """Case 27: also in the admin, where everybody who may suspend has a list to choose from."""
    from django.contrib.auth.models import Permission

    Member.objects.filter(pk=warden.pk).update(is_staff=True)
    warden.user_permissions.add(Permission.objects.get(codename="view_member"))
    suspend_member(member=clerk, until=None, reason="도배", by=owner)
    page = act(log_in(warden), "lift", clerk)
    assert "운영진의 정지는 운영자만 풀 수 있습니다. (clerk)" in page.text
    clerk.refresh_from_db()
    assert clerk.is_suspended
    with pytest.raises(Refused):
        lift_suspension(member=clerk, by=warden)
    act(as_owner, "lift", clerk)
    clerk.refresh_from_db()
    assert not clerk.is_suspended


def test_a_warden_cannot_flood_a_mailbox(
    as_moderator, warden, minji, mailoutbox, django_capture_on_commit_callbacks
):
    """Case 86."""
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(10):
            as_moderator.post(SUSPEND, {"days": "1", "reason": "도배"})
            as_moderator.post("/members/minji/lift/")
    assert len(mailoutbox) == 3
