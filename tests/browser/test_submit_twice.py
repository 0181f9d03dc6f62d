"""Submitting twice, going back or logging out meanwhile creates one row and loses no text."""

import pytest
from django.conf import settings

from boards.models import Comment, Post
from tests.browser.editor import editor_body, write_in_editor
from tests.browser.steps import expect
from tests.conftest import PASSWORD


@pytest.fixture(params=[True, False], ids=["javascript", "plain"])
def javascript(request):
    return request.param


def write_body(page, words: str, javascript: bool) -> None:
    if javascript:
        write_in_editor(page, words)
    else:
        page.get_by_label("내용").fill(words)


def test_a_post_is_written_once(open_page, minji, board, javascript):
    page = open_page("/free/write/", member=minji, javascript=javascript)
    page.get_by_label("제목").fill("한 번만")
    write_body(page, "두 번 눌러도 한 번", javascript)
    page.get_by_role("button", name="작성완료").dblclick()
    page.wait_for_url("**/free/1/")
    page.reload()
    assert Post.objects.count() == 1


def test_a_comment_is_written_once(open_page, minji, post, javascript):
    page = open_page("/free/1/", member=minji, javascript=javascript)
    page.get_by_label("댓글 내용").fill("한 번만")
    page.get_by_role("button", name="댓글등록").dblclick()
    expect(page.get_by_role("article", name="민지님의 댓글")).to_contain_text("한 번만")
    page.reload()
    assert Comment.objects.count() == 1


def test_errors_are_shown_and_the_text_stays(open_page, minji, board, javascript):
    page = open_page("/free/write/", member=minji, javascript=javascript)
    write_body(page, "제목을 잊었습니다.", javascript)
    page.get_by_role("button", name="작성완료").click()
    expect(page.locator(".error-summary")).to_contain_text("제목을 입력해 주세요.")
    page.get_by_label("제목").fill("이제 있습니다")
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url("**/free/1/")
    assert "제목을 잊었습니다." in Post.objects.get().body.html


def test_the_text_is_there_after_going_back(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    page.get_by_label("제목").fill("돌아온 글")
    write_in_editor(page, "뒤로 가기를 눌러도 남습니다.")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="작성완료").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("페이지를 연 지 오래되었습니다.")
    page.go_back()
    expect(page.get_by_label("제목")).to_have_value("돌아온 글")
    expect(editor_body(page)).to_have_text("뒤로 가기를 눌러도 남습니다.")
    expect(page.get_by_role("button", name="작성완료")).to_be_enabled()


def test_a_form_with_an_expired_token_can_be_sent_again(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    page.get_by_label("제목").fill("오래된 글")
    write_in_editor(page, "다시 보냅니다.")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="작성완료").click()
    page.get_by_role("button", name="다시 보내기").click()
    page.wait_for_url("**/free/1/")
    assert "다시 보냅니다." in Post.objects.get().body.html


def test_a_lost_session_keeps_the_post(open_page, minji, board, javascript):
    page = open_page("/free/write/", member=minji, javascript=javascript)
    page.get_by_label("제목").fill("오래 쓴 글")
    write_body(page, "오래오래 썼습니다.", javascript)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="작성완료").click()
    log_in_again(page)
    page.wait_for_url("**/free/write/")
    expect(page.get_by_label("제목")).to_have_value("오래 쓴 글")
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url("**/free/1/")
    assert "오래오래 썼습니다." in Post.objects.get().body.html
    assert Post.objects.count() == 1


def test_a_lost_session_keeps_the_comment(open_page, minji, post):
    page = open_page("/free/1/", member=minji)
    page.get_by_label("댓글 내용").fill("오래 쓴 댓글")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="댓글등록").click()
    log_in_again(page)
    expect(page.get_by_label("댓글 내용")).to_have_value("오래 쓴 댓글")
    page.get_by_role("button", name="댓글등록").click()
    expect(page.get_by_role("article", name="민지님의 댓글")).to_contain_text("오래 쓴 댓글")


def log_in_again(page) -> None:
    page.locator("main").get_by_role("link", name="로그인").click()
    form = page.locator("main form")
    form.get_by_label("아이디 또는 E-mail").fill("minji")
    form.get_by_label("비밀번호").fill(PASSWORD)
    form.get_by_role("button", name="로그인", exact=True).click()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(open_page, minji, board):
    type(board).objects.update(upload_megabytes=1)
    page = open_page("/free/write/", member=minji)
    refusal = page.get_by_text("파일이 너무 큽니다. 1MB까지 올릴 수 있습니다.", exact=True)
    large = {"name": "큰 표.csv", "mimeType": "text/csv", "buffer": b"1," * 600_000}
    page.get_by_label("첨부파일").set_input_files(large)
    expect(refusal).to_be_visible()
    page.get_by_label("첨부파일").set_input_files(large | {"buffer": b"1,2"})
    expect(page.locator("input[name=kept_files]")).to_have_count(1)
