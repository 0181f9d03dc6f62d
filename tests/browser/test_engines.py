"""In Firefox and WebKit (Safari's engine) every page fits and reports no error, and a guest can
sign up and write a comment."""

import time

import pytest

from boards.models import Board, BoardGroup, Comment, Draft, Post
from tests.browser.engines import EnginePage
from tests.browser.test_every_page import OVERFLOW
from tests.conftest import PASSWORD

WIDTHS = (1280, 390, 348)  # the last: a narrow phone, or one with a scroll bar of 12 px
NO_WIDTH = """
() => [...document.querySelectorAll('svg.icon')]
  .filter((icon) => icon.checkVisibility() && icon.getBoundingClientRect().width <= 0)
  .map((icon) => icon.parentElement.outerHTML.slice(0, 80))
"""
READY = """
() => document.readyState === 'complete'
  && (!document.querySelector('textarea[data-editor]') || window.hugerte?.activeEditor?.initialized)
"""


def test_every_page_fits_and_reports_no_error(
    engine, live_server, side_by_side, places, log_in_with
):
    problems = []
    page = EnginePage(engine)
    for place, path, member in places:
        log_in_with(member)
        engine.goto(live_server.url + path)
        if place.action:
            engine.complaints()
            with engine.navigation():
                place.action(page)
        engine.wait_for(READY)
        for width in WIDTHS:
            engine.resize(width, 844)
            problems += [f"{place.name}, {width} px: {box}" for box in engine.evaluate(OVERFLOW)]
            problems += [
                f"{place.name}, {width} px: no width: {icon}" for icon in engine.evaluate(NO_WIDTH)
            ]
        problems += [f"{place.name}: {complaint}" for complaint in engine.complaints()]
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("width", [1280, 390])
def test_from_signing_up_to_a_comment(
    width, engine, live_server, side_by_side, board, log_in_with, tmp_path
):
    log_in_with(None)
    engine.resize(width, 844)
    sign_up(engine, live_server.url)

    engine.goto(live_server.url + "/free/write/")
    engine.wait_for(READY)
    engine.type("#id_subject", "봄나들이")
    engine.evaluate("() => hugerte.activeEditor.focus()")  # Firefox does not do it itself
    engine.enter_frame("iframe.tox-edit-area__iframe")
    engine.type("body", "벚꽃이 활짝 피었습니다.")
    engine.leave_frame()
    engine.wait_for("document.querySelector('[data-draft-state]').textContent.startsWith('저장됨')")
    draft = Draft.objects.get()
    assert (draft.subject, draft.source) == ("봄나들이", "<p>벚꽃이 활짝 피었습니다.</p>")
    schedule = tmp_path / "일정표.txt"
    schedule.write_text("4월 5일", "utf-8")
    engine.type("#id_files", str(schedule))
    engine.wait_for("document.querySelector('[name=kept_files]')?.value")
    with engine.navigation():
        engine.click(".form-foot .primary")
    post = Post.objects.get()
    assert engine.url == live_server.url + post.get_absolute_url()
    assert post.body.source == "<p>벚꽃이 활짝 피었습니다.</p>"
    assert [file.name for file in post.attachments.all()] == ["일정표.txt"]
    assert not Draft.objects.exists()

    engine.type("#id_text", "잘 다녀왔어요")
    engine.click(".comment-form .primary")
    engine.wait_for("document.activeElement.matches('li.comment')")
    comment = Comment.objects.get()
    assert comment.text == "잘 다녀왔어요"
    engine.click(f"#{comment.anchor} .comment-actions a")
    engine.wait_for("document.activeElement.matches('li.comment #id_text')")
    assert engine.complaints() == []


def test_the_current_board_is_visible(engine, live_server, side_by_side, board, log_in_with):
    first = BoardGroup.objects.create(slug="first", name="처음", position=0)
    for number in range(20):
        Board.objects.create(group=first, slug=f"shelf{number}", name=f"책꽂이 {number}")
    log_in_with(None)
    engine.resize(390, 844)
    engine.goto(live_server.url + "/free/")
    here = "document.querySelector('.boards-line [aria-current]').getBoundingClientRect()"
    assert engine.evaluate("document.querySelector('.boards-line').scrollLeft > 0")
    assert 0 <= engine.evaluate(f"{here}.left") < engine.evaluate(f"{here}.right") <= 390


def sign_up(engine, site: str) -> None:
    engine.goto(site + "/accounts/signup/")
    for box in engine.evaluate(
        "[...document.querySelectorAll('main input[type=checkbox][required]')].map((each) => each.id)"
    ):
        engine.click(f"#{box}")
    engine.type("#id_username", "haneul")
    engine.type("#id_nickname", "하늘")
    engine.type("#id_email", "haneul@example.com")
    engine.type("#id_password1", PASSWORD)
    engine.type("#id_password2", PASSWORD)
    time.sleep(2.1)  # anybody faster is taken for a program
    with engine.navigation():
        engine.click("main .form-foot .primary, main form .button.primary")
    text = engine.evaluate("document.querySelector('main').innerText")
    assert "하늘님의 회원가입을 진심으로 축하합니다." in text
