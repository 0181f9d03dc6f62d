"""Joining and logging in through a provider in Chromium, with its content policy."""

import pytest
from allauth.socialaccount.models import SocialAccount

from accounts.models import Member
from tests.browser.steps import expect

PHONE = {"width": 390, "height": 844, "has_touch": True}


@pytest.mark.parametrize("javascript", [True, False])
def test_joining_through_kakao_and_logging_in_again(open_page, keys, stand_in, board, javascript):
    """The provider is another site (127.0.0.1; ours is localhost): the content policy allows its
    redirects, and the browser sends our cookie on the way back."""
    page = open_page("/accounts/login/?next=/free/", javascript=javascript, **PHONE)
    page.get_by_role("button", name="카카오 계정으로 계속하기").click()
    expect(page.get_by_role("heading", name="회원가입")).to_be_visible()
    expect(page.get_by_label("별명")).to_have_value("소라")
    expect(page.get_by_label("E-mail")).to_have_value("sora@example.com")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("아이디").fill("sora")
    for consent in page.get_by_role("checkbox").all():
        consent.check()
    page.get_by_role("button", name="회원가입").click()
    page.wait_for_url("**/free/")
    expect(page.get_by_text("소라님의 회원가입을 진심으로 축하합니다.")).to_be_visible()
    assert SocialAccount.objects.get().user == Member.objects.get(username="sora")
    assert page.complaints == []

    again = open_page("/accounts/login/?next=/free/", javascript=javascript)
    again.get_by_role("button", name="카카오 계정으로 계속하기").click()
    again.wait_for_url("**/free/")
    expect(again.locator(".site-header")).to_contain_text("소라님")
    assert again.complaints == []


def test_apple_sends_a_cross_site_form(open_page, keys, stand_in):
    """A cross-site POST carries no cookie of ours; the redirect after it does."""
    page = open_page("/accounts/login/")
    page.get_by_role("button", name="Apple 계정으로 계속하기").click()
    page.get_by_role("button", name="OK").click()  # Apple's page, on another origin
    expect(page.get_by_role("heading", name="회원가입")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("sora@example.com")


def test_refusing_at_the_provider(open_page, keys, stand_in):
    stand_in.declines = True
    page = open_page("/accounts/login/")
    page.get_by_role("button", name="네이버 계정으로 계속하기").click()
    expect(page.get_by_role("heading", name="로그인을 그만두었습니다")).to_be_visible()


def test_logging_out_another_browser(open_page, minji, side_by_side):
    """The session that one browser ends is over at the next request of the other."""

    def come_in(page) -> None:
        page.get_by_label("아이디 또는 E-mail").fill("minji")
        page.get_by_label("비밀번호").fill("correct-horse-42")
        page.locator("main").get_by_role("button", name="로그인", exact=True).click()
        page.wait_for_url("**/accounts/profile/")

    here = open_page("/accounts/login/?next=/accounts/profile/", **PHONE)
    there = open_page("/accounts/login/?next=/accounts/profile/")
    come_in(here)
    come_in(there)
    here.get_by_role("link", name="로그인한 기기").click()
    expect(here.get_by_text("이 기기", exact=True)).to_be_visible()
    assert here.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    here.get_by_role("button", name="다른 기기에서 모두 로그아웃").click()
    expect(here.get_by_text("다른 기기에서 모두 로그아웃했습니다.")).to_be_visible()
    there.reload()
    expect(there.get_by_role("heading", name="회원로그인")).to_be_visible()
    here.reload()
    expect(here.get_by_role("heading", name="로그인한 기기")).to_be_visible()
