"""The sign-up form shows at once whether a name is free."""

from tests.browser.steps import expect


def test_a_name_is_checked_when_the_field_loses_the_focus(open_page, minji, board):
    page = open_page("/accounts/signup/", width=390)
    name = page.get_by_label("아이디")
    name.fill("minji")
    name.press("Tab")
    words = page.locator("#id_username_check")
    expect(words).to_have_text("이미 사용 중인 아이디입니다.")
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
