"""Passkeys in Chromium with a virtual authenticator, and the messages where there is none."""

import pytest

from tests.browser.steps import expect, log_in
from tests.conftest import PASSWORD

PROVE = "회원님의 정보를 안전하게 보호하기 위해"


@pytest.fixture
def open_at_home(open_page, live_server):
    """Like open_page, but at localhost, because passkeys need a host name.

    The browser has an authenticator that always confirms; `page.device` controls it.
    """

    def open_at_home(path="/", *, device=True, **options):
        page = open_page("about:blank", **options)
        page.home = live_server.url.replace("127.0.0.1", "localhost")
        if device:
            page.device = page.context.new_cdp_session(page)
            page.device.send("WebAuthn.enable")
            page.device.number = page.device.send(
                "WebAuthn.addVirtualAuthenticator",
                {
                    "options": {
                        "protocol": "ctap2",
                        "transport": "internal",
                        "hasResidentKey": True,
                        "hasUserVerification": True,
                        "isUserVerified": True,
                        "automaticPresenceSimulation": True,
                    }
                },
            )["authenticatorId"]
        page.goto(page.home + path)
        return page

    return open_at_home


def prove(page):
    expect(page.get_by_text(PROVE)).to_be_visible()
    page.locator("main").get_by_label("비밀번호").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="확인").click()


def log_out(page):
    page.goto(page.home + "/")
    page.get_by_role("button", name="로그아웃").first.click()
    expect(
        page.locator(".login-box").get_by_role("button", name="로그인", exact=True)
    ).to_be_visible()


def add_passkey(page, name="내 노트북"):
    page.goto(page.home + "/accounts/profile/")
    page.get_by_role("link", name="로그인 방법").click()
    page.get_by_role("link", name="패스키 등록").click()
    prove(page)
    page.get_by_label("패스키 이름").fill(name)
    page.get_by_role("button", name="패스키 등록").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("복구 코드")
    expect(page.locator(".codes code")).to_have_count(10)


def test_add_a_passkey_and_log_in_with_it(open_at_home, board, minji):
    page = open_at_home("/")
    log_in(page, "minji")
    add_passkey(page)
    log_out(page)

    page.goto(page.home + "/accounts/login/?next=/free/")
    page.get_by_role("button", name="패스키로 로그인").click()
    page.wait_for_url("**/free/")
    expect(page.get_by_role("button", name="로그아웃").first).to_be_visible()

    # the page shows who is logged in; she renames and deletes it
    page.goto(page.home + "/accounts/2fa/webauthn/")
    page.get_by_role("link", name="이름 바꾸기: 내 노트북").click()
    page.get_by_role("link", name="패스키로 확인").click()
    page.get_by_role("button", name="패스키로 확인").click()
    page.get_by_label("패스키 이름").fill("집 컴퓨터")
    page.get_by_role("button", name="저장").click()
    page.get_by_role("link", name="삭제: 집 컴퓨터").click()
    page.get_by_role("button", name="삭제").click()
    expect(page.get_by_text("등록한 패스키가 없습니다.")).to_be_visible()
    assert page.complaints == []


def test_the_password_is_then_not_enough(open_at_home, board, minji):
    page = open_at_home("/")
    log_in(page, "minji")
    add_passkey(page)
    log_out(page)
    box = page.locator(".login-box")
    box.get_by_label("아이디 또는 E-mail").fill("minji")
    box.get_by_label("비밀번호").fill(PASSWORD)
    box.get_by_role("button", name="로그인", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("두 번째 확인")
    page.get_by_role("button", name="패스키로 확인").click()
    expect(page.get_by_role("button", name="로그아웃").first).to_be_visible()
    assert page.complaints == []


def test_a_device_is_registered_once(open_at_home, minji):
    page = open_at_home("/")
    log_in(page, "minji")
    add_passkey(page)
    page.goto(page.home + "/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="패스키 등록").click()
    expect(page.get_by_role("alert")).to_have_text("이 기기에는 이미 등록한 패스키가 있습니다.")
    expect(page.get_by_role("button", name="패스키 등록")).to_be_enabled()


def test_a_device_without_a_passkey_says_so(open_at_home, minji):
    page = open_at_home("/accounts/login/")
    page.device.send(
        "WebAuthn.setUserVerified", {"authenticatorId": page.device.number, "isUserVerified": False}
    )
    page.get_by_role("button", name="패스키로 로그인").click()
    expect(page.get_by_role("alert")).to_contain_text("패스키를 쓰지 못했습니다.")
    expect(page.get_by_role("button", name="패스키로 로그인")).to_be_enabled()


def test_without_https_the_page_explains_why(open_at_home, minji):
    page = open_at_home("/accounts/login/")
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.reload()
    expect(page.get_by_role("button", name="패스키로 로그인")).to_be_hidden()
    log_in_here(page)
    page.goto(page.home + "/accounts/2fa/webauthn/add/")
    prove(page)
    expect(page.get_by_role("alert")).to_contain_text("https로 시작하는 주소에서")
    expect(page.get_by_role("button", name="패스키 등록")).to_be_disabled()


def log_in_here(page):
    main = page.locator("main")
    main.get_by_label("아이디 또는 E-mail").fill("minji")
    main.get_by_label("비밀번호").fill(PASSWORD)
    main.get_by_role("button", name="로그인", exact=True).click()
    expect(page.get_by_role("button", name="로그아웃").first).to_be_visible()


def test_without_javascript_the_page_says_so(open_at_home, minji):
    page = open_at_home("/accounts/login/", device=False, javascript=False)
    expect(page.get_by_role("button", name="패스키로 로그인")).to_be_hidden()
    log_in_here(page)
    page.goto(page.home + "/accounts/2fa/webauthn/add/")
    prove(page)
    assert "자바스크립트를 켜야 합니다." in page.content()  # in a <noscript>
    expect(page.get_by_role("button", name="패스키 등록")).to_be_disabled()
