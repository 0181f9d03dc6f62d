import hashlib
import re

import pytest
from django.test import Client

from accounts.adapters import account
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
LOG_IN = "/accounts/login/"
WRONG = "가입된 아이디가 아니거나 비밀번호가 틀립니다."


def log_in(client, login="minji", password=PASSWORD, **more):
    return client.post(LOG_IN, {"login": login, "password": password, **more})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["minji", " Minji ", "minji@example.com", "MINJI@example.com"])
def test_by_username_or_email(as_guest, minji, login):
    response = log_in(as_guest, login)
    assert response["Location"] == "/"
    assert as_guest.session["_auth_user_id"] == str(minji.pk)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("minji", "wrong"),
        ("minji", PASSWORD.upper()),
        ("nobody", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("민지", PASSWORD),
    ],
)
def test_a_refusal_does_not_say_which_was_wrong(as_guest, minji, login, password):
    page = log_in(as_guest, login, password)
    assert page.status_code == 200
    assert WRONG in page.text
    assert f'value="{login}"' in page.text
    assert not is_in(as_guest)


def test_empty_fields_are_refused(as_guest):
    page = as_guest.post(LOG_IN, {})
    assert "아이디 또는 E-mail을 입력해 주세요." in page.text
    assert "비밀번호를 입력해 주세요." in page.text


def test_the_session_ends_with_the_browser(as_guest, minji):
    log_in(as_guest)
    assert as_guest.session.get_expire_at_browser_close()


def test_the_session_lasts_a_month_if_the_member_wants_it(as_guest, minji):
    log_in(as_guest, remember="on")
    assert not as_guest.session.get_expire_at_browser_close()
    assert as_guest.session.get_expiry_age() == 31 * 24 * 3600


def test_the_session_key_changes_at_log_in(as_guest, minji):
    """Case 3: the old key belongs to nobody, also if it was planted."""
    as_guest.get(LOG_IN)
    session = as_guest.session
    session["planted"] = True
    session.save()
    before = session.session_key
    log_in(as_guest)
    assert as_guest.session.session_key != before
    assert not is_known(before)


def is_known(session_key: str) -> bool:
    """Whether a browser with this cookie is logged in."""
    browser = Client()
    browser.cookies["sessionid"] = session_key
    return browser.get("/accounts/profile/").status_code == 200


def test_session_keys_are_random(as_guest, minji):
    """Case 1: 32 of 36 characters are 165 bits, and the same person never gets the same cookie
    twice."""
    keys = set()
    for _ in range(3):
        log_in(as_guest, remember="on")
        keys.add(as_guest.session.session_key)
        as_guest.post("/accounts/logout/")
    assert len(keys) == 3
    assert all(re.fullmatch("[0-9a-z]{32}", key) for key in keys)
    assert not any(is_known(key) for key in keys), "logged out is logged out for this device"


@pytest.mark.parametrize("has_password", [True, False])
def test_a_computed_cookie_is_invalid(minji, has_password):
    """Cases 1 and 2: computed from what others may know of a member, with or without a password."""
    if not has_password:
        minji.set_unusable_password()
        minji.save()
    for known in (minji.password, f"minji{minji.password}", f"127.0.0.1{minji.password}", ""):
        hashed = hashlib.md5(known.encode(), usedforsecurity=False).hexdigest()
        for computed in (hashed, str(minji.pk), known[:32]):
            browser = Client()
            for name in ("sessionid", "ck_mb_id", "ck_auto", "remember"):
                browser.cookies[name] = computed
            assert browser.get("/accounts/profile/").status_code == 302


def test_a_new_password_ends_the_sessions_on_other_devices(as_guest, minji):
    """Cases 1 and 3: all other devices are logged out, and this one has a new key."""
    elsewhere = Client()
    log_in(elsewhere, remember="on")
    log_in(as_guest)
    before = as_guest.session.session_key
    new = "haneul-badak-42"
    change = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    as_guest.post("/accounts/password/change/", change)
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert as_guest.get("/accounts/profile/").status_code == 200
    assert as_guest.session.session_key != before
    assert not is_known(before)


def test_from_the_small_form_beside_the_posts(as_guest, minji, board):
    page = as_guest.get("/free/").text
    assert 'action="/accounts/login/"' in page
    assert 'name="next" value="/free/"' in page
    assert log_in(as_guest, next="/free/")["Location"] == "/free/"


