"""A browser that is killed while one writes loses nothing: the words wait on the server."""

import contextlib

import pytest
from django.conf import settings

from boards.models import Draft, Post
from tests.browser.conftest import OPTIONS, find_chromium
from tests.browser.editor import editor_body
from tests.browser.hands import expect, log_in
from tests.browser.test_korean_ime import HANGUL, WORD, Ime
from tests.page import CHROME


@pytest.mark.parametrize("width", [1280, 390])
def test_a_killed_browser(chromium, open_page, live_server, minji, board, width):
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
    with contextlib.suppress(PlaywrightError):  # the answer can never come
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


def test_a_lost_session_is_said_and_the_words_come_back(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_label("제목").fill("오래 쓴 글")
    expect(page.locator("[data-draft-state]")).to_contain_text("로그인이 풀렸습니다.")
    assert Draft.objects.count() == 0
    page.goto("/accounts/login/?next=/free/write/")
    fill_log_in(page)
    expect(page.get_by_label("제목")).to_have_value("오래 쓴 글")


def test_a_failure_is_said_and_tried_again(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    editor_body(page)
    page.route("**/drafts/", lambda route: route.abort())
    page.get_by_label("제목").fill("오래 쓴 글")
    state = page.locator("[data-draft-state]")
    expect(state).to_have_text("저장하지 못했습니다 – 다시 시도합니다")
    page.unroute("**/drafts/")
    expect(state).to_contain_text("저장됨")
    assert Draft.objects.get().subject == "오래 쓴 글"


def fill_log_in(page) -> None:
    form = page.locator("main form")
    form.get_by_label("아이디 또는 E-mail").fill("minji")
    form.get_by_label("비밀번호").fill("correct-horse-42")
    form.get_by_role("button", name="로그인", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)
