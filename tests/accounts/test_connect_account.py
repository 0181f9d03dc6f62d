"""Connecting and disconnecting the accounts at providers with which a member logs in."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client

from accounts.models import MemberEvent
from tests.accounts.test_social_log_in import CONNECTIONS, is_in, join, say_yes, start, travel
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]


@pytest.fixture
def in_minji(minji):
    """A browser in which minji has just entered her password."""
    client = Client()
    client.force_login(minji)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def connect(client, provider: str = "kakao"):
    return travel(client, provider, process="connect")


def disconnect(client, account):
    return client.post(CONNECTIONS, {"account": account.pk}, follow=True)


def test_it_requires_a_member(as_guest):
    assert as_guest.get(CONNECTIONS)["Location"].startswith("/accounts/login/")


def test_without_keys_there_is_nothing_to_connect(as_minji):
    assert "쓸 수 있는 소셜 로그인이 없습니다." in as_minji.get(CONNECTIONS).text


def test_a_connected_account_logs_her_in(in_minji, keys, minji, mailoutbox):
    page = in_minji.get(CONNECTIONS).text
    assert page.count("연결하기</button>") == 5
    answer = connect(in_minji)
    assert answer["Location"] == CONNECTIONS
    page = in_minji.get(CONNECTIONS).text
    assert "계정을 연결했습니다." in page
    assert "sora@example.com" in page  # the label of the account
    assert page.count("연결하기</button>") == 4

    assert [mail.to for mail in mailoutbox] == [["minji@example.com"]]
    assert "카카오 계정이 연결되었습니다" in mailoutbox[0].subject
    assert "본인이 한 일이 아니라면" in mailoutbox[0].body
    event = minji.events.get(kind=MemberEvent.Kind.SECURITY)
    assert event.words == "이어 줌: 카카오"
    minji.refresh_from_db()
    assert minji.email == "minji@example.com"
    assert minji.check_password(PASSWORD)

    other = Client()
    travel(other, "kakao")
    assert other.session["_auth_user_id"] == str(minji.pk)


def test_it_does_not_replace_the_second_factor(in_minji, keys, minji):
    connect(in_minji)
    TOTP.activate(minji, "A" * 32)
    other = Client()
    assert travel(other, "kakao")["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(other)
    code = format_hotp_value(hotp_value("A" * 32, int(time.time()) // 30))
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(other)


def test_the_password_is_asked_first(as_minji, keys):
    answer = connect(as_minji)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()
    as_minji.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.count() == 1


def test_another_members_account_is_not_taken_over(in_minji, keys, junho):
    junhos = SocialAccount.objects.create(user=junho, provider="kakao", uid="4711")
    connect(in_minji)
    assert "다른 회원이 이미 연결한 계정입니다." in in_minji.get(CONNECTIONS).text
    junhos.refresh_from_db()
    assert junhos.user == junho


def test_disconnecting_it(in_minji, keys, minji, mailoutbox):
    connect(in_minji)
    page = disconnect(in_minji, SocialAccount.objects.get())
    assert "카카오 계정과의 연결을 끊었습니다." in page.text
    assert not SocialAccount.objects.exists()
    assert "카카오 계정과의 연결이 끊어졌습니다" in mailoutbox[-1].subject
    assert minji.events.filter(kind=MemberEvent.Kind.SECURITY).count() == 2
    other = Client()
    travel(other, "kakao")
    assert not is_in(other)


def test_disconnecting_twice_is_a_404(in_minji, keys):
    connect(in_minji)
    account = SocialAccount.objects.get()
    disconnect(in_minji, account)
    for pk in (account.pk, "", "x", "9" * 30):
        assert in_minji.post(CONNECTIONS, {"account": pk}).status_code == 404


def test_another_members_account_cannot_be_disconnected(in_minji, keys, junho):
    junhos = SocialAccount.objects.create(user=junho, provider="kakao", uid="4711")
    assert in_minji.post(CONNECTIONS, {"account": junhos.pk}).status_code == 404
    assert SocialAccount.objects.filter(pk=junhos.pk).exists()


def test_the_only_way_to_log_in_cannot_be_disconnected(as_guest, keys):
    join(as_guest)
    account = SocialAccount.objects.get()
    page = disconnect(as_guest, account)
    assert "이 계정을 끊으면 로그인할 방법이 없습니다." in page.text
    assert SocialAccount.objects.exists()

    connect(as_guest, "naver")
    SocialApp.objects.filter(provider="naver").delete()  # without its keys it is no way to log in
    disconnect(as_guest, account)
    assert SocialAccount.objects.count() == 2
    SocialApp.objects.create(provider="naver", name="네이버", client_id="x", secret="x")
    disconnect(as_guest, account)
    assert SocialAccount.objects.get().provider == "naver"


def test_a_password_is_a_way_to_log_in(as_guest, keys):
    join(as_guest)
    new = {"password1": "gilgeori-tteokbokki", "password2": "gilgeori-tteokbokki"}
    as_guest.post("/accounts/password/set/", new)
    as_guest.post("/accounts/reauthenticate/", {"password": "gilgeori-tteokbokki"})
    disconnect(as_guest, SocialAccount.objects.get())
    assert not SocialAccount.objects.exists()


def test_an_account_whose_keys_are_gone_can_be_disconnected(in_minji, keys):
    connect(in_minji)
    SocialApp.objects.all().delete()
    assert "카카오" in in_minji.get(CONNECTIONS).text
    disconnect(in_minji, SocialAccount.objects.get())
    assert not SocialAccount.objects.exists()


def test_case_16_somebody_who_logs_in_meanwhile_is_not_connected(in_minji, keys, junho):
    """On a shared computer: minji starts to connect, junho logs in, then the provider's answer comes
    back."""
    back = say_yes(start(in_minji, "kakao", process="connect"))
    in_minji.post("/accounts/logout/")
    in_minji.post("/accounts/login/", {"login": "junho", "password": PASSWORD})
    assert in_minji.session["_auth_user_id"] == str(junho.pk)
    assert in_minji.get(back).status_code == 401
    assert not SocialAccount.objects.exists()


def test_case_16_a_repeated_submission_connects_one_account(in_minji, keys):
    first, second = (say_yes(start(in_minji, "kakao", process="connect")) for _ in range(2))
    in_minji.get(first)
    in_minji.get(second)
    assert SocialAccount.objects.count() == 1
