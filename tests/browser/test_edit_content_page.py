"""An owner writes a content page in the admin: in Hangul, with a picture, without JavaScript."""

import pytest

from pages.actions.content import write_content_page
from pages.models import ContentPage
from tests.browser.editor import editor_body, paste_picture
from tests.browser.steps import expect
from tests.browser.test_korean_ime import HANGUL, WORD, Ime

ADD = "/admin/pages/contentpage/add/"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_an_owner_publishes_a_page(open_page, owner, width, dark):
    page = open_page(ADD, member=owner, width=width, height=1400, dark=dark)
    body = editor_body(page)
    page.get_by_label("제목:").fill("회사소개")
    page.get_by_label("내용 ID:").fill("company")
    body.click()
    Ime(page).write(HANGUL)
    page.keyboard.press("Enter")
    address = paste_picture(page)
    page.get_by_label("공개").check()
    page.get_by_role("button", name="저장", exact=True).click()
    page.wait_for_url("**/admin/pages/contentpage/")
    written = ContentPage.objects.get()
    assert written.is_published
    assert f"<p>{WORD}</p>" in written.html
    page.goto("/content/company/")
    expect(page.get_by_role("heading", name="회사소개", exact=True)).to_be_visible()
    expect(page.locator(f'article img[src="{address}"]')).to_have_js_property("complete", True)
    assert page.locator("article img").evaluate("img => img.naturalWidth") == 120
    assert page.complaints == []


def test_a_page_is_edited_again(open_page, owner):
    written = write_content_page(by=owner, slug="company", title="회사소개", html="<p>봄</p>")
    page = open_page(f"/admin/pages/contentpage/{written.pk}/change/", member=owner)
    body = editor_body(page)
    expect(body).to_have_text("봄")
    body.click()
    page.keyboard.press("End")
    page.keyboard.type(" 나들이")
    page.get_by_role("button", name="저장", exact=True).click()
    page.wait_for_url("**/admin/pages/contentpage/")
    written.refresh_from_db()
    assert written.html == "<p>봄 나들이</p>"
    assert page.complaints == []


def test_without_javascript_it_is_a_textarea(open_page, owner):
    page = open_page(ADD, member=owner, javascript=False)
    page.get_by_label("제목:").fill("회사소개")
    page.get_by_label("내용 ID:").fill("company")
    page.get_by_label("내용:").fill("첫 줄\n둘째 줄")
    page.get_by_role("button", name="저장", exact=True).click()
    assert ContentPage.objects.get().html == "<p>첫 줄<br>둘째 줄</p>"
