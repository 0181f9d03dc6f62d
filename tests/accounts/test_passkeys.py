"""Passkeys: a finger, a face or a PIN instead of the password. tests.accounts.software_key acts as
the browser; tests/browser/test_passkey.py uses Chromium."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone
from fido2.webauthn import AuthenticatorData

from accounts.models import MemberEvent
from boardsite.models import SiteSettings
from tests.accounts.software_key import ADD, LOG_IN, SoftwareKey
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LIST = "/accounts/2fa/webauthn/"
SECOND = "/accounts/2fa/authenticate/"
JSON = {"accept": "application/json"}
WRONG = "코드가 틀립니다."


def prove(client, path=LIST):
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def notes(member) -> list[str]:
    events = MemberEvent.objects.filter(member=member, kind=MemberEvent.Kind.SECURITY)
    return [event.words for event in events.order_by("pk")]


@pytest.fixture
def key(as_minji, minji):
    """A passkey of minji."""
    prove(as_minji)
    key = SoftwareKey()
    key.pk = key.register(as_minji, "내 노트북")
    assert key.pk
    mail.outbox.clear()
    return key


# -- Adding, naming, deleting


@pytest.mark.django_db(transaction=True)
def test_add_a_passkey(as_minji, minji):
    SiteSettings.objects.create(pk=1, name="한울 마을")
    assert as_minji.get(ADD)["Location"].startswith("/accounts/reauthenticate/")
    prove(as_minji)
    SoftwareKey().register(as_minji, "내 노트북")
    assert "내 노트북" in as_minji.get(LIST).text
    assert sorted(notes(minji)) == ["추가: 복구 코드", "추가: 패스키 (내 노트북)"]
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["minji@example.com"],
        "[한울 마을] 패스키를 등록했습니다",
    )
    assert "회원님의 로그인 방법에 패스키가 등록되었습니다." in message.body


def test_the_options_for_the_browser(as_minji, minji):
    SiteSettings.objects.create(pk=1, name="한울 마을")
    prove(as_minji)
    page = as_minji.get(ADD)
    asked = page.context["js_data"]["creation_options"]["publicKey"]
    assert asked["rp"] == {"id": "testserver", "name": "한울 마을"}
    assert (asked["user"]["name"], asked["user"]["displayName"]) == ("minji", "민지")
    assert '<script id="passkey-options" type="application/json">' in page.text
    assert "자바스크립트를 켜야 합니다." in page.text
    assert "등록하면 비밀번호로 로그인할 때에도" in page.text


def test_a_key_without_user_verification_is_no_passkey(as_minji, minji):
    prove(as_minji)
    assert SoftwareKey().register(as_minji, flags=AuthenticatorData.FLAG.UP) == 0


def test_a_passkey_for_another_site_is_refused(as_minji, minji):
    prove(as_minji)
    assert SoftwareKey("evil.example").register(as_minji) == 0


JUNK = ["", "x", "[]", "{}", "7", "null", '"x"', '{"id": "x"}', '{"response": {}}', "[[[["]
JUNK += ["[" * 100_000, '{"a":' * 100_000]  # nested deeper than Python can parse


@pytest.mark.parametrize("credential", JUNK)
def test_malformed_credentials_are_form_errors(as_minji, minji, key, credential):
    for path in (ADD, "/accounts/2fa/webauthn/reauthenticate/"):
        as_minji.get(path)
        answer = as_minji.post(path, {"name": "x", "credential": credential})
        assert answer.status_code in (200, 302)
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    guest = Client()
    guest.get(LOG_IN, headers=JSON)
    assert guest.post(LOG_IN, {"credential": credential})["Location"] == "/accounts/login/"
    guest.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    assert guest.post(SECOND, {"credential": credential}).status_code == 200
    assert not is_in(guest)


def test_rename_a_passkey(as_minji, key):
    path = f"{LIST}keys/{key.pk}/edit/"
    assert "패스키 이름을 입력해 주세요." in as_minji.post(path, {"name": ""}).text
    as_minji.post(path, {"name": "<b>집 컴퓨터</b>" + "가" * 100})
    page = as_minji.get(LIST).text
    assert "&lt;b&gt;집 컴퓨터&lt;/b&gt;가" in page
    assert "가" * 41 not in page


def test_delete_a_passkey(as_minji, minji, key):
    path = f"{LIST}keys/{key.pk}/remove/"
    assert "내 노트북" in as_minji.get(path).text
    assert Authenticator.objects.filter(pk=key.pk).exists(), "a link deletes nothing"
    page = as_minji.post(path, follow=True)
    assert "패스키를 지웠습니다." in page.text
    assert not Authenticator.objects.filter(user=minji).exists(), "nor do recovery codes stay"
    assert notes(minji)[-2:] == ["삭제: 패스키 (내 노트북)", "삭제: 복구 코드"]
    assert mail.outbox[-1].subject.endswith("패스키를 지웠습니다")
    assert not is_in_by(key)


def test_nobody_changes_the_passkey_of_another(as_junho, key):
    prove(as_junho)
    for action in ("edit", "remove"):
        path = f"{LIST}keys/{key.pk}/{action}/"
        assert as_junho.get(path).status_code == 404
        assert as_junho.post(path, {"name": "내 것"}).status_code == 404
    assert "내 노트북" not in as_junho.get(LIST).text
    assert Authenticator.objects.get(pk=key.pk).wrap().name == "내 노트북"


# -- Logging in


def is_in_by(key) -> bool:
    client = Client()
    key.log_in(client)
    return is_in(client)


def test_log_in_with_a_passkey(as_guest, minji, key):
    page = as_guest.get("/accounts/login/").text
    assert 'data-passkey="get"' in page
    assert key.log_in(as_guest)["Location"] == "/"
    assert as_guest.session["_auth_user_id"] == str(minji.pk)
    assert as_guest.session.get_expire_at_browser_close(), "nobody asked to be kept logged in"


def test_it_redirects_to_the_requested_page(key):
    assert key.log_in(Client(), next="/free/")["Location"] == "/free/"
    assert key.log_in(Client(), next="//evil")["Location"] == "/"


def test_the_session_key_changes_at_log_in(as_guest, key):
    """Case 3."""
    as_guest.get(LOG_IN, headers=JSON)
    before = as_guest.session.session_key
    key.log_in(as_guest)
    assert as_guest.session.session_key != before


def test_a_response_is_valid_once(as_guest, key):
    options = as_guest.get(LOG_IN, headers=JSON).json()["request_options"]["publicKey"]
    answer = {"credential": json.dumps(key.shown(options["challenge"]))}
    as_guest.post(LOG_IN, answer)
    assert is_in(as_guest)
    as_guest.post("/accounts/logout/")
    as_guest.post(LOG_IN, answer)
    assert not is_in(as_guest)
    other = Client()
    other.get(LOG_IN, headers=JSON)
    other.post(LOG_IN, answer)
    assert not is_in(other)


def test_one_members_key_does_not_log_in_another(junho, key):
    key.member = junho
    client = Client()
    page = client.get("/accounts/login/")
    key.log_in(client)
    assert not is_in(client)
    assert WRONG in client.get("/accounts/login/").text
    assert page.status_code == 200


def test_a_suspended_member_reads_the_reason(minji, key):
    minji.suspended_until = timezone.now() + timedelta(days=3)
    minji.suspension_reason = "광고 글"
    minji.save()
    client = Client()
    page = key.log_in(client)
    assert page.status_code == 403
    assert "광고 글" in page.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("why", ["inactive", "pending", "left"])
def test_members_who_may_not_log_in_cannot_by_a_passkey(minji, key, why):
    if why == "inactive":
        minji.is_active = False
    elif why == "pending":
        minji.pending_since = timezone.now()
    else:
        minji.left_at = timezone.now()
    minji.save()
    client = Client()
    key.log_in(client)
    assert client.get("/accounts/profile/").status_code == 302


def test_the_password_alone_is_then_not_enough(as_guest, minji, key):
    form = {"login": "minji", "password": PASSWORD}
    assert as_guest.post("/accounts/login/", form)["Location"] == SECOND
    page = as_guest.get(SECOND)
    asked = page.context["js_data"]["request_options"]["publicKey"]
    assert len(asked["allowCredentials"]) == 1
    as_guest.post(SECOND, {"credential": json.dumps(key.shown(asked["challenge"]))})
    assert is_in(as_guest)


def test_a_wrong_passkey_reveals_nothing(as_minji, minji, key):
    path = "/accounts/2fa/webauthn/reauthenticate/"
    asked = as_minji.get(path).context["js_data"]["request_options"]["publicKey"]
    unregistered = SoftwareKey()
    unregistered.member = minji
    answer = {"credential": json.dumps(unregistered.shown(asked["challenge"])), "next": LIST}
    page = as_minji.post(path, answer)
    assert page.status_code == 200
    assert WRONG in page.text


def test_reauthentication_by_a_passkey(minji, key):
    browser = Client()
    key.log_in(browser)
    path = "/accounts/2fa/webauthn/reauthenticate/"
    assert "패스키로 확인" in browser.get("/accounts/reauthenticate/").text
    asked = browser.get(path).context["js_data"]["request_options"]["publicKey"]
    answer = {"credential": json.dumps(key.shown(asked["challenge"])), "next": LIST}
    assert browser.post(path, answer)["Location"] == LIST
    assert browser.get(ADD).status_code == 200


def test_a_copy_with_a_lower_counter_is_refused(minji, key, mailoutbox):
    """Attack case 119: two devices sign with one key, and the copy's counter does not grow."""
    for key.counter in (7, 8, 20):
        assert is_in_by(key)
    for key.counter in (20, 8, 0):
        assert not is_in_by(key)
    assert notes(minji)[-1] == "복제되었을 수 있음: 패스키 (내 노트북)"
    key.counter = 21
    assert is_in_by(key), "a key that counts on is still good"


