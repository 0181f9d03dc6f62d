"""베스트: the most liked comments appear a second time above the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.withholding_comments import delete_comment
from boards.models import Board, Comment
from tests.boards.browsing import read
from tests.crowd import fill_comments
from tests.page import Page

FREE = "/free/1/"


@pytest.fixture
def liked(post, junho):
    """Return `liked(7, text)`, which writes a comment with 7 likes."""
    Board.objects.update(likes_to_be_best=3)

    def write(likes: int, text: str = "좋은 말", **fields) -> Comment:
        comment = write_comment(author=junho, post=post, text=text, **fields)
        Comment.objects.filter(pk=comment.pk).update(like_count=likes)
        return comment

    return write


def best(browser, address: str = FREE) -> list[tuple[str, str]]:
    """Return (address, text) of each comment above the list."""
    places = Page(read(browser, address)).all("section", class_="best-comments")
    return [(link["href"], link.text) for place in places for link in place.all("a")]


def test_the_three_most_liked_comments_appear_above_the_list(as_guest, liked):
    comments = [liked(likes, f"추천 {likes}개짜리") for likes in (3, 9, 2, 5, 4)]
    assert best(as_guest) == [
        (f"#comment-{comments[place].pk}", f"베스트 준호 추천 {likes}개짜리 추천 {likes}")
        for place, likes in ((1, 9), (3, 5), (4, 4))
    ]


def test_best_comments_also_keep_their_own_place(as_guest, liked):
    comment = liked(3)
    page = Page(read(as_guest, FREE))
    assert page.one("li", id=comment.anchor).one("div", class_="comment-text").text == "좋은 말"


def test_a_best_comment_of_another_page_is_linked(as_guest, liked, minji, post):
    fill_comments(post, [minji], 201)
    comment = liked(8)
    assert [url for url, _words in best(as_guest)] == [comment.get_absolute_url()]
    assert best(as_guest, f"{FREE}?comments=2") == []


@pytest.mark.parametrize("choice", [{"likes_to_be_best": 0}, {"use_comment_likes": False}])
def test_a_board_without_best_comments_shows_none(choice, as_guest, liked):
    liked(9)
    Board.objects.update(**choice)
    assert best(as_guest) == []


def test_secret_and_deleted_comments_are_never_best_comments(as_guest, as_owner, owner, liked):
    liked(9, is_secret=True)
    gone = liked(8)
    delete_comment(comment=gone, by=owner)
    hidden = liked(7)
    Comment.objects.filter(pk=hidden.pk).update(state="hidden")
    assert best(as_guest) == best(as_owner) == []


def test_a_long_best_comment_is_cut_and_contains_no_markup(as_guest, liked):
    liked(4, "<script>alert(1)</script> " + "가" * 500)
    ((_url, words),) = best(as_guest)
    assert "<script>alert(1)</script>" in words
    assert "…" in words
    assert len(words) < 250
    assert "<script>alert" not in read(as_guest, FREE)


def test_best_comments_take_one_query_and_only_where_some_exist(
    as_guest, liked, monkeypatch, settings
):
    settings.PAGE_CACHE_MB = 0
    monkeypatch.setattr("visits.queries.past_counts.seconds", 10**9)
    monkeypatch.setattr("visits.queries.present_count.seconds", 10**9)
    liked(2)

    def queries() -> int:
        for _ in range(2):
            as_guest.get(FREE)
        with CaptureQueriesContext(connection) as captured:
            read(as_guest, FREE)
        return len(captured)

    none = queries()
    Board.objects.update(likes_to_be_best=0)
    assert queries() == none
    Board.objects.update(likes_to_be_best=2)
    assert queries() == none + 1
    for _ in range(5):
        liked(6)
    assert queries() == none + 1
