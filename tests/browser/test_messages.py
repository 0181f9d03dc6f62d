"""쪽지 and notifications between two browsers, and blocking, as they are seen on a telephone."""

import pytest

from tests.browser.hands import expect

PHONE = {"width": 390, "height": 844, "has_touch": True}


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_message_and_a_notification_between_two_browsers(
    open_page, post, comment, minji, junho, javascript
):
    mine = open_page(post.get_absolute_url(), member=junho, javascript=javascript, **PHONE)
    hers = open_page("/", member=minji, javascript=javascript, **PHONE)
    expect(hers.locator(".envelope")).to_be_hidden()  # nothing to tell: it leaves the room

    # from the menu at her name
    mine.locator(".post-info .name-menu > summary").click()
    assert fits(mine)
    mine.locator(".post-info").get_by_role("link", name="쪽지 보내기").click()
    expect(mine.get_by_label("받는 회원아이디")).to_have_value("minji")
    mine.get_by_role("button", name="보내기").click()
    expect(mine.get_by_role("alert")).to_contain_text("내용을 입력해 주세요.")
    mine.get_by_label("내용").fill("봄나들이 같이 가요\n토요일 어때요?")
    mine.get_by_role("button", name="보내기").click()
    expect(mine.get_by_text("민지 님께 쪽지를 전달하였습니다.")).to_be_visible()
    expect(mine.get_by_text("아직 읽지 않음")).to_be_visible()

    # she sees both, and opens it from the notification
    hers.reload()
    expect(hers.locator(".envelope .badge")).to_have_text("1")
    assert fits(hers)
    hers.locator(".bell").click()
    hers.get_by_role("button", name="준호님이 쪽지를 보냈습니다.").click()
    expect(hers.locator(".letter-text")).to_have_text("봄나들이 같이 가요\n토요일 어때요?")
    expect(hers.locator(".envelope")).to_be_hidden()
    hers.get_by_role("link", name="답장").click()
    hers.get_by_label("내용").fill("좋아요!")
    hers.get_by_role("button", name="보내기").click()

    # he reads the answer, and that she has read his
    mine.reload()
    expect(mine.get_by_text("읽음", exact=True)).to_be_visible()
    mine.locator(".envelope").click()
    mine.get_by_role("link", name="좋아요!").click()
    expect(mine.get_by_role("heading", name="받은 쪽지 보기")).to_be_visible()
    assert fits(mine)
    assert mine.complaints == hers.complaints == []


def test_whom_one_blocks_one_reads_no_more(open_page, post, comment, minji, junho):
    page = open_page(post.get_absolute_url(), member=minji, **PHONE)
    menu = page.locator(".comment .name-menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="차단하기")).to_be_hidden()
    menu.locator("summary").click()
    menu.get_by_role("button", name="차단하기").click()
    expect(page.get_by_text("준호님을 차단했습니다.")).to_be_visible()
    fold = page.locator(".comment .folded > summary")
    expect(fold).to_have_text("차단한 회원의 댓글입니다.")
    expect(page.get_by_text("사진도 올려 주세요")).to_be_hidden()
    fold.click()
    expect(page.get_by_text("사진도 올려 주세요")).to_be_visible()
    assert fits(page)
    assert page.complaints == []
