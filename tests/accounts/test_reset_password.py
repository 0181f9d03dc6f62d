import re
import threading
from datetime import timedelta

import pytest
from allauth.account.forms import UserTokenForm
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions import suspend_member
from accounts.actions.leaving import leave_site
from accounts.models import Member
from boards.actions.leaving import erase_member
from boardsite.models import SiteSettings
from tests.at_once import at_once
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
RESET = "/accounts/password/reset/"
NEW = "haneul-badak-42"


def ask(client, email="minji@example.com", **more):
    return client.post(RESET, {"email": email}, follow=True, **more)


def link() -> str:
    """The path of the link in the latest mail."""
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def choose(client, path, password=NEW):
    """Opens the link like a browser and submits the form it leads to."""
    page = client.get(path, follow=True)
    action = page.request["PATH_INFO"]
    return client.post(action, {"password1": password, "password2": password}, follow=True)


def test_the_mail_has_the_username_and_a_link(as_guest, minji):
    SiteSettings.objects.create(pk=1, name="한울 마을")
    page = ask(as_guest)
    assert "메일을 확인해 주세요." in page.text
    [message] = mail.outbox
    assert message.to == ["minji@example.com"]
    assert message.subject == "[한울 마을] 비밀번호 재설정 안내"
    assert "회원님의 아이디는 minji입니다." in message.body
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", message.body)


def test_the_link_sets_a_new_password(as_guest, minji):
    ask(as_guest)
    page = choose(as_guest, link())
    assert "비밀번호를 바꾸었습니다." in page.text
    minji.refresh_from_db()
    assert minji.check_password(NEW)
    assert "_auth_user_id" not in as_guest.session
    assert mail.outbox[-1].subject.endswith("비밀번호가 바뀌었습니다")


def test_a_weak_password_is_refused_and_the_link_stays_valid(as_guest, minji):
    ask(as_guest)
    path = link()
    assert "너무 짧습니다" in choose(as_guest, path, "short").text
    assert "비밀번호를 바꾸었습니다." in choose(as_guest, path).text


@pytest.mark.parametrize("email", ["nobody@example.com", "gone@example.com", "robot@example.com"])
def test_the_response_is_the_same_for_an_unknown_address(as_guest, minji, email):
    """Case 7: for an unknown member, one who has left, or a robot. Only members who may log in get
    a mail."""
    Member.objects.create_user("gone", "gone@example.com", PASSWORD, is_active=False)
    Member.objects.create_user("robot", "robot@example.com", is_robot=True)
    known, unknown = ask(as_guest), ask(Client(), email)
    assert (known.status_code, known.redirect_chain) == (
        unknown.status_code,
        unknown.redirect_chain,
    )
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", known.text) == token.sub("", unknown.text)
    assert [message.to for message in mail.outbox] == [["minji@example.com"]]


@pytest.mark.parametrize("who", ["owner", "left", "suspended", "erased"])
def test_case_7_the_response_does_not_reveal_who_somebody_is(as_guest, minji, junho, owner, who):
    """An owner, a member who has left (who gets the mail, because they may come back), one who is
    suspended, one who was erased."""
    if who == "left":
        leave_site(member=junho)
    elif who == "suspended":
        suspend_member(member=junho, until=None, reason="도배", by=owner)
    elif who == "erased":
        erase_member(member=junho)
    mail.outbox.clear()
    known = ask(as_guest)
    answer = ask(Client(), "owner@example.com" if who == "owner" else "junho@example.com")
    assert answer.status_code == known.status_code
    assert answer.redirect_chain == known.redirect_chain
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", known.text) == token.sub("", answer.text)
    assert len(mail.outbox) == (1 if who == "erased" else 2)


def test_an_unavailable_mail_server_reveals_nothing(as_guest, minji, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.EmailMessage, "send", away)
    assert ask(as_guest).status_code == 200


def test_the_link_works_once(as_guest, minji):
    """Case 5."""
    ask(as_guest)
    path = link()
    choose(as_guest, path)
    assert "쓸 수 없는 링크입니다." in Client().get(path, follow=True).text


def test_the_link_expires_after_six_hours(as_guest, minji, monkeypatch):
    """Case 5."""
    ask(as_guest)
    later = timezone.make_naive(timezone.now() + timedelta(hours=6, seconds=2))
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    assert "쓸 수 없는 링크입니다." in as_guest.get(link(), follow=True).text


def test_one_of_eight_parallel_submissions_succeeds(side_by_side, minji, monkeypatch):
    """Attack case 116: each request has checked the link before any of them changes anything."""
    ask(Client())
    path, browsers = link(), [Client() for _ in range(8)]
    places = {each.get(path, follow=True).request["PATH_INFO"] for each in browsers}
    gate, clean = threading.Barrier(8, timeout=60), UserTokenForm.clean

    def together(form):
        data = clean(form)
        gate.wait()
        return data

    monkeypatch.setattr(UserTokenForm, "clean", together)
    [place], pages = places, {}

    def press(number):
        new = f"{NEW}-{number}"
        pages[number] = browsers[number].post(place, {"password1": new, "password2": new})

    at_once(8, press)
    [winner] = [number for number, page in pages.items() if page.status_code == 302]
    for number, page in pages.items():
        assert number == winner or "쓸 수 없는 링크입니다." in page.text
    minji.refresh_from_db()
    assert minji.check_password(f"{NEW}-{winner}")


