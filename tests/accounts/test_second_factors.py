"""A code from an app after the password, and recovery codes for a lost phone."""

import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import MemberEvent
from boardsite.models import SiteSettings
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LOG_IN = "/accounts/login/"
PLACE = "/accounts/2fa/"
PROVE = "/accounts/reauthenticate/"
ACTIVATE = PLACE + "totp/activate/"
DEACTIVATE = PLACE + "totp/deactivate/"
CODES = PLACE + "recovery-codes/"
SECOND = PLACE + "authenticate/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def wrong_code() -> str:
    return f"{(int(code_now()) + 500_000) % 1_000_000:06}"


def prove(client, path=PLACE):
    return client.post(PROVE, {"password": PASSWORD, "next": path})


def log_in(client, login="minji", **more):
    return client.post(LOG_IN, {"login": login, "password": PASSWORD, **more})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def notes(member) -> list[str]:
    events = MemberEvent.objects.filter(member=member, kind=MemberEvent.Kind.SECURITY)
    return [event.words for event in events.order_by("pk")]


@pytest.fixture
def guarded(minji):
    """minji with an app and recovery codes."""
    TOTP.activate(minji, SECRET)
    RecoveryCodes.activate(minji)
    return minji


def recovery_codes(member) -> list[str]:
    return Authenticator.objects.get(user=member, type="recovery_codes").wrap().get_unused_codes()


# -- Activating it


def activate(client):
    """Goes through the page; returns the secret and the next page."""
    prove(client, ACTIVATE)
    page = client.get(ACTIVATE)
    secret = page.context["form"].secret
    return secret, client.post(ACTIVATE, {"code": code_now(secret)}, follow=True)


@pytest.mark.django_db(transaction=True)
def test_activate_an_app(as_minji, minji):
    SiteSettings.objects.create(pk=1, name="한울 마을")
    _secret, page = activate(as_minji)
    assert page.request["PATH_INFO"] == CODES
    codes = re.findall(r"<code>(\d{8})</code>", page.text)
    assert codes == recovery_codes(minji)
    assert len(codes) == 10
    assert notes(minji) == ["추가: 인증 앱", "추가: 복구 코드"]
    [message] = mail.outbox
    assert message.to == ["minji@example.com"]
    assert message.subject == "[한울 마을] 인증 앱을 켰습니다"
    assert "본인이 한 일이 아니라면" in message.body
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", message.body)


def test_the_qr_code_has_what_the_app_needs(as_minji, minji):
    SiteSettings.objects.create(pk=1, name="한울: 마을")
    prove(as_minji)
    page = as_minji.get(ACTIVATE)
    secret = page.context["form"].secret
    address = unquote(page.context["totp_url"])
    assert address == f"otpauth://totp/한울  마을:minji?secret={secret}&issuer=한울: 마을"
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert "data:" in page["Content-Security-Policy"]
    assert f'value="{secret}"' in page.text
    assert "no-store" in page["Cache-Control"]


def test_a_wrong_code_activates_nothing(as_minji, minji):
    prove(as_minji)
    as_minji.get(ACTIVATE)
    page = as_minji.post(ACTIVATE, {"code": "000000x"})
    assert "코드가 틀립니다." in page.text
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("path", [ACTIVATE, CODES + "generate/", PLACE + "webauthn/add/"])
def test_the_password_is_asked_first(as_minji, guarded, path):
    if path == ACTIVATE:
        Authenticator.objects.all().delete()
    assert as_minji.get(path)["Location"].startswith(PROVE)
    assert as_minji.post(path, {"code": code_now()})["Location"].startswith(PROVE)


@pytest.mark.parametrize("path", [DEACTIVATE, CODES, CODES + "download/"])
def test_an_open_session_alone_shows_no_codes(as_minji, guarded, path):
    page = as_minji.get(path)
    assert page["Location"].startswith(PROVE)
    as_minji.post(path)
    assert Authenticator.objects.filter(user=guarded).count() == 2


@pytest.mark.parametrize("path", [PLACE, ACTIVATE, DEACTIVATE, CODES, PLACE + "webauthn/"])
def test_an_anonymous_visitor_is_sent_to_log_in(as_guest, path):
    assert as_guest.get(path)["Location"].startswith(LOG_IN)


