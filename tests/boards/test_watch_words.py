"""알림 단어: members who watch a word are notified of new posts that contain it and that they may
read.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from boards import repair
from boards.actions.posts import delete_post, write_post
from boards.actions.watching import MOST_WORDS, TooManyWords, watch_board, watch_word
from boards.models import Board, WordWatch
from boards.text.watched_words import found_in, key_of
from tests.page import Page

LIST, ADD = "/notifications/watching/", "/notifications/watching/words/"


@pytest.fixture
def write(side_by_side, minji, board):
    """Return `write("제목", "본문")`, which commits a post by minji."""

    def do(subject="봄나들이", source="<p>본문</p>", **more):
        return write_post(
            **{"author": minji, "board": board, "subject": subject, "source": source} | more
        )

    return do


def unread(member) -> list[tuple[str, str]]:
    """Return (kind, address) of the unread notifications of `member`; asserts their count."""
    member.refresh_from_db()
    rows = Notification.objects.filter(member=member, read_at=None).order_by("pk")
    assert member.unread_notification_count == len(rows)
    return [(row.kind, row.address) for row in rows]


def words(client) -> list[str]:
    lists = Page(client.get(LIST).content).one("main").all("ul", class_="watch-list")
    return [line.text for each in lists for line in each.all("li")]


# -- choosing words --------------------------------------------------------------------------------
def test_words_are_added_and_removed(as_junho, as_minji, junho, db):
    for word in ("벚꽃", "  서울   마라톤 "):
        assert as_junho.post(ADD, {"word": word})["Location"] == LIST
    assert words(as_junho) == ["벚꽃", "서울 마라톤"]
    assert words(as_minji) == []
    pk = WordWatch.objects.get(word="벚꽃").pk
    assert as_minji.post(f"{ADD}{pk}/delete/").status_code == 404
    assert as_junho.post(f"{ADD}{pk}/delete/")["Location"] == LIST
    assert words(as_junho) == ["서울 마라톤"]


def test_spellings_of_a_word_are_stored_once(as_junho, db):
    for word in ("Django", "ＤＪＡＮＧＯ", "django"):
        assert as_junho.post(ADD, {"word": word}).status_code == 302
    assert words(as_junho) == ["Django"]


@pytest.mark.parametrize(
    "word", ["", "봄", " 봄 ", "가" * 31, "\u200b봄\u200b", "\u3164\u3164\u3164", "\ufdfa" * 8]
)
def test_an_invalid_word_is_reported(as_junho, db, word):
    answer = as_junho.post(ADD, {"word": word})
    assert answer.status_code == 422
    assert Page(answer.content).all("ul", class_="errorlist")
    assert not WordWatch.objects.exists()


def test_twenty_words_at_most(as_junho, junho, db):  # case 86
    for number in range(MOST_WORDS):
        watch_word(member=junho, word=f"단어 {number}")
    answer = as_junho.post(ADD, {"word": "벚꽃"})
    assert answer.status_code == 422
    page = Page(answer.content)
    assert "알림 단어는 20개까지 둘 수 있습니다. 먼저 쓰지 않는 것을 지워 주세요." in page.text
    assert page.one("input", name="word")["value"] == "벚꽃"
    with pytest.raises(TooManyWords):
        watch_word(member=junho, word="벚꽃")
    assert as_junho.post(ADD, {"word": "단어 3"}).status_code == 302  # already in the list
    assert WordWatch.objects.filter(member=junho).count() == MOST_WORDS


def test_a_guest_has_no_words(as_guest, db):
    assert as_guest.get(LIST).status_code == 403
    assert as_guest.post(ADD, {"word": "벚꽃"}).status_code == 403
    assert as_guest.post(f"{ADD}1/delete/").status_code == 403


def test_markup_in_a_word_is_escaped(as_junho, db):
    as_junho.post(ADD, {"word": "<b>벚꽃</b>"})
    assert "<b>벚꽃</b>" not in as_junho.get(LIST).content.decode()
    assert words(as_junho) == ["<b>벚꽃</b>"]


# -- matching --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("벚꽃", "벚꽃이 활짝", True),
        ("벚꽃", "벚 꽃", False),
        ("Django", "ＤＪＡＮＧＯ 5", True),
        ("서울 마라톤", "서울\n마라톤", True),
        ("서울\u3000마라톤", "서울 마라톤", True),
        ("카페", "\u110f\u1161\u1111\u1166", True),  # decomposed Hangul
        ("벚꽃", "", False),
    ],
)
def test_a_word_matches_at_these_places(word, text, is_found):
    assert bool(found_in([key_of(word)], text)) is is_found


@pytest.mark.parametrize(
    ("subject", "source", "is_notified"),
    [
        ("벚꽃 구경", "<p>본문</p>", True),
        ("봄나들이", "<p>여의도에 <b>벚꽃</b>이 피었다</p>", True),
        ("봄나들이", "<p>여의도에 벚<b>꽃</b>이 피었다</p>", True),
        ("봄나들이", '<p><a href="https://pado.kr/벚꽃">여기</a></p>', False),  # words, not markup
        ("봄나들이", "<p>본문</p>", False),
    ],
)
def test_a_new_post_with_the_word_notifies(write, junho, minji, subject, source, is_notified):
    for member in (junho, minji):
        watch_word(member=member, word="벚꽃")
    post = write(subject, source)
    assert unread(junho) == ([("word", post.get_absolute_url())] if is_notified else [])
    assert unread(minji) == []  # her own post


def test_the_text_of_the_notification(as_junho, write, junho):
    watch_word(member=junho, word="벚꽃")
    write("벚꽃 구경")
    text = Page(as_junho.get("/notifications/").content).text
    assert "민지님이 알림 단어가 든 글을 썼습니다. 벚꽃 구경" in text


def test_two_words_and_the_board_notify_once(write, junho, board):
    watch_board(member=junho, board=board)
    for word in ("벚꽃", "구경"):
        watch_word(member=junho, word=word)
    write("벚꽃 구경")
    assert unread(junho) == [("word", "/free/1/")]
    write("점심")
    assert unread(junho) == [("word", "/free/1/"), ("board", "/free/2/")]
    assert repair.recount(repairs=False) == []


def test_each_post_has_a_notification_that_opening_the_post_reads(as_junho, write, junho):
    watch_word(member=junho, word="벚꽃")
    for _ in range(2):
        write("벚꽃")
    as_junho.get("/free/1/")
    assert unread(junho) == [("word", "/free/2/")]


def test_a_word_reveals_nothing_of_an_unreadable_post(write, junho, moderator, board):
    for member in (junho, moderator):
        watch_word(member=member, word="벚꽃")
    write("벚꽃", is_secret=True)
    assert unread(junho) == []
    assert len(unread(moderator)) == 1
    Board.objects.update(read_level=5)
    write("벚꽃", board=Board.objects.get(pk=board.pk))
    assert unread(junho) == []


def test_a_post_that_became_unreadable_loses_its_notification(write, minji, junho):
    watch_word(member=junho, word="벚꽃")
    post = write("벚꽃")
    delete_post(post=post, by=minji)
    assert unread(junho) == []
    assert repair.recount(repairs=False) == []


def test_a_post_takes_the_same_number_of_queries_for_any_number_of_watchers(write, junho, owner):
    def cost(subject) -> int:
        with CaptureQueriesContext(connection) as captured:
            write(subject)
        return len(captured)

    cost("점심")
    watch_word(member=junho, word="벚꽃")
    nothing, one = cost("점심"), cost("벚꽃")
    for word in ("단풍", "낙엽", "눈꽃"):
        watch_word(member=junho, word=word)
        watch_word(member=owner, word=word)
    watch_word(member=owner, word="벚꽃")
    assert cost("점심") == nothing
    assert cost("벚꽃 단풍 낙엽") == one
