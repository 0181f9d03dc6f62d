"""1:1 문의: the list of one's own, the moderators' list by state and waiting time, and the dashboard."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from boards.dashboard import inquiries as inquiries_card
from boards.dashboard import late_answers
from boards.models import Board, CannedAnswer, Category, Inquiry
from boards.queries.inquiries import time_span
from tests.boards.browsing import read
from tests.boards.inquiries import answer, inquire, make_inquiry_board
from tests.boards.test_manage_boards_in_admin import BOARDS, board_fields
from tests.conftest import make_member
from tests.page import Page


@pytest.fixture
def help_board(group):
    return make_inquiry_board(group)


@pytest.fixture
def staff(help_board):
    """The moderator of the inquiry board."""
    member = make_member("staff", "상담원")
    help_board.moderators.add(member)
    return member


def titles(browser, address: str = "/help/") -> list[str]:
    page = Page(read(browser, address))
    return [each.text for each in page.one("main").all("a", class_="title")]


def wait(post, **ago) -> None:
    Inquiry.objects.filter(pk=post.pk).update(since=timezone.now() - datetime.timedelta(**ago))


# -- one's own -------------------------------------------------------------------------------------
def test_members_see_their_own_inquiries(as_minji, as_junho, as_guest, help_board, minji, junho):
    inquire(help_board, minji, "민지의 문의")
    inquire(help_board, junho, "준호의 문의")
    inquire(help_board, subject="송이의 문의")
    assert titles(as_minji) == ["민지의 문의"]
    assert titles(as_junho) == ["준호의 문의"]
    assert titles(as_guest) == []
    for browser in (as_minji, as_guest):
        main = Page(read(browser, "/help/")).one("main").text
        assert not re.search(r"전체|3건|준호|송이", main)  # how many there are is nobody's business


def test_the_own_list_shows_states(as_minji, help_board, staff, minji):
    answer(inquire(help_board, minji, "첫째"), staff)
    inquire(help_board, minji, "둘째")
    shown = Page(read(as_minji, "/help/")).one("ul", class_="inquiries")
    assert [each.text for each in shown.all("span", class_="badge")] == ["접수", "답변완료"]
    assert "기다린 시간" not in read(as_minji, "/help/")


def test_a_guest_s_page_is_the_same_for_all_and_cached(as_reader, help_board, minji):
    first = read(as_reader, "/help/")
    inquire(help_board, minji)
    assert read(as_reader, "/help/").count("<li") == first.count("<li")


def test_pages(as_minji, help_board, minji):
    Board.objects.update(page_size=5)
    for number in range(7):
        inquire(help_board, minji, f"문의 {number}")
    assert titles(as_minji) == [f"문의 {number}" for number in (6, 5, 4, 3, 2)]
    assert titles(as_minji, "/help/?page=2") == ["문의 1", "문의 0"]


# -- of moderators ---------------------------------------------------------------------------------
@pytest.fixture
def four(help_board, staff, minji, junho):
    """Inquiries that wait for a day and for three, one that is asked again, and an answered one."""
    late, later = inquire(help_board, minji, "하루"), inquire(help_board, junho, "사흘")
    again, done = inquire(help_board, minji, "다시"), inquire(help_board, subject="끝")
    for post in (again, done):
        answer(post, staff)
    answer(again, minji, "더요")
    wait(late, days=1, hours=2)
    wait(later, days=3)
    wait(again, hours=5, minutes=7)
    return [late, later, again, done]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/help/", ["사흘", "하루", "다시"]),
        ("/help/?state=received", ["사흘", "하루"]),
        ("/help/?state=again", ["다시"]),
        ("/help/?state=answered", ["끝"]),
        ("/help/?state=all", ["끝", "다시", "사흘", "하루"]),
        ("/help/?state=nonsense", ["사흘", "하루", "다시"]),
    ],
)
def test_staff_see_what_waits_longest_first(log_in, as_owner, staff, four, address, expected):
    for browser in (log_in(staff), as_owner):
        assert titles(browser, address) == expected


def test_staff_see_how_long_and_how_many(log_in, staff, four):
    page = Page(read(log_in(staff), "/help/"))
    tabs = [each.text for each in page.one("nav", class_="tabs").all("a")]
    assert tabs == ["답변 대기 3", "접수 2", "추가 문의 1", "답변완료 1", "전체 4"]
    text = page.one("ul", class_="inquiries").text
    assert "기다린 시간 3일 0시간" in text
    assert "기다린 시간 5시간 7분" in text


def test_states_are_for_staff(as_minji, four):
    assert titles(as_minji, "/help/?state=all") == ["다시", "하루"]
    assert "답변 대기" not in read(as_minji, "/help/")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (datetime.timedelta(seconds=-5), "0분"),
        (datetime.timedelta(minutes=59, seconds=59), "59분"),
        (datetime.timedelta(hours=1), "1시간 0분"),
        (datetime.timedelta(days=400, hours=5), "400일 5시간"),
    ],
)
def test_time_spans(span, words):
    assert time_span(span) == words


@pytest.mark.parametrize("who", ["staff", "minji"])
def test_a_long_list_costs_as_many_queries(log_in, help_board, staff, minji, who):
    browser = log_in({"staff": staff, "minji": minji}[who])
    inquire(help_board, minji)
    read(browser, "/help/")
    with CaptureQueriesContext(connection) as one:
        read(browser, "/help/")
    for _each in range(14):
        inquire(help_board, minji)
    read(browser, "/help/")
    with CaptureQueriesContext(connection) as many:
        read(browser, "/help/")
    assert len(many) == len(one) <= 14


# -- the dashboard ---------------------------------------------------------------------------------
def test_the_dashboard_counts_what_waits(four, owner, staff, minji):
    for user in (owner, staff):
        shown = inquiries_card(user)
        assert (shown.value, shown.detail) == ("3건", "접수 2건, 추가 문의 1건.")
        assert shown.address == "/help/"
    assert inquiries_card(minji) is None


def test_the_dashboard_warns_of_late_answers(four, owner, minji):
    (alarm,) = late_answers(owner)
    assert alarm.text == "1:1 문의: 문의 1건이 2일 넘게 답변을 기다립니다."
    assert list(late_answers(minji)) == []
    Board.objects.update(answer_days=0)
    assert list(late_answers(owner)) == []


def test_without_inquiry_boards_the_dashboard_says_nothing(owner, board):
    assert inquiries_card(owner) is None
    assert list(late_answers(owner)) == []


# -- the board in the admin ------------------------------------------------------------------------
def edited(board) -> dict:
    """The form of `board` in the admin; `is_inquiry` is not ticked."""
    return board_fields(board.group, name=board.name, slug=board.slug, skin="list")


def test_a_board_with_posts_cannot_become_one_or_stop_being_one(
    as_owner, board, post, help_board, minji
):
    form = edited(board) | {"is_inquiry": "on"}
    refused = as_owner.post(f"{BOARDS}{board.pk}/change/", form)
    assert "글이 있는 게시판은 1:1 문의로 바꾸거나" in refused.content.decode()
    inquire(help_board, minji)
    form = edited(help_board)
    assert as_owner.post(f"{BOARDS}{help_board.pk}/change/", form).status_code == 200
    assert list(Board.objects.filter(is_inquiry=True)) == [help_board]


def test_an_empty_board_can_become_one(as_owner, board):
    form = edited(board) | {"is_inquiry": "on"}
    assert as_owner.post(f"{BOARDS}{board.pk}/change/", form).status_code == 302
    assert Board.objects.get().is_inquiry


@pytest.mark.parametrize("level", ["list_level", "read_level"])
def test_who_inquires_can_read_the_answer(as_owner, board, level):
    form = edited(board) | {"is_inquiry": "on", "write_level": "2", level: "5"}
    refused = as_owner.post(f"{BOARDS}{board.pk}/change/", form)
    assert "답변을 읽을 수 있어야" in refused.content.decode()


def test_the_owner_writes_canned_answers(as_owner, help_board):
    form = edited(help_board) | {
        "is_inquiry": "on",
        "canned_answers-TOTAL_FORMS": "1",
        "canned_answers-0-name": "인사",
        "canned_answers-0-text": "안녕하세요",
        "canned_answers-0-position": "1",
        "canned_answers-0-board": str(help_board.pk),
    }
    assert as_owner.post(f"{BOARDS}{help_board.pk}/change/", form).status_code == 302
    assert CannedAnswer.objects.get().text == "안녕하세요"


def test_categories_of_inquiries(as_minji, help_board, minji):
    category = Category.objects.create(board=help_board, name="환불")
    inquire(help_board, minji, category=category)
    assert "환불" in Page(read(as_minji, "/help/")).one("ul", class_="inquiries").text
