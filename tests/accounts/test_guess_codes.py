"""Guesses at the code after the password: five, then ever more slowly, with a mail to the member."""

import re
import threading

import pytest
from allauth.account.internal.flows import login_by_code
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from accounts.models import MemberEvent
from tests.accounts.test_second_factors import PROVE, SECOND, code_now, recovery_codes, wrong_code
from tests.accounts.test_second_factors import guarded as guarded
from tests.at_once import at_once
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
WAIT = "뒤에 다시 시도해 주세요."
NOON = 1_795_500_000  # a multiple of five minutes and of an hour


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The windows of rate limits stand still; `clock(seconds)` moves them forward."""
    now = NOON
    monkeypatch.setattr("boardsite.limits.rate_limit._now", lambda: now)

    def forward(seconds):
        nonlocal now
        now += seconds

    return forward


@pytest.fixture
def checked(monkeypatch):
    """The codes that were compared with the right one."""
    codes = []
    compare = totp.validate_totp_code

    def note(secret, code):
        codes.append(code)
        return compare(secret, code)

    monkeypatch.setattr(totp, "validate_totp_code", note)
    return codes


def browser(number: int = 0, login: str = "minji") -> Client:
    """A browser with its own address in which the right password was entered."""
    client = Client(REMOTE_ADDR=f"203.0.113.{number}")
    client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    return client


def known_browser(member) -> Client:
    """A browser in which `member` has logged in and out before."""
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.post("/accounts/login/", {"login": member.username, "password": PASSWORD})
    client.post(SECOND, {"code": recovery_codes(member)[0]})
    assert is_in(client)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": member.username, "password": PASSWORD})
    return client


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.any_database
def test_at_most_five_wrong_codes_are_checked_from_all_addresses(guarded, checked):
    """Attack case 106: a guess from each of twelve addresses; then even the right code is refused."""
    for number in range(12):
        page = browser(number).post(SECOND, {"code": wrong_code()})
    assert WAIT in page.text
    assert len(checked) == 5
    late = browser(99)
    late.post(SECOND, {"code": code_now()})
    assert not is_in(late)


def test_a_refused_address_uses_up_no_members_limit(guarded, monkeypatch):
    monkeypatch.setattr("accounts.actions.guesses.OF_ADDRESS", ((1, 3_600),))
    thief = browser()
    for _ in range(10):
        page = thief.post(SECOND, {"code": wrong_code()})
    assert WAIT in page.text
    late = browser(1)
    late.post(SECOND, {"code": code_now()})
    assert is_in(late)


@pytest.mark.any_database
def test_the_wait_grows(guarded, checked, clock):
    """Attack case 106: five in five minutes, ten in an hour, twenty in a day."""
    counts = []
    browsers = [browser(number) for number in range(6)]
    for _ in range(4):
        for _window in range(3):
            for thief in browsers:
                thief.post(SECOND, {"code": wrong_code()})
            counts.append(len(checked))
            clock(300)
        clock(3_600 - 900)
    assert counts == [5, 10, 10, 15, 20, 20, 20, 20, 20, 20, 20, 20]
    page = browser(9).post(SECOND, {"code": wrong_code()}).text
    assert int(re.search(rf"(\d+)분 {WAIT}", page)[1]) > 60, "until the next day"


def test_a_right_code_does_not_count(guarded):
    for code in recovery_codes(guarded)[:8]:
        client = browser()
        client.post(SECOND, {"code": code})
        assert is_in(client)


def test_members_can_log_in_on_their_known_devices(guarded):
    """Attack case 106: somebody who knows the password cannot lock members out of their own
    devices."""
    known = known_browser(guarded)
    for number in range(20):
        browser(number).post(SECOND, {"code": wrong_code()})
    known.post(SECOND, {"code": code_now()})
    assert is_in(known)


def test_a_known_device_of_another_member_does_not_count(guarded, junho, checked):
    RecoveryCodes.activate(junho)
    totp.TOTP.activate(junho, "A" * 32)
    thief = known_browser(junho)
    thief.post("/accounts/logout/")
    thief.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    checked.clear()
    for _ in range(4):
        thief.post(SECOND, {"code": wrong_code()})
    for number in range(4):
        browser(number).post(SECOND, {"code": wrong_code()})
    assert len(checked) == 5


def test_a_known_device_has_a_limit_too(guarded, checked):
    known = known_browser(guarded)
    checked.clear()
    for _ in range(8):
        known.post(SECOND, {"code": wrong_code()})
    assert len(checked) == 5


@pytest.mark.any_database
def test_ipv6_addresses_of_one_network_share_the_limit(guarded, checked):
    for number in range(8):
        client = Client(REMOTE_ADDR=f"2001:db8:0:{number:x}::1")
        client.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
        assert client.post(SECOND, {"code": wrong_code()}).status_code == 200
    assert len(checked) == 5


@pytest.mark.any_database
@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 100_000])
def test_a_forged_device_is_unknown(guarded, checked, cookie):
    for number in range(8):
        client = browser(number)
        client.cookies["device"] = cookie
        client.post(SECOND, {"code": wrong_code()})
    assert len(checked) == 5


def test_guesses_in_an_open_session_are_limited(as_minji, guarded, checked):
    path = "/accounts/2fa/reauthenticate/"
    for _ in range(8):
        as_minji.post(path, {"code": wrong_code(), "next": PROVE})
    assert len(checked) == 5


@pytest.mark.django_db(transaction=True)
def test_the_member_is_mailed_once(guarded, junho):
    """Attack case 106: after the fifth wrong code, and not again on the same day."""
    for number in range(4):
        browser(number).post(SECOND, {"code": wrong_code()})
    assert not mail.outbox
    for number in range(4, 20):
        browser(number).post(SECOND, {"code": wrong_code()})
    [message] = mail.outbox
    assert message.to == ["minji@example.com"]
    assert message.subject.endswith("로그인 코드가 여러 번 틀렸습니다")
    assert "/accounts/password/change/" in message.body
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", message.body)
    event = MemberEvent.objects.get(kind=MemberEvent.Kind.SECURITY)
    assert (event.member, event.words) == (guarded, "로그인 코드를 여러 번 틀림")


# -- In parallel


def test_parallel_guesses_check_no_more_codes(side_by_side, guarded, checked):
    """Attack case 116, for codes from the app."""
    browsers = [browser(number) for number in range(12)]
    at_once(12, lambda number: browsers[number].post(SECOND, {"code": wrong_code()}))
    assert len(checked) == 5


def test_three_of_many_parallel_mailed_codes_are_checked(side_by_side, minji, monkeypatch):
    """Attack case 116, for mailed codes: eight requests of one session, the limit is three."""
    compared = []
    from allauth.account import forms

    compare = forms.compare_user_code

    def note(*, actual, expected):
        compared.append(actual)
        return compare(actual=actual, expected=expected)

    monkeypatch.setattr(forms, "compare_user_code", note)
    first = Client()
    first.post("/accounts/login/code/", {"email": "minji@example.com"})
    browsers = [Client() for _ in range(8)]
    for each in browsers:
        each.cookies["sessionid"] = first.cookies["sessionid"].value
    resume = login_by_code.LoginCodeVerificationProcess.resume.__func__
    gate = threading.Barrier(8, timeout=60)

    def together(cls, stage):
        """All requests read the session before any of them writes it."""
        process = resume(cls, stage)
        gate.wait()
        return process

    monkeypatch.setattr(login_by_code.LoginCodeVerificationProcess, "resume", classmethod(together))
    at_once(
        8,
        lambda number: browsers[number].post(
            "/accounts/login/code/confirm/", {"code": f"BBBB-BBB{'BCDFGHJK'[number]}"}
        ),
    )
    assert len(compared) == 3
