"""금지어: a board refuses posts and comments that contain a blocked word, also in disguised
spellings.
"""

import time

import pytest

from boards.actions.posts import write_post
from boards.models import Board, BoardTexts, Comment, ExtraField, Post
from boards.text.blocked_words import blocked_word, words_of
from boardsite.models import SiteSettings
from tests.boards.browsing import comment_form, post_form
from tests.page import Page

WRITE = "/free/write/"
SENTENCE = "이 게시판에서 쓸 수 없는 말입니다: '나쁜말'."


@pytest.fixture
def words(board):
    return BoardTexts.objects.create(
        board=board, blocked_words="나쁜말\n\n Bad Word \n", guest_blocked_words="광고"
    )


def said(answer) -> str:
    assert answer.status_code == 422
    return Page(answer.content).text


# -- matching --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "나쁜말",
        "이것은나쁜말입니다",
        "나 쁜 말",
        "나.쁜-말",
        "나♡쁜~*말",
        "나\u200b쁜\u200d말",
        "나\u3164쁜\n말",
        "나1쁜말 나쁜_말",
        "\u1102\u1161\u1108\u1173\u11ab\u1106\u1161\u11af",  # NFD
        "ㄴㅏㅃㅡㄴ말".replace("ㄴㅏㅃㅡㄴ", "나쁜"),
        "BAD word",
        "b.a.d w-o-r-d",
        "ＢａｄＷｏｒｄ",  # full-width
        "ba\u0301d word",
    ],
)
def test_a_blocked_word_is_found(text):
    assert blocked_word(["나쁜말", "Bad Word"], text) in ("나쁜말", "Bad Word")


@pytest.mark.parametrize("text", ["", "나쁜 마음", "나쁘다 말", "bad", "착한말", "word bad"])
def test_a_harmless_text_is_not_matched(text):
    assert blocked_word(["나쁜말", "Bad Word"], text) == ""


def test_a_word_of_punctuation_is_matched_literally():
    assert blocked_word(["♨"], "온천 ♨ 갑시다") == "♨"
    assert blocked_word(["♨"], "온천 갑시다") == ""
    assert blocked_word(["", "\u200b"], "무엇이든") == ""


def test_the_setting_has_one_word_per_line():
    assert words_of(" 하나 \n\n둘 셋\r\n") == ["하나", "둘 셋"]


def test_matching_takes_bounded_time():  # case 83
    began = time.thread_time()
    blocked_word([f"낱말{n}" for n in range(500)], "낱 말 " * 66_000)
    assert time.thread_time() - began < 10


# -- posts and comments ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "나 쁜 말"},
        {"source": "<p>나<b>쁜</b></p><p>말</p>"},
        {"source": "나쁜\n말", "format": "text"},
        {"source": "<p>&#45208;쁜말</p>"},
    ],
)
def test_a_post_with_a_blocked_word_is_refused_and_its_text_stays_in_the_form(
    as_minji, words, fields
):
    sent = post_form(**fields)
    answer = as_minji.post(WRITE, sent)
    assert SENTENCE in said(answer)
    form = answer.context["form"]
    assert form["subject"].value() == sent["subject"]
    assert form["source"].value() == sent["source"]
    assert not Post.objects.exists()


def test_an_edit_with_a_blocked_word_is_refused(as_minji, words, post):
    assert SENTENCE in said(as_minji.post("/free/1/edit/", post_form(subject="나쁜말")))
    assert Post.objects.get().subject == post.subject


def test_an_extra_field_with_a_blocked_word_is_refused(as_minji, words, board):
    field = ExtraField.objects.create(board=board, name="지역")
    answer = as_minji.post(WRITE, post_form(**{f"extra_{field.pk}": "나-쁜-말"}))
    assert SENTENCE in said(answer)
    assert f"extra_{field.pk}" in answer.context["form"].errors


def test_a_comment_with_a_blocked_word_is_refused_and_its_text_stays_in_the_form(
    as_junho, words, post
):
    answer = as_junho.post("/free/1/comments/write/", comment_form("이 나쁜말 좀 보세요"))
    assert SENTENCE in said(answer)
    assert "이 나쁜말 좀 보세요" in answer.content.decode()
    assert not Comment.objects.exists()


def test_an_edited_comment_with_a_blocked_word_is_refused(as_junho, words, comment):
    answer = as_junho.post(f"/free/1/comments/{comment.pk}/edit/", {"text": "나쁜말"})
    assert SENTENCE in said(answer)
    assert Comment.objects.get().text == comment.text


def test_moderators_and_the_owner_may_write_blocked_words(as_moderator, as_owner, words):
    for browser in (as_moderator, as_owner):
        assert browser.post(WRITE, post_form(subject="나쁜말이란")).status_code == 302


def test_other_boards_accept_the_word(as_minji, words, other_board):
    assert as_minji.post("/qna/write/", post_form(subject="나쁜말")).status_code == 302


def test_the_word_list_for_guests_does_not_apply_to_members(as_minji, as_guest, words, board):
    Board.objects.filter(pk=board.pk).update(write_level=1)
    assert as_minji.post(WRITE, post_form(subject="광고")).status_code == 302
    guest = {"guest_name": "방문객", "guest_password": "열려라참깨"}
    answer = as_guest.post(WRITE, post_form(subject="광-고", **guest, **fresh_stamp()))
    assert "쓸 수 없는 말입니다: '광고'" in said(answer)
    answer = as_guest.post(WRITE, post_form(**guest | {"guest_name": "나쁜말"}, **fresh_stamp()))
    assert SENTENCE in said(answer)
    assert Post.objects.count() == 1


def fresh_stamp() -> dict:
    """Return the hidden field of a guest's form that was opened a while ago."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.forms.traps import stamp

    return {"made": stamp(timezone.now() - timedelta(minutes=1)), "homepage": ""}


def test_existing_posts_with_a_blocked_word_stay(as_guest, board, minji):
    write_post(author=minji, board=board, subject="나쁜말", source="<p>글</p>")
    BoardTexts.objects.create(board=board, blocked_words="나쁜말")
    assert "나쁜말" in as_guest.get("/free/1/").content.decode()


@pytest.mark.usefixtures("board", "other_board")
def test_words_of_the_site_apply_to_every_board(as_minji, as_moderator):
    site = SiteSettings.load()
    site.blocked_words = "나쁜말\n\n 광고 "
    site.save()
    for slug in ("free", "qna"):
        assert SENTENCE in said(as_minji.post(f"/{slug}/write/", post_form(subject="나 쁜 말")))
    assert not Post.objects.exists()
    assert as_moderator.post(WRITE, post_form(subject="나쁜말")).status_code == 302
    assert "'광고'" in said(as_minji.post("/free/1/comments/write/", comment_form("여기 광 고")))
    assert not Comment.objects.exists()


@pytest.mark.any_database
def test_the_owner_sets_the_words_of_the_site(as_owner):
    pk = SiteSettings.load().pk
    address = f"/admin/boardsite/sitesettings/{pk}/change/"
    form = {"name": "동네", "page_size": "20", "blocked_words": "나쁜말"}
    assert as_owner.post(address, form).status_code == 302
    assert SiteSettings.load().blocked_words == "나쁜말"
    assert as_owner.post(address, {**form, "blocked_words": "가" * 10_001}).status_code == 200
    assert SiteSettings.load().blocked_words == "나쁜말"
