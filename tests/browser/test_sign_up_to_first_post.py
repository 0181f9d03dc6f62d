"""A guest with a phone joins and writes their first post, using only what the screen shows."""

import re

from django.core import mail

from accounts.models import MemberSettings
from boards.models import Post
from boardsite.models import OneRow
from tests.browser.editor import write_in_editor
from tests.browser.steps import expect, fill_sign_up, log_in, sign_up

PHONE = {"width": 390, "height": 844}


def write_first_post(page) -> None:
    page.goto("/free/")
    page.get_by_role("link", name="글쓰기").first.click()
    page.get_by_label("제목").fill("처음 인사드립니다")
    write_in_editor(page, "바닷가 마을에서 온 소라입니다. 잘 부탁드려요!")
    page.get_by_role("button", name="작성완료").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("처음 인사드립니다")
    expect(page.get_by_text("바닷가 마을에서 온 소라입니다. 잘 부탁드려요!")).to_be_visible()
    page.goto("/free/")
    row = page.get_by_role("row", name="처음 인사드립니다")
    expect(row).to_contain_text("소라")
    assert Post.objects.get().author.username == "sora"


def test_a_guest_joins_and_writes(open_page, side_by_side, board):
    page = open_page("/", **PHONE)
    sign_up(page, "sora", "소라")
    write_first_post(page)
    assert page.complaints == []


def test_the_same_with_a_welcome_message(open_page, side_by_side, board):
    owner_sets(welcome_message="너울골에 오신 것을 환영합니다!")
    page = open_page("/", **PHONE)
    sign_up(page, "sora", "소라")
    page.get_by_role("link", name="쪽지 1").first.click()
    expect(page.get_by_text("너울골에 오신 것을 환영합니다!")).to_be_visible()
    assert page.complaints == []


def test_the_same_with_an_address_to_confirm(open_page, side_by_side, board):
    owner_sets(confirms_email=True)
    page = open_page("/", **PHONE)
    fill_sign_up(page, "sora", "소라")
    page.get_by_role("button", name="회원가입").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("메일을 확인해 주세요.")

    # The link is opened in another browser, as by mail programs, which must not log anybody in.
    [message] = mail.outbox
    assert message.to == ["sora@example.com"]
    path = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", message.body)[1]
    elsewhere = open_page(path, **PHONE)
    expect(elsewhere.get_by_role("button", name="로그아웃")).to_have_count(0)
    elsewhere.locator("main").get_by_role("button", name="확인").click()
    expect(elsewhere.get_by_text("sora@example.com 주소를 확인했습니다.")).to_be_visible()

    page.goto("/")
    log_in(page, "sora")
    write_first_post(page)
    assert page.complaints == elsewhere.complaints == []


def owner_sets(**fields) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()
