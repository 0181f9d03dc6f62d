"""Small scripts: where the focus goes, and a line after a table or code at the end of a text."""

import pytest
from django.conf import settings

from boards.actions.comments import write_comment
from boards.models import Board, BoardGroup, Comment, Post
from tests.browser.conftest import session_of
from tests.browser.editor import editor_body, write_in_editor
from tests.browser.steps import expect


def test_enter_in_the_subject_goes_on_to_the_text(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    write_in_editor(page, "본문은 있습니다.")
    page.get_by_label("제목").fill("쓰다 만 제목")
    page.get_by_label("제목").press("Enter")
    expect(page.get_by_label("제목")).not_to_be_focused()
    assert page.url.endswith("/free/write/")
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "end", ["<table><tr><td>칸</td></tr></table>", "<pre><code>x</code></pre>"]
)
def test_there_is_a_line_to_write_in_below_a_table_or_code(end, open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page).wait_for()
    page.evaluate("(html) => hugerte.activeEditor.setContent(html)", end)
    expect(editor_body(page).locator("> p:last-child")).to_have_count(1)


def test_an_error_in_the_text_moves_the_focus_into_the_editor(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    page.get_by_label("제목").fill("본문을 잊었습니다")
    page.get_by_role("button", name="작성완료").click()
    expect(page.locator(".error-summary")).to_be_focused()
    editor_body(page).wait_for()
    page.locator(".error-summary").get_by_role("link", name="내용을 입력해 주세요.").click()
    expect(editor_body(page)).to_be_focused()


def test_the_search_of_a_phone_is_ready_to_type_in(open_page, site_data):
    page = open_page("/", width=390)
    page.get_by_role("link", name="검색창 열기").click()
    expect(page.locator("#site-q")).to_be_focused()


def test_the_menu_closes_by_escape_and_by_a_click_elsewhere(open_page, site_data):
    page = open_page("/")
    menu = page.locator(".menu")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.locator(".site-footer").click()
    expect(menu).not_to_have_attribute("open", "")


def test_a_reply_begins_in_its_field(open_page, minji, post):
    comment = write_comment(author=minji, post=post, text="첫 댓글")
    page = open_page("/free/1/", member=minji)
    page.locator(f"#{comment.anchor}").get_by_role("link", name="답변").click()
    expect(page.get_by_role("heading", name="답변 쓰기")).to_be_visible()
    expect(page.get_by_label("댓글 내용")).to_be_focused()
    expect(page.get_by_label("댓글 내용")).to_be_in_viewport()
    page.get_by_role("link", name="새 댓글쓰기").click()
    expect(page.get_by_role("heading", name="댓글쓰기")).to_be_visible()
    expect(page.get_by_label("댓글 내용")).to_be_focused()


@pytest.mark.parametrize("path", ["/free/", "/my/settings/"])
def test_the_current_item_of_a_scrolling_line_is_visible(path, open_page, minji, board):
    first = BoardGroup.objects.create(slug="first", name="처음", position=0)
    for number in range(20):
        Board.objects.create(group=first, slug=f"shelf{number}", name=f"책꽂이 {number}")
    page = open_page(path, member=minji, width=390)
    line = page.locator(".boards-line" if path == "/free/" else ".own-tabs")
    here = line.locator("[aria-current]").bounding_box()
    assert line.evaluate("each => each.scrollWidth > each.clientWidth")
    assert here["x"] >= 0
    assert here["x"] + here["width"] <= 390


def test_an_address_is_copied_without_the_clipboard_api(open_page, post):
    """On plain HTTP, and in browsers inside other apps."""
    page = open_page("about:blank")
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = (name) => { window.done = [name, getSelection().toString()]; return true; };"
    )
    page.on("dialog", lambda dialog: pytest.fail("a question was asked"))
    page.goto(post.get_absolute_url())
    page.get_by_role("button", name="주소 복사").click()
    expect(page.get_by_text("복사했습니다.")).to_be_visible()
    assert page.evaluate("window.done")[0] == "copy"


def test_a_comment_is_restored_after_a_crash(open_page, minji, post):
    page = open_page("/free/1/", member=minji)
    page.get_by_label("댓글 내용").fill("쓰다 만 댓글")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/free/")
    page.goto("/free/1/")
    expect(page.get_by_label("댓글 내용")).to_have_value("쓰다 만 댓글")
    page.get_by_role("button", name="댓글등록").click()
    expect(page.locator("li.comment")).to_contain_text("쓰다 만 댓글")
    page.goto("/free/1/")
    expect(page.get_by_label("댓글 내용")).to_have_value("")


def wait_until_kept(page, storage: str) -> None:
    for _ in range(100):
        if "guarded:" in page.evaluate(f"Object.keys({storage}).join()"):
            return
        page.wait_for_timeout(100)  # ms
    pytest.fail("nothing was stored")


def test_a_comment_outlives_its_tab(open_page, minji, junho, post):
    """A tab that crashes says nothing before."""
    page = open_page("/free/1/", member=minji)
    page.get_by_label("댓글 내용").fill("쓰다 만 댓글")
    wait_until_kept(page, "localStorage")
    other = page.context.new_page()
    page.close(run_before_unload=False)
    other.goto("/free/1/?comment=1")
    expect(other.get_by_label("댓글 내용")).to_have_value("쓰다 만 댓글")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(junho)}
    other.context.add_cookies([cookie | {"url": other.url.split("/free/")[0]}])
    other.goto("/free/1/")
    expect(other.get_by_label("댓글 내용")).to_have_value("")


def test_a_guests_comment_stays_in_its_tab(open_page, post):
    Board.objects.update(comment_level=1)
    page = open_page("/free/1/")
    page.get_by_label("댓글 내용").fill("쓰다 만 댓글")
    wait_until_kept(page, "sessionStorage")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("댓글 내용")).to_have_value("쓰다 만 댓글")
    other = page.context.new_page()
    other.goto("/free/1/")
    expect(other.get_by_label("댓글 내용")).to_have_value("")


def test_a_stored_comment_is_not_shown_to_another_member(open_page, minji, post):
    page = open_page("/free/1/", member=minji)
    page.get_by_label("댓글 내용").fill("쓰다 만 댓글")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/free/")
    page.locator(".member-card").get_by_role("button", name="로그아웃").click()
    page.goto("/free/")
    stored = "[...Object.keys(sessionStorage), ...Object.keys(localStorage)].join()"
    assert "guarded" not in page.evaluate(stored)


OLD = "delete HTMLFormElement.prototype.requestSubmit;"  # Safari before 16


def test_an_old_browser_sends_by_key_and_warns(open_page, minji, post):
    page = open_page("about:blank", member=minji)
    page.add_init_script(OLD)
    page.goto("/free/1/")
    page.get_by_label("댓글 내용").fill("잘 봤어요")
    asked = page.evaluate(
        """() => {
          const event = document.createEvent('BeforeUnloadEvent');
          event.initEvent('beforeunload', false, true);
          window.dispatchEvent(event);
          return event.returnValue;
        }"""
    )
    assert asked == "true"
    page.get_by_label("댓글 내용").press("Control+Enter")
    expect(page.locator("li.comment")).to_contain_text("잘 봤어요")
    assert Comment.objects.get().text == "잘 봤어요"
    assert page.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_buttons_that_need_a_script_are_shown_only_with_one(open_page, post, javascript):
    page = open_page("/free/1/", javascript=javascript)
    for name in ("주소 복사", "인쇄", "밝은 화면과 어두운 화면 바꾸기"):
        button = page.get_by_role("button", name=name, include_hidden=True)
        expect(button).to_be_visible(visible=javascript)
