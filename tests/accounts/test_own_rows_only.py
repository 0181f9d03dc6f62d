"""Attack cases 4, 9, 10, 25 and 27: nobody reads or changes another member's rows, and ranks give
no further rights."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.actions import suspend_member
from accounts.actions.leaving import leave_site
from accounts.actions.messages import send_message
from accounts.models import Block, Member, MemberSession, Message, Notification
from boards.actions.leaving import erase_member
from boards.actions.merging import merge_members
from boards.actions.watching import watch_word
from boards.models import WordWatch
from tests.conftest import PASSWORD, make_member

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
MEMBERS = "/admin/accounts/member/"
NEW = "haneul-badak-42"


# -- Blocked accounts (case 4)
# -----------------------------------------------------------------------
@pytest.mark.parametrize("way", ["suspended", "left", "switched off", "merged", "erased"])
def test_case_4_the_next_request_of_a_blocked_member_is_anonymous(
    way, as_minji, minji, junho, owner, board
):
    assert as_minji.get("/accounts/profile/").status_code == 200
    if way == "suspended":
        suspend_member(
            member=minji, until=timezone.now() + timedelta(days=1), reason="도배", by=owner
        )
    elif way == "left":
        leave_site(member=minji)
    elif way == "switched off":
        Member.objects.filter(pk=minji.pk).update(is_active=False)
    elif way == "merged":
        merge_members(kept=junho, gone=minji, by=owner)
    else:
        erase_member(member=minji)
    assert as_minji.get("/accounts/profile/").status_code == 302
    assert "민지님" not in as_minji.get("/").text
    assert as_minji.post("/free/write/", {"subject": "x", "source": "x"}).status_code in (302, 403)
    assert as_minji.post("/messages/write/", {"to": "junho", "text": "x"}).status_code == 302
    assert not Message.objects.exists()


# -- The account (cases 9 and 10) ------------------------------------------------------------------
def test_case_9_another_members_id_changes_nothing_of_theirs(as_minji, minji, junho):
    others = {"user": junho.pk, "user_id": junho.pk, "id": junho.pk, "pk": junho.pk}
    others |= {"mb_id": "junho", "username": "junho"}
    form = {"action_add": "1", "email": "new@example.com", **others}
    asked = as_minji.post("/accounts/email/", form)
    assert asked["Location"].startswith("/accounts/reauthenticate/"), "not without the password"
    as_minji.post("/accounts/reauthenticate/", {"password": PASSWORD, **others})
    as_minji.post("/accounts/email/", form)
    wished = dict(_addresses())
    assert wished == {minji.pk: "new@example.com"}
    junho.refresh_from_db()
    assert junho.email == "junho@example.com"


def _addresses():
    from allauth.account.models import EmailAddress

    return EmailAddress.objects.exclude(email="minji@example.com").values_list("user", "email")


@pytest.mark.parametrize("old", [None, "", "guess"])
def test_case_10_no_new_password_without_the_old_one(old, as_minji, minji, junho):
    """Nor by the form for members without a password."""
    form = {"password1": NEW, "password2": NEW, "user": junho.pk}
    if old is not None:
        form["oldpassword"] = old
    as_minji.post("/accounts/password/change/", form)
    assert as_minji.post("/accounts/password/set/", form).status_code in (302, 403)
    for member in (minji, junho):
        member.refresh_from_db()
        assert member.check_password(PASSWORD)


# -- Rows by id (case 25)
# ----------------------------------------------------------------------------
@pytest.mark.parametrize("person", ["junho", "owner", "guest"])
def test_case_25_nobody_reads_or_deletes_anothers_rows_by_id(person, request, log_in, minji, keys):
    """Messages, notifications, sessions, watched words, accounts at providers."""
    writer = make_member("writer", "글쓴이")
    (message,) = send_message(sender=writer, receivers=[minji], text="둘만의 비밀")
    word = (watch_word(member=minji, word="벚꽃"), WordWatch.objects.get())[1]
    notification = Notification.objects.get(member=minji)
    phone = Client()
    phone.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    session = MemberSession.objects.get(member=minji)
    SocialAccount.objects.create(user=minji, provider="kakao", uid="1")
    browser = Client() if person == "guest" else log_in(request.getfixturevalue(person))
    refused = (302, 403) if person == "guest" else (404,)
    page = browser.get(f"/messages/{message.pk}/")
    assert page.status_code in refused
    assert "둘만의 비밀" not in page.text
    for address in (
        f"/messages/{message.pk}/delete/",
        f"/messages/{message.pk}/report/",
        f"/notifications/{notification.pk}/",
        f"/notifications/{notification.pk}/delete/",
        f"/accounts/sessions/{session.pk}/end/",
        f"/notifications/watching/words/{word.pk}/delete/",
    ):
        answer = browser.post(address, {"reason": "x"})
        assert answer.status_code in refused, address
    for page in ("/messages/", "/messages/?box=sent", "/notifications/", "/accounts/sessions/"):
        assert "글쓴이" not in browser.get(page).text
    message.refresh_from_db()
    notification.refresh_from_db()
    assert (message.read_at, message.reported_at, notification.read_at) == (None, None, None)
    assert WordWatch.objects.exists()
    assert phone.get("/accounts/profile/").status_code == 200


def test_case_25_each_member_has_their_own_box_whoever_sent_it(as_minji, minji, junho, log_in):
    (message,) = send_message(sender=minji, receivers=[junho], text="안녕")
    as_minji.post(f"/messages/{message.pk}/delete/")
    assert as_minji.get(f"/messages/{message.pk}/").status_code == 404
    assert log_in(junho).get(f"/messages/{message.pk}/").status_code == 200


# -- Ranks (case 27)
# ---------------------------------------------------------------------------------
def test_case_27_nobody_below_resets_an_owner(as_moderator, moderator, owner, log_in):
    """Neither the password nor the second factors, names or permissions: as a moderator who may
    suspend, and as staff who may do everything with members but do not own the site."""
    TOTP.activate(owner, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    moderator.user_permissions.add(Permission.objects.get(codename="suspend_member"))
    clerk = make_member("clerk", "서기", is_staff=True)
    everything = Permission.objects.filter(
        content_type__app_label__in=["accounts", "mfa", "account", "socialaccount"]
    )
    clerk.user_permissions.set(everything)
    factor = Authenticator.objects.get(user=owner)
    fields = {"username": "owner", "nickname": "빼앗김", "email": "thief@example.com"}
    new = {"password1": NEW, "password2": NEW}
    for browser in (as_moderator, log_in(clerk)):
        for address, form in (
            (f"{MEMBERS}{owner.pk}/change/", fields),
            (f"{MEMBERS}{owner.pk}/password/", new),
            (f"{MEMBERS}{owner.pk}/delete/", {"post": "yes"}),
            (f"{MEMBERS}merge/", {"kept": "clerk", "gone": "owner", "confirmation": "owner"}),
            (
                "/admin/mfa/authenticator/",
                {"action": "forget_factors", "_selected_action": [factor.pk]},
            ),
            ("/members/owner/suspend/", {"days": "", "reason": "반란"}),
        ):
            assert browser.post(address, form).status_code in (302, 403), address
        chosen = {"_selected_action": [owner.pk], "reason": "반란"}
        for action in ("suspend_for_ever", "set_level", "give_points", "refuse", "approve"):
            browser.post(MEMBERS, {"action": action, **chosen})
    before = owner.email
    owner.refresh_from_db()
    assert (owner.nickname, owner.email, owner.level) == ("운영자", before, 10)
    assert owner.check_password(PASSWORD)
    assert not owner.is_suspended
    assert owner.is_superuser
    assert Authenticator.objects.filter(user=owner).exists()
    assert not Block.objects.exists()
