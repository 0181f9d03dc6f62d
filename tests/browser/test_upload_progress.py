"""Uploads while writing: progress is visible, a refusal has a reason, submitting waits."""

import re

import pytest

from boards.models import Attachment, Board, Post
from tests.browser.editor import write_in_editor
from tests.browser.steps import expect

TEXT = {"name": "일정표.txt", "mimeType": "text/plain", "buffer": b"April 5"}
HOLD = "**/upload-file/"


def text(name: str, content: bytes = b"x") -> dict:
    return TEXT | {"name": name, "buffer": content}


def choose(page, *files):
    page.get_by_label("첨부파일").set_input_files(list(files))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_is_uploaded_and_attached(width, open_page, minji, board):
    page = open_page("/free/write/", member=minji, width=width)
    write_in_editor(page, "봄입니다.")
    page.get_by_label("제목").fill("봄나들이")
    choose(page, TEXT, text("준비물.txt"))
    rows = page.locator(".files li")
    expect(rows.locator("input[name=kept_files]")).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("일정표.txt")
    page.get_by_role("button", name="준비물.txt 삭제").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url(re.compile(r"/free/\d+/$"))
    assert [file.name for file in Post.objects.get().attachments.all()] == ["일정표.txt"]
    assert page.complaints == []


def test_submitting_waits_for_uploads_and_leaving_asks(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    write_in_editor(page, "봄입니다.")
    page.get_by_label("제목").fill("봄나들이")
    held = []
    page.route(HOLD, lambda route: held.append(route))
    choose(page, TEXT)
    bar = page.get_by_role("progressbar", name="일정표.txt 올리는 중")
    expect(bar).to_be_visible()
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.href = '/free/'")
    page.wait_for_timeout(500)
    assert questions == ["beforeunload"]
    page.get_by_role("button", name="작성완료").click()
    expect(page.locator(".attachments [role=status]")).to_have_text("파일을 다 올린 뒤 보냅니다.")
    assert not Post.objects.exists()
    held[0].continue_()
    page.wait_for_url(re.compile(r"/free/\d+/$"))
    assert Post.objects.get().file_count == 1


def test_each_refused_file_says_why(open_page, minji, board):
    Board.objects.update(upload_count=2, upload_megabytes=1)
    page = open_page("/free/write/", member=minji)
    rows = page.locator(".files li")
    choose(page, text("a.php"), text("큰.txt", b"x" * 1_048_577), text("빈.txt", b""))
    expect(rows.nth(0)).to_contain_text("php 파일은 받지 않습니다.")
    expect(rows.nth(1)).to_contain_text("1MB까지 올릴 수 있습니다.")
    expect(rows.nth(2)).to_contain_text("빈 파일입니다.")
    choose(page, text("1.txt"), text("2.txt"), text("3.txt"))
    expect(rows.nth(5)).to_contain_text("파일은 2개까지 붙일 수 있습니다.")
    expect(rows.locator("input[name=kept_files]")).to_have_count(2)
    page.get_by_role("button", name="a.php 닫기").click()
    expect(rows).to_have_count(5)


def test_a_refused_file_keeps_the_form_here(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    write_in_editor(page, "봄입니다.")
    page.get_by_label("제목").fill("봄나들이")
    held = []
    page.route(HOLD, lambda route: held.append(route))
    choose(page, TEXT)
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="작성완료").click()
    held[0].abort()
    expect(page.locator(".files .is-refused")).to_contain_text("연결이 끊겼습니다.")
    assert not Post.objects.exists()
    page.get_by_role("button", name="작성완료").click()  # without it
    page.wait_for_url(re.compile(r"/free/\d+/$"))
    assert Post.objects.get().file_count == 0


def test_a_dropped_file_is_uploaded(open_page, minji, board):
    page = open_page("/free/write/", member=minji)
    page.locator(".attachments").evaluate(
        """(field) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['봄'], '끌어온 파일.txt'));
          field.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator(".files li")).to_contain_text("끌어온 파일.txt")
    expect(page.locator("input[name=kept_files]")).to_have_count(1)
    assert Attachment.objects.get().uploader == minji


def test_without_javascript_files_are_sent_with_the_form(open_page, minji, board):
    page = open_page("/free/write/", member=minji, javascript=False)
    page.get_by_label("제목").fill("봄나들이")
    page.get_by_label("내용").fill("봄입니다.")
    choose(page, TEXT)
    page.get_by_role("button", name="작성완료").click()
    page.wait_for_url(re.compile(r"/free/\d+/$"))
    assert Post.objects.get().file_count == 1
