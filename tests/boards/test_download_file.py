"""Downloading: asked for each time, sent to be saved, counted."""

from urllib.parse import unquote

import pytest

from boards.models import Attachment, Board, Post, State
from tests.boards.browsing import document, picture, post_form, read


@pytest.fixture
def file(as_minji, board) -> Attachment:
    as_minji.post("/free/write/", post_form(files=[document("4월 일정표.txt", "봄".encode())]))
    return Attachment.objects.get()


def test_it_comes_under_its_own_name(as_guest, file):
    answer = as_guest.get(file.url)
    assert b"".join(answer).decode() == "봄"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition.partition("''")[2]) == "4월 일정표.txt"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["글.xml", "글.xyz", "글.json", "글"])
def test_a_type_that_we_do_not_know_is_nothing_in_particular(name, as_minji, as_guest, board):
    """Case 46."""
    as_minji.post("/free/write/", post_form(files=[document(name, b"<script>alert(1)</script>")]))
    answer = as_guest.get(Attachment.objects.get().url)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_downloads_are_counted(as_guest, as_junho, file):
    for browser in (as_guest, as_junho, as_guest):
        browser.get(file.url)
    as_guest.head(file.url)
    file.refresh_from_db()
    assert file.download_count == 3
    assert "3회 다운로드" in read(as_guest, "/free/1/")


def test_asking_by_post_is_none(as_junho, file):
    assert as_junho.post(file.url).status_code == 405
    file.refresh_from_db()
    assert file.download_count == 0


# -- who may: whoever may read the post, asked each time (case 24) ---------------------------------
def test_a_member_reads_it_while_he_may(as_junho, as_minji, as_moderator, file):
    read(as_junho, file.url)
    Board.objects.update(read_level=5)
    for browser in (as_junho, as_minji):
        read(browser, file.url, status=404)
    read(as_moderator, file.url)
    Board.objects.update(read_level=1)
    read(as_junho, file.url)


def test_a_secret_post_keeps_its_files(as_guest, as_junho, as_minji, as_moderator, as_owner, file):
    Post.objects.update(is_secret=True)
    for browser in (as_guest, as_junho):
        assert browser.get(file.url).status_code == 404
        assert browser.head(file.url).status_code == 404
    for browser in (as_minji, as_moderator, as_owner):
        read(browser, file.url)
    file.refresh_from_db()
    assert file.download_count == 3


@pytest.mark.parametrize("state", [State.HIDDEN, State.DELETED])
def test_a_post_that_has_gone_gives_none(
    state, as_guest, as_minji, as_junho, as_moderator, as_owner, file
):
    Post.objects.update(state=state)
    for browser in (as_guest, as_minji, as_junho):
        read(browser, file.url, status=404)
    for browser in (as_moderator, as_owner):  # who must judge it
        read(browser, file.url)


def test_one_not_attached_yet_is_its_uploader_s(as_guest, as_junho, as_minji, as_owner, file):
    Attachment.objects.update(post=None)
    read(as_minji, file.url)
    for browser in (as_guest, as_junho, as_owner):
        read(browser, file.url, status=404)


def test_one_whose_uploader_has_left_is_nobody_s(as_guest, as_minji, file):
    Attachment.objects.update(post=None, uploader=None)
    for browser in (as_guest, as_minji):
        read(browser, file.url, status=404)


def test_a_file_is_no_picture_and_a_picture_no_file(as_guest, as_minji, file):
    read(as_guest, f"/files/{file.pk}/picture/", status=404)
    read(as_guest, f"/files/{file.pk}/thumb/", status=404)
    as_minji.post("/free/write/", post_form(files=[picture()]))
    other = Attachment.objects.get(kind="picture")
    read(as_guest, other.url)
    read(as_guest, f"/files/{other.pk}/", status=404)


@pytest.mark.parametrize("pk", ["999", "0", "-1", "9" * 18, "9" * 30, "x", "1%00", "..", "../x"])
def test_one_that_is_not_there(pk, as_guest, file):
    """Cases 24, 53 and 57."""
    for address in (f"/files/{pk}/", f"/files/{pk}/picture/", f"/files/{file.file.name}"):
        assert as_guest.get(address).status_code == 404


def test_one_that_was_lost_from_the_disk(as_guest, file):
    file.file.storage.delete(file.file.name)
    read(as_guest, file.url, status=404)
