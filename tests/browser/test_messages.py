"""쪽지, notifications and blocking between two browsers on phones."""

import pytest

from tests.browser.steps import expect

PHONE = {"width": 390, "height": 844, "has_touch": True}


def fits(page) -> bool:
    page.wait_for_load_state("domcontentloaded")
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_message_and_a_notification_between_two_browsers(
    open_page, post, comment, minji, junho, javascript
):
    mine = open_page(post.get_absolute_url(), member=junho, javascript=javascript, **PHONE)
    hers = open_page("/", member=minji, javascript=javascript, **PHONE)
    expect(hers.locator(".envelope")).to_be_hidden()  # without new messages it takes no space

    # from the menu at her name
    mine.locator(".post-info .name-menu > summary").click()
    assert fits(mine)
    mine.locator(".post-info").get_by_role("link", name="쪽지 보내기").click()
    expect(mine.get_by_label("받는 사람")).to_have_value("민지")
    mine.get_by_role("button", name="보내기").click()
    expect(mine.get_by_role("alert")).to_contain_text("내용을 입력해 주세요.")
    mine.get_by_label("내용").fill("봄나들이 같이 가요\n토요일 어때요?")
    mine.get_by_role("button", name="보내기").click()
    expect(mine.get_by_text("민지님께 쪽지를 보냈습니다.")).to_be_visible()
    expect(mine.get_by_text("아직 읽지 않음")).to_be_visible()

    # she sees both, and opens the message from the notification
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

    # they read the reply, and see that their message was read
    mine.reload()
    expect(mine.get_by_text("읽음", exact=True)).to_be_visible()
    mine.locator(".envelope").click()
    mine.get_by_role("link", name="좋아요!").click()
    expect(mine.get_by_role("heading", name="받은 쪽지 보기")).to_be_visible()
    assert fits(mine)
    assert mine.complaints == hers.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reply_notifies_the_sender(open_page, board, minji, junho, javascript):
    hers = open_page("/members/junho/", member=minji, javascript=javascript, **PHONE)
    of_junho = open_page("/", member=junho, javascript=javascript, **PHONE)
    hers.goto("/messages/write/?to=junho")
    hers.get_by_label("받는 사람").fill("junho")
    hers.get_by_label("내용").fill("자유게시판에 사진 올렸어요")
    hers.get_by_role("button", name="보내기").click()
    expect(hers.get_by_text("준호님께 쪽지를 보냈습니다.")).to_be_visible()

    of_junho.reload()
    expect(of_junho.locator(".envelope .badge")).to_have_text("1")
    expect(of_junho.locator(".bell .badge")).to_have_text("1")
    of_junho.locator(".envelope").click()
    of_junho.get_by_role("link", name="자유게시판에 사진 올렸어요").click()
    expect(of_junho.get_by_role("heading", name="받은 쪽지 보기")).to_be_visible()
    expect(of_junho.locator(".bell .badge")).to_have_count(0)  # read once, gone everywhere
    assert fits(of_junho)
    of_junho.get_by_role("link", name="답장").click()
    of_junho.get_by_label("내용").fill("지금 볼게요")
    of_junho.get_by_role("button", name="보내기").click()

    hers.reload()
    expect(hers.locator(".bell .badge")).to_have_text("1")
    hers.locator(".bell").click()
    assert fits(hers)
    hers.get_by_role("button", name="준호님이 쪽지를 보냈습니다.").click()
    expect(hers.locator(".letter-text")).to_have_text("지금 볼게요")
    expect(hers.locator(".bell .badge")).to_have_count(0)
    assert hers.complaints == of_junho.complaints == []


def test_a_watched_board_notifies_of_a_new_post(open_page, post, minji, junho):
    mine = open_page("/free/", member=junho, **PHONE)
    mine.get_by_role("button", name="새 글 알림 받기").click()
    expect(mine.get_by_text("이 게시판에 새 글이 올라오면 알려 드립니다.")).to_be_visible()
    assert fits(mine)
    hers = open_page("/free/write/", member=minji, javascript=False, **PHONE)
    hers.get_by_label("제목").fill("둘째 봄나들이")
    hers.locator("textarea[name=source]").fill("<p>다녀왔어요</p>")
    hers.get_by_role("button", name="작성완료").click()
    expect(hers.get_by_role("heading", name="둘째 봄나들이")).to_be_visible()
    mine.goto("/notifications/")
    mine.get_by_role("button", name="민지님이 지켜보는 게시판에 새 글을 썼습니다.").click()
    expect(mine.get_by_role("heading", name="둘째 봄나들이")).to_be_visible()
    expect(mine.locator(".bell .badge")).to_have_count(0)
    mine.goto("/notifications/watching/")
    assert fits(mine)
    mine.get_by_role("button", name="새 글 알림 끄기: 자유게시판").click()
    expect(mine.get_by_text("게시판의 새 글 알림을 껐습니다.")).to_be_visible()
    assert mine.complaints == hers.complaints == []


def test_posts_of_a_blocked_member_are_hidden(open_page, post, comment, minji, junho):
    page = open_page(post.get_absolute_url(), member=minji, **PHONE)
    menu = page.locator(".comment .name-menu")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="차단하기")).to_be_hidden()
    menu.locator("summary").click()
    menu.get_by_role("button", name="차단하기").click()
    expect(page.get_by_text("준호님을 차단했습니다.")).to_be_visible()
    collapsed = page.locator(".comment .folded > summary")
    expect(collapsed).to_have_text("차단한 회원의 댓글입니다.")
    expect(page.get_by_text("사진도 올려 주세요")).to_be_hidden()
    collapsed.click()
    expect(page.get_by_text("사진도 올려 주세요")).to_be_visible()
    assert fits(page)
    assert page.complaints == []


def test_names_are_offered_while_one_types(open_page, post, minji, junho):
    """Minji has written a post, so her name is known. The first Enter selects it, the next one
    sends."""
    page = open_page("/messages/write/", member=junho, **PHONE)
    field, names = page.get_by_label("받는 사람"), page.locator("#mention-names [role=option]")
    field.press_sequentially("미")
    expect(names).to_have_text(["민지"])
    assert fits(page)
    field.press("Enter")
    expect(field).to_have_value("민지")
    expect(names).to_have_count(0)
    field.press_sequentially(", 없는")
    expect(names).to_have_count(0)
    page.get_by_label("내용").fill("안녕하세요")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("없는 회원입니다. 별명을 확인해 주세요: 없는")
    expect(field).to_have_value("민지, 없는")
    field.fill("")
    field.press_sequentially("민")
    expect(names).to_have_text(["민지"])
    names.first.tap()
    expect(field).to_have_value("민지")
    field.press("Enter")
    expect(page.get_by_text("민지님께 쪽지를 보냈습니다.")).to_be_visible()
    assert page.complaints == []
