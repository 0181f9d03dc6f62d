"""The sign-up form says at once whether a name is free."""

from tests.browser.hands import expect


def test_a_name_is_judged_as_soon_as_one_leaves_the_field(open_page, minji, board):
    page = open_page("/accounts/signup/", width=390)
    name = page.get_by_label("아이디")
    name.fill("minji")
    name.press("Tab")
    words = page.locator("#id_username_check")
    expect(words).to_have_text("이미 사용중인 회원아이디 입니다.")
    name.fill("sora")
    name.press("Tab")
    expect(words).to_have_text("쓸 수 있습니다.")
    page.get_by_label("별명").fill("민지")
    page.get_by_label("E-mail").focus()
    expect(page.locator("#id_nickname_check")).to_have_text("이미 존재하는 별명입니다.")
    assert page.complaints == []


def test_the_form_works_without_it(open_page, minji, board):
    page = open_page("/accounts/signup/", javascript=False)
    assert page.locator(".name-check").count() == 0