def test_it_returns_to_the_page_with_its_query(as_guest, minji):
    page = as_guest.get(LOG_IN, {"next": "/search/?q=정책&page=2"}).text
    assert 'name="next" value="/search/?q=정책&amp;page=2"' in page
    location = log_in(as_guest, next="/search/?q=정책&page=2")["Location"]
    assert location == "/search/?q=%EC%A0%95%EC%B1%85&page=2"


# Attack case 72. None of these may redirect anywhere but to the front page.
ELSEWHERE = [
    "//evil",
    "///evil",
    "////evil.example/x",
    "/\\evil",
    "\\\\evil",
    "\\/evil",
    "https:evil",
    "https:/evil",
    "https://evil/",
    "http://testserver@evil/",
    "http://us@evil",
    "https://evil\\@us",
    "%2f%2fevil",
    "%252f%252fevil",
    "/\t/evil",
    "/\n/evil",
    "\t//evil",
    " //evil",
    "\1",
    "/\1/evil",
    "%0d%0aSet-Cookie:a=b",
    "/free/\r\nSet-Cookie:a=b",
    "javascript:alert(1)",
    "JavaScript://testserver/%0aalert(1)",
    "data:text/html,x",
    "evil.example",
    "free/",
    "?next=/",
    "http://testserver/free/",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_it_does_not_redirect_to_other_sites(as_guest, minji, address):
    response = log_in(as_guest, next=address)
    assert response["Location"] == "/"
    assert "Set-Cookie:a" not in str(response.headers)
    assert as_guest.get(LOG_IN, {"next": address})["Location"] == "/"
    assert as_guest.post("/accounts/logout/", {"next": address})["Location"] == "/"


def test_a_member_is_redirected(as_minji):
    assert as_minji.get(LOG_IN)["Location"] == "/"
    assert as_minji.get(LOG_IN + "?next=/free/")["Location"] == "/free/"


def test_guessing_is_refused_after_ten_wrong_passwords(as_guest, minji):
    for _ in range(10):
        assert WRONG in log_in(as_guest, password="guess").text
    assert "로그인을 여러 번 실패했습니다." in log_in(as_guest).text
    assert not is_in(as_guest)


def test_a_guesser_does_not_lock_the_member_out(as_guest, minji):
    """Case 13: the guesser's address has to wait, but the member can log in from another one."""
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(20):
        log_in(guesser, password="guess")
    log_in(guesser)
    assert not is_in(guesser)
    log_in(as_guest)
    assert is_in(as_guest)


def test_a_guesser_with_many_ipv6_networks_is_limited(minji, monkeypatch):
    """Attack case 113: each /64 of a /56 used to have its own limit."""
    monkeypatch.setattr(account, "LOG_INS_OF_NETWORK", 2)
    guessers = [Client(REMOTE_ADDR=f"2001:db8:1:1{number:02x}::1") for number in range(10)]
    answers = [log_in(guesser, password="guess").text for guesser in guessers]
    assert [WRONG in answer for answer in answers] == [True] * 2 * 4 + [False] * 2
    log_in(guessers[-1])
    assert not is_in(guessers[-1])
    log_in(elsewhere := Client(REMOTE_ADDR="2001:db8:1:200::1"))
    assert is_in(elsewhere)


def test_successful_log_ins_do_not_count(minji, monkeypatch):
    monkeypatch.setattr(account, "LOG_INS_OF_NETWORK", 1)
    for _ in range(3):
        log_in(member := Client(REMOTE_ADDR="2001:db8:1:1::1"))
        assert is_in(member)


def test_too_many_log_ins_get_a_429(as_guest, minji):
    for _ in range(30):
        log_in(as_guest, password="")
    page = log_in(as_guest)
    assert page.status_code == 429
    assert "우리 게시판" in page.text


def test_a_csrf_token_is_required(minji):
    browser = Client(enforce_csrf_checks=True)
    assert log_in(browser).status_code == 403
    assert not is_in(browser)


def test_it_works_for_a_server_on_a_unix_socket(minji):
    client = Client(REMOTE_ADDR="")
    assert log_in(client).status_code == 302


# -- Logging out


def test_log_out_by_post(as_minji):
    response = as_minji.post("/accounts/logout/", {"next": "/free/"})
    assert response["Location"] == "/free/"
    assert not is_in(as_minji)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_or_picture_cannot_log_out(as_minji, method):
    page = getattr(as_minji, method)("/accounts/logout/")
    assert page.status_code == 200
    assert is_in(as_minji)


def test_logging_out_requires_a_csrf_token(minji):
    client = Client(enforce_csrf_checks=True)
    client.force_login(minji)
    assert client.post("/accounts/logout/").status_code == 403
    assert is_in(client)