@pytest.mark.parametrize("change", ["email", "password"])
def test_the_link_expires_with_the_email_and_the_password(as_guest, minji, change):
    """Case 5."""
    ask(as_guest)
    if change == "email":
        minji.email = "other@example.com"
    else:
        minji.set_password("another-42-horse")
    minji.save()
    assert "쓸 수 없는 링크입니다." in as_guest.get(link(), follow=True).text


def test_another_members_link_is_invalid(as_guest, minji, junho):
    ask(as_guest)
    ask(as_guest, "junho@example.com")
    uids = [re.search(r"/key/(\w+)-", message.body)[1] for message in mail.outbox]
    assert "쓸 수 없는 링크입니다." in as_guest.get(link().replace(uids[1], uids[0], 1)).text


def test_every_link_is_unique(minji, junho):
    """Case 5: ten thousand, for two members and at the same time."""
    maker = PasswordResetTokenGenerator()
    made = set()
    for number in range(5_000):
        for member in (minji, junho):
            member.password = f"{number}"  # a part of the token's hash
            made.add(maker.make_token(member))
    assert len(made) == 10_000


def test_all_sessions_end(as_guest, as_minji, minji):
    """Case 5."""
    ask(as_guest)
    choose(as_guest, link())
    assert as_minji.get("/accounts/profile/").status_code == 302


def test_the_link_names_the_configured_host(as_guest, minji, settings):
    """Case 6."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://board.example.kr"
    ask(as_guest, headers={"host": "evil.test"})
    assert "https://board.example.kr/accounts/password/reset/key/" in mail.outbox[0].body
    assert "evil.test" not in mail.outbox[0].body + mail.outbox[0].subject


def test_an_unknown_host_is_refused(as_guest, minji):
    """Case 6."""
    assert ask(as_guest, headers={"host": "evil.test"}).status_code == 400
    assert not mail.outbox


def test_requests_are_limited(as_guest, minji):
    answers = [ask(as_guest).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert len(mail.outbox) == 5


# -- Changing it while logged in


def test_a_member_changes_the_password(as_minji, minji):
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    page = as_minji.post("/accounts/password/change/", change, follow=True)
    assert "비밀번호를 바꾸었습니다." in page.text
    minji.refresh_from_db()
    assert minji.check_password(NEW)
    assert mail.outbox[0].to == ["minji@example.com"]


def test_the_old_password_is_required(as_minji, minji):
    """Case 10."""
    change = {"oldpassword": "guess", "password1": NEW, "password2": NEW}
    assert "지금 비밀번호가 틀립니다." in as_minji.post("/accounts/password/change/", change).text
    minji.refresh_from_db()
    assert minji.check_password(PASSWORD)


# -- Somebody who knew the old password keeps no way back


@pytest.mark.parametrize("way", ["change", "reset", "by the owner"])
def test_a_pending_address_is_removed(as_minji, as_owner, minji, way):
    """Case 5: somebody with her old password has requested a change to their own address, and has
    the link."""
    as_minji.post("/accounts/email/", {"action_add": "1", "email": "thief@example.com"})
    as_minji.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"})
    assert mail.outbox[-1].to == ["thief@example.com"]
    thiefs = link()
    new = {"password1": NEW, "password2": NEW}
    if way == "change":
        as_minji.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    elif way == "reset":
        ask(Client())
        choose(Client(), link())
    else:
        as_owner.post(f"/admin/accounts/member/{minji.pk}/password/", new)
    minji.refresh_from_db()
    assert minji.check_password(NEW)
    assert "쓸 수 없는 링크입니다." in Client().get(thiefs).text
    Client().post(thiefs)
    minji.refresh_from_db()
    assert minji.email == "minji@example.com"
    mail.outbox.clear()
    ask(Client(), "thief@example.com")
    assert not mail.outbox


@pytest.mark.parametrize("is_verified", [False, True])
def test_a_provider_connected_by_somebody_else_is_removed(as_guest, minji, is_verified):
    """Case 16: somebody made an account with her address before she came, and connected their own
    Kakao."""
    EmailAddress.objects.create(user=minji, email=minji.email, primary=True, verified=is_verified)
    SocialAccount.objects.create(user=minji, provider="kakao", uid="thief")
    ask(as_guest)
    choose(as_guest, link())
    assert SocialAccount.objects.exists() == is_verified
    was_mailed = any("연결이 끊어졌습니다" in message.subject for message in mail.outbox)
    assert was_mailed != is_verified