def test_the_profile_links_there(as_minji, minji):
    assert f'href="{PLACE}"' in as_minji.get("/accounts/profile/").text
    page = as_minji.get(PLACE).text
    assert "인증 앱 켜기" in page
    assert "복구 코드" not in page, "of no use without a second factor"


# -- Logging in with it


def test_the_password_alone_is_not_enough(as_guest, guarded):
    assert log_in(as_guest)["Location"] == SECOND
    assert not is_in(as_guest)
    assert as_guest.get("/accounts/profile/").status_code == 302
    as_guest.post(SECOND, {"code": code_now()})
    assert as_guest.session["_auth_user_id"] == str(guarded.pk)


def test_the_second_page_requires_the_password(as_guest, guarded):
    assert as_guest.get(SECOND)["Location"] == LOG_IN
    assert as_guest.post(SECOND, {"code": code_now()})["Location"] == LOG_IN
    assert not is_in(as_guest)


def test_it_redirects_to_the_requested_page(as_guest, guarded):
    log_in(as_guest, next="/free/")
    assert as_guest.post(SECOND, {"code": code_now()})["Location"] == "/free/"


def test_the_choice_to_stay_logged_in_is_kept(as_guest, guarded):
    log_in(as_guest, remember="on")
    as_guest.post(SECOND, {"code": code_now()})
    assert not as_guest.session.get_expire_at_browser_close()
    assert as_guest.session.get_expiry_age() == 31 * 24 * 3600


def test_a_wrong_code_and_an_old_one(as_guest, guarded):
    log_in(as_guest)
    assert "코드가 틀립니다." in as_guest.post(SECOND, {"code": wrong_code()}).text
    assert "코드를 입력해 주세요." in as_guest.post(SECOND, {"code": ""}).text
    old = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 - 3))
    assert "코드가 틀립니다." in as_guest.post(SECOND, {"code": old}).text
    assert not is_in(as_guest)


def test_a_code_works_once(as_guest, guarded):
    code = code_now()
    log_in(as_guest)
    as_guest.post(SECOND, {"code": code})
    other = Client()
    log_in(other)
    assert "코드가 틀립니다." in other.post(SECOND, {"code": code}).text
    assert not is_in(other)


def test_a_code_of_another_member_is_invalid(as_guest, guarded, junho):
    TOTP.activate(junho, "A" * 32)
    log_in(as_guest, "junho")
    as_guest.post(SECOND, {"code": code_now()})
    assert not is_in(as_guest)


def test_a_right_code_of_ones_own_does_not_reset_the_limit(guarded, junho):
    """Case 13: junho guesses minji's code and in between logs in to another account, with its app."""
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    RecoveryCodes.activate(junho)
    TOTP.activate(junho, "A" * 32)
    for code in recovery_codes(junho)[:4]:
        for _ in range(2):
            assert "비밀번호가 틀립니다." in guess(guesser).text
        log_in(guesser, "junho")
        guesser.post(SECOND, {"code": code})
        assert is_in(guesser)
        guesser.post("/accounts/logout/")
    for _ in range(2):
        assert "비밀번호가 틀립니다." in guess(guesser).text
    assert "로그인을 여러 번 실패했습니다." in guess(guesser).text


def guess(client):
    return client.post(LOG_IN, {"login": "minji", "password": "guess"})


def test_the_second_page_can_be_left(as_guest, guarded):
    log_in(as_guest)
    assert "로그인 취소" in as_guest.get(SECOND).text
    assert as_guest.post("/accounts/logout/", {"next": LOG_IN})["Location"] == LOG_IN
    assert as_guest.get(SECOND)["Location"] == LOG_IN


def test_the_session_key_changes_at_log_in(as_guest, guarded):
    """Case 3."""
    log_in(as_guest)
    before = as_guest.session.session_key
    as_guest.post(SECOND, {"code": code_now()})
    assert is_in(as_guest)
    assert as_guest.session.session_key != before


