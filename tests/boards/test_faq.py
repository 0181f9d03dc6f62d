"""A board with the skin 자주하시는 질문: by category, ordered by hand, searchable, as FAQPage."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.ordering import order_posts
from boards.actions.posts import delete_post, write_post
from boards.models import Board, Category, PostPlace
from boards.queries import faq as faq_queries
from tests.boards.browsing import dangers, read
from tests.boards.moderating import set_category
from tests.boards.test_page_metadata import HOSTILE, json_ld
from tests.crowd import fill_board
from tests.page import Page


@pytest.fixture
def faq(board):
    """An FAQ with the categories 배송 and 회원, in this order."""
    Board.objects.filter(pk=board.pk).update(skin="faq")
    board.refresh_from_db()
    Category.objects.create(board=board, name="배송", position=1)
    Category.objects.create(board=board, name="회원", position=2)
    return board


@pytest.fixture
def ask(faq, minji):
    def write(subject: str, category: str = "", **more):
        chosen = Category.objects.filter(board=faq, name=category).first()
        source = more.pop("source", f"<p>{subject}의 답</p>")
        return write_post(
            author=minji, board=faq, subject=subject, source=source, category=chosen, **more
        )

    return write


def questions(browser, address: str = "/free/") -> list[str]:
    return [
        each.text for each in Page(read(browser, address)).one(class_="faq").all(class_="title")
    ]


def headings(browser, address: str = "/free/") -> list[str]:
    return [each.text for each in Page(read(browser, address)).one(class_="faq").all("h2")]


def put(browser, posts, numbers):
    fields = {f"place_{post.pk}": number for post, number in zip(posts, numbers, strict=True)}
    return browser.post("/free/order/", fields)


def test_questions_stand_below_their_categories(as_guest, as_minji, ask):
    ask("교환은 어떻게 하나요")
    ask("비밀번호를 잊었어요", "회원")
    ask("언제 도착하나요", "배송")
    for browser in (as_guest, as_minji):
        assert headings(browser) == ["배송", "회원", "그 밖의 질문"]
        assert questions(browser) == [
            "언제 도착하나요",
            "비밀번호를 잊었어요",
            "교환은 어떻게 하나요",
        ]


def test_a_category_shows_its_questions_only(as_guest, faq, ask):
    ask("비밀번호를 잊었어요", "회원")
    ask("언제 도착하나요", "배송")
    chosen = Category.objects.get(name="회원")
    address = f"/free/?category={chosen.pk}"
    assert questions(as_guest, address) == ["비밀번호를 잊었어요"]
    assert headings(as_guest, address) == []


def test_other_orders_have_no_headings(as_guest, ask):
    ask("언제 도착하나요", "배송")
    ask("비밀번호를 잊었어요", "회원")
    assert headings(as_guest, "/free/?sort=views") == []


# -- order -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["3", "1", "2"], "나다가"),
        (["1", "2", "1"], "다가나"),  # up: to the place of the first
        (["3", "2", "3"], "나다가"),  # down: to the place of the last
        (["1", "3", "3"], "가다나"),
        (["", "2", "x"], "가나다"),
        (["9" * 1000, "-1", "²"], "가나다"),
        (["0", "0", "0"], "가나다"),
    ],
)
def test_a_moderator_orders_questions(as_guest, as_moderator, ask, faq, numbers, expected):
    posts = [ask(subject) for subject in "가나다"]
    order_posts(board=faq, order=[post.pk for post in posts])
    assert questions(as_guest) == ["가", "나", "다"]
    assert put(as_moderator, posts, numbers).status_code == 302
    assert questions(as_guest) == [*expected]  # the cached page is rebuilt


def test_a_new_question_comes_last(as_guest, faq, ask):
    first, second = ask("가"), ask("나")
    order_posts(board=faq, order=[second.pk, first.pk])
    ask("다")
    assert questions(as_guest) == ["나", "가", "다"]


def test_only_moderators_order_questions(as_guest, as_minji, ask):
    post = ask("가")
    for browser in (as_guest, as_minji):
        assert put(browser, [post], ["1"]).status_code == 403
        assert "/free/order/" not in read(browser, "/free/")
    assert not PostPlace.objects.exists()


def test_posts_of_other_boards_get_no_place(faq, other_board, minji, ask):
    own = ask("가")
    foreign = write_post(author=minji, board=other_board, subject="남의 글", source="<p>글</p>")
    order_posts(board=faq, order=[foreign.pk, own.pk, own.pk])
    assert list(PostPlace.objects.values_list("post", flat=True)) == [own.pk]


def test_other_boards_have_no_order(as_moderator, board, post):
    assert as_moderator.get("/free/order/").status_code == 404


def test_a_long_list_keeps_the_order_of_other_boards(as_guest, as_moderator, ask, monkeypatch):
    for subject in "가나다":
        ask(subject)
    monkeypatch.setattr(faq_queries, "MOST", 2)
    assert questions(as_guest) == ["다", "나", "가"]
    assert as_moderator.get("/free/order/").status_code == 404


def test_a_page_of_questions_costs_as_many_queries_as_one(as_junho, moderator, faq, minji):
    fill_board(faq, minji, 1)
    read(as_junho, "/free/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        read(as_junho, "/free/")
    fill_board(faq, minji, 19)
    read(as_junho, "/free/")
    with CaptureQueriesContext(connection) as many:
        read(as_junho, "/free/")
    assert len(many) == len(one)


def test_a_deleted_question_leaves_the_list(as_guest, as_moderator, faq, ask, moderator):
    first, second = ask("가"), ask("나")
    order_posts(board=faq, order=[second.pk, first.pk])
    delete_post(post=second, by=moderator)
    assert questions(as_guest) == ["가"]
    assert Page(read(as_moderator, "/free/order/")).text.count("가") >= 1


def test_a_question_moves_with_its_category(as_guest, moderator, faq, ask):
    post = ask("가", "배송")
    ask("나", "회원")
    set_category(post=post, category=Category.objects.get(name="회원"), by=moderator)
    assert headings(as_guest) == ["회원"]


# -- search and links ------------------------------------------------------------------------------


def test_the_search_above_the_list_searches_this_board(as_guest, ask, other_board, minji):
    ask("배송은 언제 오나요")
    write_post(author=minji, board=other_board, subject="배송 이야기", source="<p>글</p>")
    page = Page(read(as_guest, "/free/"))
    (form,) = page.all("form", class_="faq-search")
    assert form["action"] == "/search/"
    assert not page.all("form", class_="board-search")
    found = Page(read(as_guest, "/search/?board=free&q=배송")).one("main").text
    assert "글 1건" in found
    assert "배송 이야기" not in found


def test_each_answer_has_an_address(as_guest, ask):
    post = ask("가")
    entry = Page(read(as_guest, "/free/")).one("details", class_="question")
    (link,) = [each for each in entry.all("a") if each["href"].startswith("#")]
    assert link["href"] == f"#answer-{post.pk}"
    assert entry.one(class_="post-body")["id"] == f"answer-{post.pk}"


# -- structured data -------------------------------------------------------------------------------


def test_an_faq_is_described_as_faqpage(as_guest, ask):
    post = ask("언제 도착하나요", "배송", source="<p>이틀 안에</p><p>도착합니다.</p>")
    data = json_ld(read(as_guest, "/free/"))
    assert data["@type"] == "FAQPage"
    (entry,) = data["mainEntity"]
    assert entry["name"] == "언제 도착하나요"
    assert entry["acceptedAnswer"] == {"@type": "Answer", "text": "이틀 안에\n도착합니다."}
    assert entry["url"].endswith(post.get_absolute_url())


def test_faqpage_contains_only_what_guests_may_read(as_guest, as_minji, as_owner, faq, ask):
    ask("가")
    ask("비밀", is_secret=True)
    names = [each["name"] for each in json_ld(read(as_guest, "/free/"))["mainEntity"]]
    assert names == ["가"]
    for browser in (as_minji, as_owner):
        assert "ld+json" not in read(browser, "/free/")
    Board.objects.filter(pk=faq.pk).update(read_level=2)
    assert "ld+json" not in read(as_guest, "/free/")


def test_faqpage_names_no_text_that_costs_points(as_guest, faq, ask, points_on):
    ask("가")
    Board.objects.filter(pk=faq.pk).update(read_points=-10)
    assert "ld+json" not in read(as_guest, "/free/")


def test_faqpage_cannot_break_out_of_its_script_element(as_guest, ask):  # case 43
    ask(HOSTILE, source=HOSTILE, format="text")
    html = read(as_guest, "/free/")
    assert not dangers(html)
    assert json_ld(html)["mainEntity"][0]["name"].startswith("</script>")


def test_a_long_answer_is_not_cut(as_guest, ask):
    ask("길게", source="<p>" + "가나다라 " * 4000 + "끝</p>")
    text = json_ld(read(as_guest, "/free/"))["mainEntity"][0]["acceptedAnswer"]["text"]
    assert text.endswith("끝")
    assert len(json.dumps(text, ensure_ascii=False)) > 19_000


def test_other_boards_are_no_faqpage(as_guest, board, post):
    assert not re.search("FAQPage", read(as_guest, "/free/"))
