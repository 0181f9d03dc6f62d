"""Steps that many tests do by hand: signing up and logging in."""

from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD

__all__ = ["expect", "fill_sign_up", "log_in", "sign_up"]


def sign_up(page: Page, username: str, nickname: str) -> None:
    fill_sign_up(page, username, nickname)
    page.get_by_role("button", name="회원가입").click()
    expect(page.get_by_text(f"{nickname}님의 회원가입을 진심으로 축하합니다.")).to_be_visible()


def fill_sign_up(page: Page, username: str, nickname: str) -> None:
    """Fills in all required fields, starting from the login box; does not submit."""
    page.locator(".login-box").get_by_role("link", name="회원가입").click()
    page.get_by_label("회원가입약관에 동의합니다").check()
    page.get_by_label("개인정보 수집 및 이용에 동의합니다").check()
    page.get_by_label("만 14세 이상입니다").check()
    page.get_by_label("아이디").fill(username)
    page.get_by_label("별명").fill(nickname)
    page.get_by_label("E-mail").fill(f"{username}@example.com")
    page.get_by_label("비밀번호 필수").fill(PASSWORD)
    page.get_by_label("비밀번호 확인").fill(PASSWORD)
    page.wait_for_timeout(2_000)  # ms: anybody faster is taken for a program


def log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    box = page.locator(".login-box")
    box.get_by_label("아이디 또는 E-mail").fill(username)
    box.get_by_label("비밀번호").fill(password)
    box.get_by_role("button", name="로그인", exact=True).click()
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible()
