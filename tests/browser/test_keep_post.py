"""Scrapping, sharing and printing a post."""

import pytest

from tests.browser.steps import expect

SHARE = "navigator.share = async (what) => { window.shared = what; };"
REFUSE = "navigator.share = async () => { throw new DOMException('', 'NotAllowedError'); };"
NO_SHARE = "Object.defineProperty(navigator, 'share', { value: undefined });"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_post_is_scrapped_with_a_note_and_removed(width, open_page, site_data, junho):
    page = open_page(f"/free/{site_data['post']}/", member=junho, width=width)
    page.get_by_role("link", name="스크랩", exact=True).first.click()
    page.get_by_label("메모").fill("봄에 다시 읽기")
    page.get_by_role("button", name="스크랩", exact=True).click()
    expect(page.get_by_text("이 글을 스크랩했습니다.")).to_be_visible()
    page.locator(".member-card").get_by_role("link", name="스크랩").click()
    expect(page.locator("main").get_by_text("봄에 다시 읽기")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("main").get_by_role("button", name="삭제").click()
    expect(page.get_by_text("스크랩한 글이 없습니다.")).to_be_visible()
    assert page.complaints == []


# -- sharing ---------------------------------------------------------------------------------------
def test_a_post_is_passed_to_the_systems_share_sheet(open_page, post):
    page = open_page("about:blank")
    page.add_init_script(SHARE)
    page.goto(post.get_absolute_url())
    page.get_by_role("button", name="공유").click()
    shared = page.evaluate("window.shared")
    assert shared["title"] == post.subject
    assert shared["url"].endswith(post.get_absolute_url())


def test_a_browser_that_refuses_gets_the_address_copied(open_page, post):
    page = open_page("about:blank", permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(REFUSE)
    page.goto(post.get_absolute_url())
    page.get_by_role("button", name="공유").click()
    expect(page.get_by_text("복사했습니다.")).to_be_visible()


def test_a_browser_without_a_share_sheet_shows_no_button(open_page, post):
    page = open_page("about:blank")
    page.add_init_script(NO_SHARE)
    page.goto(post.get_absolute_url())
    expect(page.get_by_role("button", name="주소 복사")).to_be_visible()
    expect(page.locator("button[data-share]")).to_be_hidden()


# -- paper -----------------------------------------------------------------------------------------
def test_print_shows_the_post_and_its_comments_without_buttons(open_page, site_data, minji):
    page = open_page(f"/free/{site_data['post']}/", member=minji)
    page.emulate_media(media="print")
    for part in (".board-name", "h1", ".post-info .author", ".meta time", ".post-body table"):
        expect(page.locator(part).first).to_be_visible()
    expect(page.get_by_text("질문은 여기에 남겨 주세요.")).to_be_visible()
    controls = "header.site-header, nav, aside, footer, form, button, .button, .around, textarea"
    shown = page.locator(controls).evaluate_all(
        "all => all.filter((each) => each.checkVisibility()).map((each) => each.outerHTML)"
    )
    assert shown == []


@pytest.mark.parametrize("theme", ["", "dark"])
def test_print_is_never_dark(theme, open_page, site_data):
    page = open_page(f"/free/{site_data['post']}/", dark=True)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    page.emulate_media(media="print", color_scheme="dark")
    light = page.evaluate("""() => {
      const brightness = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).map(Number)
        .reduce((sum, each) => sum + each);
      const ink = ['h1', '.author', '.post-body', '.comment-text', '.meta']
        .map((part) => brightness(getComputedStyle(document.querySelector(part)).color));
      return [Math.max(...ink), brightness(getComputedStyle(document.body).backgroundColor)];
    }""")
    assert light[0] < 330  # of 765: at least 4.5 to 1 on white
    assert light[1] == 765
