"""A member agrees to changed terms and gets to the page they wanted."""

import pytest

from accounts.actions.consents import publish_text
from tests.browser.steps import expect


@pytest.mark.parametrize("width", [1280, 390])
def test_agreeing_leads_on_to_the_form(width, open_page, minji, board):
    page = open_page("/free/", member=minji, width=width)
    publish_text(kind="terms", text="서로 아낍니다.", needs_consent=True)
    page.goto("/free/write/")
    expect(page.get_by_role("heading", name="약관이 바뀌었습니다")).to_be_visible()
    expect(page.get_by_text("서로 아낍니다.")).to_be_visible()
    page.get_by_label("회원가입약관에 동의합니다").check()
    page.get_by_role("button", name="동의하고 계속").click()
    expect(page.get_by_label("제목")).to_be_visible()
    assert page.complaints == []
