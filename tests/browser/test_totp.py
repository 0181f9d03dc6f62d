"""An authenticator app: setting it up, logging in with it, and using a recovery code."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from tests.browser.steps import expect, log_in
from tests.browser.test_accessibility import AXE, RULES, RUN
from tests.conftest import PASSWORD


def code_of(secret: str, steps: int = 0) -> str:
    """The code that the app shows `steps` half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def begin_log_in(page):
    box = page.locator(".login-box")
    box.get_by_label("아이디 또는 E-mail").fill("minji")
    box.get_by_label("비밀번호").fill(PASSWORD)
    box.get_by_role("button", name="로그인", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("두 번째 확인")


def log_out(page):
    page.goto("/")
    page.get_by_role("button", name="로그아웃").first.click()
    expect(
        page.locator(".login-box").get_by_role("button", name="로그인", exact=True)
    ).to_be_visible()


def give(page, code):
    page.get_by_label("인증 앱의 코드").fill(code)
    page.locator("main").get_by_role("button", name="로그인", exact=True).click()


def in_time(page):
    """Waits until the current code is valid for some more seconds."""
    page.wait_for_timeout(1000 * (32 - time.time() % 30) if time.time() % 30 > 22 else 0)


def test_set_up_an_app_and_log_in_with_it(open_page, board, minji):
    page = open_page("/")
    log_in(page, "minji")
    page.goto("/accounts/profile/")
    page.get_by_role("link", name="로그인 방법").click()
    page.get_by_role("link", name="인증 앱 켜기").click()
    page.locator("main").get_by_label("비밀번호").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="확인").click()

    picture = page.get_by_role("img", name="QR")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    secret = page.get_by_label("찍을 수 없을 때").input_value()
    in_time(page)
    page.get_by_label("인증 앱의 코드").fill(code_of(secret))
    page.get_by_role("button", name="인증 앱 켜기").click()
    codes = page.locator(".codes code")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="파일로 받기").click()
    assert recovery in download.value.path().read_text("utf-8")
    log_out(page)

    begin_log_in(page)
    give(page, "000000" if code_of(secret) != "000000" else "111111")
    expect(page.get_by_role("link", name="코드가 틀립니다.")).to_be_visible()
    in_time(page)
    give(page, code_of(secret))
    expect(page.get_by_role("button", name="로그아웃").first).to_be_visible()
    log_out(page)

    begin_log_in(page)
    give(page, recovery)
    expect(page.get_by_role("button", name="로그아웃").first).to_be_visible()
    page.goto("/accounts/2fa/")
    expect(page.get_by_text("9개 남았습니다.")).to_be_visible()
    assert page.complaints == []


# -- Pages that tests.browser.places cannot reach: behind the password, or during a log-in


def assert_is_sound(page, where):
    page.evaluate(AXE)
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(RUN, ["html", rules]) == [], f"{where}, {theme}, {width}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, where
    assert page.complaints == [], where


@pytest.mark.parametrize("has_app", [True, False])
def test_pages_behind_the_password(open_page, minji, has_app):
    page = open_page(
        "/accounts/reauthenticate/?next=/accounts/2fa/", member=minji, reduced_motion="reduce"
    )
    page.locator("main").get_by_label("비밀번호").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="확인").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("로그인 방법")
    places = ["totp/activate/", "webauthn/add/"]
    if has_app:
        TOTP.activate(minji, "A" * 32)
        RecoveryCodes.activate(minji)
        places = ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"]
        places += ["reauthenticate/"]
    for place in places:
        page.goto("/accounts/2fa/" + place)
        assert_is_sound(page, place)


def test_pages_during_a_log_in(open_page, minji):
    TOTP.activate(minji, "A" * 32)
    page = open_page("/", reduced_motion="reduce")
    begin_log_in(page)
    give(page, "000000")
    expect(page.get_by_role("link", name="코드가 틀립니다.")).to_be_visible()
    assert_is_sound(page, "second page")
    page.get_by_role("button", name="로그인 취소").click()
    page.get_by_role("link", name="메일로 받은 코드로 로그인").click()
    page.get_by_label("E-mail").fill("minji@example.com")
    page.get_by_role("button", name="코드 받기").click()
    expect(page.get_by_label("로그인 코드")).to_be_visible()
    assert_is_sound(page, "code by mail")
    page.get_by_role("button", name="코드 다시 받기").click()
    expect(page.get_by_role("button", name="코드 받기")).to_be_visible()
