"""Texts of the owner above and below a board, and the template of a new post."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.models import Board, BoardTexts
from tests.boards.browsing import post_form, read
from tests.page import Page

WRITE = "/free/write/"


@pytest.fixture
def texts(board):
    return BoardTexts.objects.create(
        board=board,
        header="<p>글을 쓰기 전에 <b>읽어</b> 주세요.</p>",
        footer="<p>문의는 운영자에게.</p>",
        template="<h3>어디서</h3><p></p><h3>언제</h3><p></p>",
    )


@pytest.mark.parametrize("skin", ["list", "gallery", "webzine", "faq"])
def test_board_texts_appear_above_and_below_the_list(as_guest, board, texts, post, skin):
    Board.objects.filter(pk=board.pk).update(skin=skin)
    page = read(as_guest, "/free/")
    above, below = Page(page).all("div", class_="board-text")
    assert above.text == "글을 쓰기 전에 읽어 주세요."
    assert above.one("b").text == "읽어"
    assert below.text == "문의는 운영자에게."
    page = page.partition("<body>")[2]  # the head of an FAQ names its questions too
    assert page.index("읽어</b>") < page.index("봄나들이") < page.index("문의는")


def test_board_texts_appear_above_and_below_a_post(as_reader, texts, post):
    page = read(as_reader, "/free/1/")
    assert len(Page(page).all("div", class_="board-text")) == 2
    assert page.index("읽어</b>") < page.index("벚꽃이 활짝 피었습니다.</p>") < page.index("문의는")


def test_a_board_without_texts_shows_none(as_guest, as_minji, post):
    for address in ("/free/", "/free/1/"):
        assert "board-text" not in read(as_guest, address)
    form = Page(read(as_minji, WRITE)).one("form", enctype="multipart/form-data")
    assert form.one("textarea", name="source").text == ""
    assert form.one("input", name="format")["value"] == "text"


def test_other_boards_do_not_show_them(as_guest, texts, other_board):
    assert "board-text" not in read(as_guest, "/qna/")


def test_a_visitor_who_may_not_see_the_board_does_not_see_its_texts(
    as_guest, as_minji, board, texts, post
):
    """Case 23."""
    Board.objects.filter(pk=board.pk).update(list_level=9, read_level=9)
    for browser in (as_guest, as_minji):
        for address in ("/free/", "/free/1/"):
            page = read(browser, address, status=403)
            assert "읽어" not in page
            assert "문의는" not in page


# -- the template of a new post --------------------------------------------------------------------
def test_a_new_post_form_contains_the_template(as_minji, texts):
    form = Page(read(as_minji, WRITE)).one("form", enctype="multipart/form-data")
    assert form.one("textarea", name="source").text == texts.template
    assert form.one("input", name="format")["value"] == "html"


def test_the_template_does_not_overwrite_submitted_text(as_minji, texts):
    answer = as_minji.post(WRITE, post_form(subject="", source="<p>내가 쓴 것</p>"))
    form = Page(answer.content).one("form", enctype="multipart/form-data")
    assert form.one("textarea", name="source").text == "<p>내가 쓴 것</p>"


def test_an_edit_form_contains_the_post_and_not_the_template(as_minji, texts, post):
    form = Page(read(as_minji, "/free/1/edit/")).one("form", enctype="multipart/form-data")
    assert form.one("textarea", name="source").text == "<p>벚꽃이 활짝 피었습니다.</p>"


def test_a_member_without_the_editor_gets_the_template_as_plain_text(as_minji, board, texts):
    Board.objects.filter(pk=board.pk).update(html_level=9)
    form = Page(read(as_minji, WRITE)).one("form", enctype="multipart/form-data")
    assert form.one("textarea", name="source").text == "어디서 언제"


# -- queries ---------------------------------------------------------------------------------------
def test_board_texts_cost_no_query(as_guest, board, post, settings):
    settings.PAGE_CACHE_MB = 0

    def count(address: str) -> int:
        as_guest.get(address)  # the first request of all creates the row of site settings
        as_guest.get(address)
        with CaptureQueriesContext(connection) as captured:
            as_guest.get(address)
        return len(captured)

    before = [count(address) for address in ("/free/", "/free/1/")]
    BoardTexts.objects.create(board=board, header="<p>위</p>", footer="<p>아래</p>")
    assert [count(address) for address in ("/free/", "/free/1/")] == before