@pytest.mark.django_db(transaction=True)
def test_the_member_is_notified_of_a_copy_once(minji, key):
    """Attack case 119."""
    key.counter = 7
    is_in_by(key)
    for _ in range(2):
        assert not is_in_by(key)
    [message] = [each for each in mail.outbox if "패스키 로그인을 막았습니다" in each.subject]
    assert message.to == ["minji@example.com"]
    assert "내 노트북" in message.body


def test_a_copy_is_not_accepted_as_a_second_factor(as_guest, minji, key):
    """Attack case 119."""
    key.counter = 7
    assert is_in_by(key)
    as_guest.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    asked = as_guest.get(SECOND).context["js_data"]["request_options"]["publicKey"]
    page = as_guest.post(SECOND, {"credential": json.dumps(key.shown(asked["challenge"]))})
    assert "복제되었을 수 있어" in page.text
    assert not is_in(as_guest)


def test_a_key_may_start_with_any_counter(as_minji, minji):
    prove(as_minji)
    key = SoftwareKey()
    key.counter = 5
    assert key.register(as_minji)
    assert not is_in_by(key)
    key.counter = 6
    assert is_in_by(key)


def test_most_passkeys_do_not_count(minji, key):
    assert is_in_by(key)
    assert is_in_by(key)


def test_repeated_tries_are_refused(as_guest, key):
    """Case 13 for passkeys: the guesser's address has to wait, but the member can log in from
    another one."""
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    answers = [guesser.post(LOG_IN, {"credential": "{}"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert is_in_by(key)


def test_a_csrf_token_is_required(key):
    browser = Client(enforce_csrf_checks=True)
    assert key.log_in(browser).status_code == 403
    assert not is_in(browser)