def test_suspended_between_password_and_code(as_guest, guarded):
    log_in(as_guest)
    guarded.suspended_until = timezone.now() + timedelta(days=1)
    guarded.save()
    as_guest.post(SECOND, {"code": code_now()})
    assert as_guest.get("/accounts/profile/").status_code == 302


def test_staff_cannot_enter_the_admin_by_the_password_alone(as_guest, owner):
    TOTP.activate(owner, SECRET)
    for path in (LOG_IN, "/admin/login/"):
        form = {"login": "owner", "username": "owner", "password": PASSWORD, "next": "/admin/"}
        as_guest.post(path, form)
        assert not is_in(as_guest)
        assert as_guest.get("/admin/").status_code == 302
    log_in(as_guest, "owner", next="/admin/")
    assert as_guest.post(SECOND, {"code": code_now()})["Location"] == "/admin/"
    assert as_guest.get("/admin/").status_code == 200


# -- Recovery codes


def test_a_recovery_code_works_once(as_guest, guarded):
    code = recovery_codes(guarded)[0]
    log_in(as_guest)
    as_guest.post(SECOND, {"code": code})
    assert is_in(as_guest)
    assert len(recovery_codes(guarded)) == 9
    other = Client()
    log_in(other)
    assert "코드가 틀립니다." in other.post(SECOND, {"code": code}).text
    assert not is_in(other)


@pytest.mark.django_db(transaction=True)
def test_new_codes_replace_the_old_ones(as_minji, guarded):
    old = recovery_codes(guarded)
    prove(as_minji)
    assert "지금까지의 코드는 쓸 수 없게 됩니다." in as_minji.get(CODES + "generate/").text
    page = as_minji.post(CODES + "generate/", follow=True)
    assert not set(old) & set(recovery_codes(guarded))
    assert recovery_codes(guarded)[0] in page.text
    assert notes(guarded) == ["새로 만듦: 복구 코드"]
    assert mail.outbox[-1].subject.endswith("복구 코드를 새로 만들었습니다")


def test_the_codes_as_a_file(as_minji, guarded):
    prove(as_minji)
    answer = as_minji.get(CODES + "download/")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert re.findall(r"^\d{8}$", text, re.MULTILINE) == recovery_codes(guarded)
    assert "우리 게시판 복구 코드 (minji)" in text


def test_the_page_of_codes_is_not_cached(as_minji, guarded):
    prove(as_minji)
    assert "no-store" in as_minji.get(CODES)["Cache-Control"]


def test_codes_without_a_second_factor_are_not_created(as_minji, minji):
    prove(as_minji)
    page = as_minji.post(CODES + "generate/")
    assert "먼저 인증 앱을 켜거나 패스키를 등록해 주세요." in page.text
    assert not Authenticator.objects.exists()


# -- Re-authentication, and deactivating it


def test_reauthentication_by_the_app(as_minji, guarded):
    assert "인증 앱이나 복구 코드로 확인" in as_minji.get(PROVE).text
    path = PLACE + "reauthenticate/"
    assert "코드가 틀립니다." in as_minji.post(path, {"code": wrong_code(), "next": CODES}).text
    assert as_minji.post(path, {"code": code_now(), "next": CODES})["Location"] == CODES
    assert as_minji.get(CODES).status_code == 200


def test_deactivate_the_app(as_minji, guarded, as_guest):
    prove(as_minji)
    as_minji.get(DEACTIVATE)
    assert Authenticator.objects.filter(user=guarded).count() == 2, "a link switches nothing off"
    page = as_minji.post(DEACTIVATE, follow=True)
    assert "인증 앱을 껐습니다." in page.text
    assert not Authenticator.objects.exists()
    assert notes(guarded) == ["삭제: 인증 앱", "삭제: 복구 코드"]
    assert mail.outbox[-1].subject.endswith("인증 앱을 껐습니다")
    log_in(as_guest)
    assert is_in(as_guest)


def test_nobody_deactivates_anothers(as_junho, guarded):
    prove(as_junho)
    assert as_junho.post(DEACTIVATE).status_code == 404
    assert as_junho.get(CODES).status_code == 404
    assert Authenticator.objects.filter(user=guarded).count() == 2
