"""If the browser is killed while somebody writes, the text is saved on the server."""

import contextlib

import pytest
from django.conf import settings

from boards.models import Draft, Post
from tests.browser.conftest import OPTIONS, find_chromium
from tests.browser.editor import editor_body
from tests.browser.steps import expect, log_in
from tests.browser.test_korean_ime import HANGUL, WORD, Ime
from tests.page import CHROME


@pytest.mark.parametrize("width", [1280, 390])
def test_a_killed_browser_loses_nothing(chromium, open_page, live_server, minji, board, width):
    from playwright.sync_api import Error as PlaywrightError

    doomed = chromium.browser_type.launch(executable_path=find_chromium(), args=OPTIONS)
    page = doomed.new_context(
        base_url=live_server.url, user_agent=CHROME, viewport={"width": width, "height": 1400}
    ).new_page()
    page.goto("/")
    if width > 1000:
        log_in(page, "minji")
    else:
        page.goto("/accounts/login/?next=/")
        fill_log_in(page)
    page.goto("/free/write/")
    body, ime = editor_body(page), Ime(page)
    page.get_by_label("제목").click()
    ime.write(HANGUL)
    body.click()
    ime.write(HANGUL)
    expect(page.locator("[data-draft-state]")).to_contain_text("저장됨")
    draft = Draft.objects.get()
    assert (draft.subject, draft.source) == (WORD, f"<p>{WORD}</p>")
    with contextlib.suppress(PlaywrightError):  # the response can never arrive
        doomed.new_browser_cdp_session().send("Browser.crash")
    assert Post.objects.count() == 0

    page = open_page("/accounts/login/?next=/free/write/", width=width, height=1400)
    fill_log_in(page)
    page.locator(".drafts summary").click()
    page.locator(".drafts").get_by_role("link", name=WORD).click()
    expect(page.get_by_label("제목")).to_have_value(WORD)
    expect(editor_body(page)).to_have_text(WORD)
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url("**/free/1/")
    assert Post.objects.get().subject == WORD
    assert Draft.objects.count() == 0


def test_a_lost_session_is_reported_and_the_text_comes_back(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_label("제목").fill("오래 쓴 글")
    expect(page.locator("[data-draft-state]")).to_contain_text("로그인이 풀렸습니다.")
    assert Draft.objects.count() == 0
    page.goto("/accounts/login/?next=/free/write/")
    fill_log_in(page)
    expect(page.get_by_label("제목")).to_have_value("오래 쓴 글")


def test_a_failure_is_reported_and_retried(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page)
    page.route("**/drafts/", lambda route: route.abort())
    page.get_by_label("제목").fill("오래 쓴 글")
    state = page.locator("[data-draft-state]")
    expect(state).to_have_text("저장하지 못했습니다 – 다시 시도합니다")
    page.unroute("**/drafts/")
    expect(state).to_contain_text("저장됨")
    assert Draft.objects.get().subject == "오래 쓴 글"


def test_an_open_syllable_is_saved_too(open_page, minji, board):
    """Somebody who pauses inside a syllable may pause for long."""
    page = open_page("about:blank", member=minji, height=1400)
    page.clock.install()
    page.goto("/free/write/")
    body, ime = editor_body(page), Ime(page)
    body.click()
    ime.write(HANGUL[:2])
    for letters in HANGUL[2]:
        ime.compose(letters)
    page.clock.run_for(16_000)
    expect(page.locator("[data-draft-state]")).to_contain_text("저장됨")
    assert Draft.objects.get().source == f"<p>{WORD}</p>"
    ime.finish(HANGUL[2][-1])  # the syllable is still being composed
    expect(body).to_have_text(WORD)


HIDE = """
Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
document.dispatchEvent(new Event('visibilitychange'));
"""


def test_a_page_hidden_during_a_save_saves_the_latest_text(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page)
    held = []
    page.route("**/drafts/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/drafts/"):
        page.get_by_label("제목").fill("오래 쓴 글")
    page.get_by_label("제목").fill("오래 쓴 글, 그 끝")
    page.evaluate(HIDE)
    assert "그 끝" in page.evaluate("Object.values(localStorage).join()")
    held[0].continue_()
    page.wait_for_function(
        "() => !Object.keys(localStorage).some((key) => key.startsWith('draft:'))"
    )
    assert Draft.objects.get().subject == "오래 쓴 글, 그 끝"


def fill_log_in(page) -> None:
    form = page.locator("main form")
    form.get_by_label("아이디 또는 E-mail").fill("minji")
    form.get_by_label("비밀번호").fill("correct-horse-42")
    form.get_by_role("button", name="로그인", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)
