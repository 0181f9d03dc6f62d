"""A board's minimum and maximum length of posts and comments, in characters."""

import pytest

from boards.models import Board, Comment, Post
from tests.boards.browsing import comment_form, guest_fields, post_form, read
from tests.boards.test_manage_boards_in_admin import BOARDS, board_fields
from tests.page import Page

pytestmark = pytest.mark.any_database

WRITE, COMMENT = "/free/write/", "/free/1/comments/write/"


@pytest.fixture(autouse=True)
def limits(board):
    set_limits(board, post_min_length=10, post_max_length=20)
    set_limits(board, comment_min_length=3, comment_max_length=8)


def set_limits(board, **limits) -> None:
    Board.objects.filter(pk=board.pk).update(**limits)
    board.refresh_from_db()


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("<p>아홉 글자 인데</p>", "10자 이상 써 주세요. 지금 8자입니다."),
        ("<p>열 글자는 됩니다요</p>", ""),
        ("<p>" + "가" * 20 + "</p>", ""),
        ("<p>" + "가" * 21 + "</p>", "20자까지 쓸 수 있습니다. 지금 21자입니다."),
        ("<p><strong>" + "가" * 5 + "</strong></p>" + "<p>&nbsp;</p>" * 9, "지금 5자입니다."),
    ],
)
def test_length_counts_the_text_of_a_post(as_minji, board, source, sentence):
    answer = as_minji.post(WRITE, post_form(source=source))
    assert answer.status_code == (422 if sentence else 302)
    if sentence:
        page = Page(answer.content)
        assert sentence in page.one(id="id_source_error").text
        assert answer.context["form"]["source"].value() == source, "what was written stays"
    assert Post.objects.exists() is not bool(sentence)


def test_a_picture_alone_has_no_length(as_minji, board):
    source = '<p><img src="https://pado.kr/a.png" alt="아주 긴 설명이 붙은 사진입니다"></p>'
    assert as_minji.post(WRITE, post_form(source=source)).status_code == 422


@pytest.mark.parametrize(
    ("text", "status"), [("짧", 422), ("세 글자", 302), ("가" * 8, 302), ("가" * 9, 422)]
)
def test_comments_have_a_length_too(as_junho, post, text, status):
    answer = as_junho.post(COMMENT, comment_form(text))
    assert answer.status_code == status
    assert Comment.objects.exists() is (status == 302)
    if status == 422:
        assert text in Page(answer.content).one("textarea", name="text").text


def test_guests_obey_the_limits(as_guest, board, post):
    Board.objects.update(comment_level=1)
    answer = as_guest.post(COMMENT, comment_form("가" * 9) | guest_fields())
    assert answer.status_code == 422
    assert "8자까지 쓸 수 있습니다." in answer.content.decode()


def test_edits_and_reply_posts_obey_the_limits(as_minji, as_junho, post, comment, junho):
    edit = "/free/1/edit/"
    version = Page(read(as_minji, edit)).one("input", name="edited_at")["value"]
    fields = post_form(source="<p>짧음</p>", edited_at=version)
    assert as_minji.post(edit, fields).status_code == 422
    answer = as_junho.post("/free/1/reply/", post_form(source="<p>짧음</p>"))
    assert answer.status_code == 422
    address = f"/free/1/comments/{comment.pk}/edit/"
    assert as_junho.post(address, {"text": "가" * 9}).status_code == 422
    assert as_junho.post(address, {"text": "가" * 8}).status_code == 302


def test_moderators_are_exempt(as_moderator, as_owner, board, post):
    for browser in (as_moderator, as_owner):
        assert browser.post(WRITE, post_form(source="<p>짧음</p>")).status_code == 302
        assert browser.post(COMMENT, comment_form("가" * 30)).status_code == 302
        assert "자까지 쓸 수" not in read(browser, WRITE)


def test_the_forms_state_the_limits(as_minji, as_junho, board, post, comment):
    assert "10자 이상 20자까지 쓸 수 있습니다." in Page(read(as_minji, WRITE)).text
    assert "3자 이상 8자까지 쓸 수 있습니다." in Page(read(as_minji, "/free/1/")).text
    edit = f"/free/1/comments/{comment.pk}/edit/"
    assert "3자 이상 8자까지 쓸 수 있습니다." in Page(read(as_junho, edit)).text
    set_limits(board, post_max_length=0, comment_min_length=0)
    assert "10자 이상 써 주세요." in Page(read(as_minji, WRITE)).text
    page = Page(read(as_minji, "/free/1/"))
    assert page.one("textarea", name="text")["aria-describedby"] == "id_text_length"
    assert page.one(id="id_text_length").text == "8자까지 쓸 수 있습니다."


def test_without_limits_any_length_is_accepted(as_minji, board, post):
    set_limits(board, post_min_length=0, post_max_length=0)
    set_limits(board, comment_min_length=0, comment_max_length=0)
    assert as_minji.post(WRITE, post_form(source="<p>아</p>")).status_code == 302
    assert as_minji.post(COMMENT, comment_form("아")).status_code == 302
    assert "자까지 쓸 수" not in Page(read(as_minji, "/free/1/")).text


def test_the_owner_sets_limits_and_invalid_ones_are_refused(as_owner, group, board):
    fields = board_fields(group, slug="free", skin="list", post_min_length=50, post_max_length=40)
    answer = as_owner.post(f"{BOARDS}{board.pk}/change/", fields)
    assert "최대 글자 수는 최소 글자 수보다 작을 수 없습니다." in answer.content.decode()
    fields |= {"post_max_length": 60, "comment_min_length": 2}
    assert as_owner.post(f"{BOARDS}{board.pk}/change/", fields).status_code == 302
    board.refresh_from_db()
    assert (board.post_min_length, board.post_max_length, board.comment_min_length) == (50, 60, 2)
    answer = as_owner.post(
        f"{BOARDS}{board.pk}/change/", fields | {"post_max_length": 1_000_000_000}
    )
    assert answer.status_code == 200
