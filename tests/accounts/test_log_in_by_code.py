"""Log-in by a mailed code instead of the password: once, soon, in the same browser."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Member
from boardsite.models import SiteSettings
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
ASK = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def ask(client, email="minji@example.com", **more):
    return client.post(ASK, {"email": email, **more}, follow=True)


def code_of(message) -> str:
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", message.body, re.MULTILINE)[0]


def give(client, code=None, **more):
    return client.post(CONFIRM, {"code": code or code_of(mail.outbox[-1]), **more})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_code_logs_in(as_guest, minji):
    assert ASK in as_guest.get("/accounts/login/").text
    page = ask(as_guest)
    assert "minji@example.com</b> 주소로 가입한 회원이 있으면" in page.text
    assert give(as_guest)["Location"] == "/"
    assert as_guest.session["_auth_user_id"] == str(minji.pk)
    assert as_guest.session.get_expire_at_browser_close(), "nobody asked to be kept logged in"


def test_the_mail(as_guest, minji):
    SiteSettings.objects.create(pk=1, name="한울 마을")
    ask(as_guest)
    [message] = mail.outbox
    assert message.to == ["minji@example.com"]
    assert message.subject == "[한울 마을] 로그인 코드"
    assert "코드는 10분 동안 한 번만 쓸 수 있습니다." in message.body
    assert "운영자도 묻지 않습니다." in message.body
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", message.body)
    assert "http" not in message.body.replace("http://localhost:8000/", "")


def test_lower_case_and_spaces_are_accepted(as_guest, minji):
    ask(as_guest)
    give(as_guest, code_of(mail.outbox[0]).lower().replace("-", " "))
    assert is_in(as_guest)


def test_it_redirects_to_the_requested_page(as_guest, minji):
    page = ask(as_guest, next="/free/")
    assert 'name="next" value="/free/"' in page.text
    assert give(as_guest, next="/free/")["Location"] == "/free/"
    other = Client()
    ask(other, next="//evil")
    assert give(other, next="//evil")["Location"] == "/"


def test_it_works_once_and_in_this_browser_only(as_guest, minji):
    ask(as_guest)
    other = Client()
    assert give(other)["Location"] == ASK
    assert not is_in(other)
    give(as_guest)
    as_guest.post("/accounts/logout/")
    assert give(as_guest)["Location"] == ASK
    assert not is_in(as_guest)


def test_a_new_code_replaces_the_old_one(as_guest, minji):
    ask(as_guest)
    old = code_of(mail.outbox[0])
    as_guest.post("/accounts/logout/", {"next": ASK})  # the button 코드 다시 받기
    ask(as_guest)
    assert "코드가 틀립니다." in give(as_guest, old).text
    assert give(as_guest).status_code == 302
    assert is_in(as_guest)


def test_three_wrong_codes_end_it(as_guest, minji):
    """Case 13 for codes: a guesser has three tries, and then even the right one is refused."""
    ask(as_guest)
    for _ in range(2):
        assert "코드가 틀립니다." in give(as_guest, "BBBB-BBBB").text
    page = as_guest.post(CONFIRM, {"code": "BBBB-BBBB"}, follow=True)
    assert "로그인을 여러 번 실패했습니다." in page.text
    give(as_guest)
    assert not is_in(as_guest)


def test_it_expires_after_ten_minutes(as_guest, minji, monkeypatch):
    ask(as_guest)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert give(as_guest)["Location"] == ASK
    assert not is_in(as_guest)


@pytest.mark.parametrize("email", ["nobody@example.com", "gone@example.com", "robot@example.com"])
def test_the_answer_is_the_same_for_an_unknown_address(as_guest, minji, email):
    """Case 7 for codes: no mail where nobody may log in, and no difference in the response."""
    Member.objects.create_user("gone", "gone@example.com", PASSWORD, is_active=False)
    Member.objects.create_user("robot", "robot@example.com", is_robot=True)
    other = Client()
    known, unknown = ask(as_guest), ask(other, email)
    assert known.redirect_chain == unknown.redirect_chain
    assert plain(known) == plain(unknown).replace(email, "minji@example.com")
    for _ in range(3):
        known, unknown = give(as_guest, "BBBB-BBBB"), give(other, "BBBB-BBBB")
        assert known.status_code == unknown.status_code
        assert plain(known) == plain(unknown).replace(email, "minji@example.com")
    assert [message.to for message in mail.outbox] == [["minji@example.com"]]


def plain(page) -> str:
    return TOKEN.sub("", page.content.decode())


def test_a_suspended_member_reads_the_reason(as_guest, minji):
    minji.suspended_until = timezone.now() + timedelta(days=3)
    minji.suspension_reason = "광고 글"
    minji.save()
    ask(as_guest)
    page = give(as_guest)
    assert page.status_code == 403
    assert "광고 글" in page.content.decode()
    assert not is_in(as_guest)


@pytest.mark.parametrize("why", ["pending", "left"])
def test_members_who_may_not_log_in_cannot_by_a_code(as_guest, minji, why):
    if why == "pending":
        minji.pending_since = timezone.now()
    else:
        minji.left_at = timezone.now()
    minji.save()
    ask(as_guest)
    if mail.outbox:
        give(as_guest)
    assert as_guest.get("/accounts/profile/").status_code == 302


def test_the_second_factor_is_required_too(as_guest, minji):
    TOTP.activate(minji, "A" * 32)
    ask(as_guest)
    assert give(as_guest)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(as_guest)


def test_mails_with_codes_are_limited(minji):
    """Cases 15 and 86 for codes: one address gets three in ten minutes, from any member."""
    for number in range(5):
        page = ask(Client(REMOTE_ADDR=f"203.0.113.{number}"))
    assert len(mail.outbox) == 3
    assert "로그인을 여러 번 실패했습니다." in page.text
    browser = Client()
    browser.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    assert is_in(browser), "the password still opens"


def test_a_csrf_token_is_required(minji):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(ASK, {"email": "minji@example.com"}).status_code == 403
    assert not mail.outbox


def test_the_session_key_changes_at_log_in(as_guest, minji):
    """Case 3: a key that was planted before the log-in belongs to nobody."""
    ask(as_guest)
    before = as_guest.session.session_key
    give(as_guest)
    assert as_guest.session.session_key != before
    other = Client()
    other.cookies["sessionid"] = before
    assert other.get("/accounts/profile/").status_code == 302
