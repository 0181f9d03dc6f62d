"""Searching finds Korean words inside longer ones, only posts that the visitor may read, and in
a bounded number of queries.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import (
    delete_post,
    edit_post,
    hide_post,
    move_post,
    restore_post,
    write_post,
)
from boards.actions.withholding_comments import delete_comment
from boards.models import Board
from boards.search import TooSlow
from tests.page import Page


def search(client, q: str, **more) -> Page:
    response = client.get("/search/", {"q": q, **more})
    assert response.status_code == 200
    return Page(response.content)


def found(client, q: str, **more) -> list[str]:
    page = search(client, q, **more)
    return [
        item.one("a", class_="title").text.replace(" ", "")
        for results in page.all("ul", class_="results")
        for item in results.all("li")
    ]


@pytest.fixture
def write(minji, board):
    def write_one(subject, source="", place=None, author=None, **more):
        return write_post(
            author=author or minji, board=place or board, subject=subject, source=source, **more
        )

    return write_one


# -- results ---------------------------------------------------------------------------------------
def test_two_syllables_are_found_inside_longer_words(as_guest, write):
    write("한국경제신문")
    write("둘째", "<p>올해는 경제가 좋다</p>")
    write("셋째", "<p>경 제사</p>")
    assert found(as_guest, "경제") == ["둘째", "한국경제신문"]


def test_long_words_are_found_literally(as_guest, write):
    write("하나", "<p>경제정책을 세운다</p>")
    write("둘", "<p>경제정 그리고 제정책</p>")
    assert found(as_guest, "경제정책") == ["하나"]


def test_all_words_must_match_and_the_newest_posts_come_first(as_guest, write):
    write("하나", "<p>서울 벚꽃</p>")
    write("둘", "<p>벚꽃</p>")
    write("서울", "<p>벚꽃</p>")
    assert found(as_guest, "벚꽃 서울") == ["서울", "하나"]


def test_latin_words_and_numbers_match_in_any_case(as_guest, write):
    write("LG전자 2026")
    assert found(as_guest, "lg") == found(as_guest, "ＬＧ 2026") == ["LG전자2026"]
    assert found(as_guest, "l") == []


def test_title_author_and_comments_are_searched(as_guest, board, write, minji, junho):
    write("벚꽃 구경", "<p>서울</p>")
    post = write("서울 나들이", "<p>벚꽃</p>", author=junho)
    write_comment(author=minji, post=post, text="진달래도 피었어요")
    assert found(as_guest, "벚꽃", field="title") == ["벚꽃구경"]
    assert found(as_guest, "준호", field="author") == ["서울나들이"]
    assert found(as_guest, "진달래") == []
    page = search(as_guest, "진달래", field="comments")
    assert [link["href"] for link in page.one("ul", class_="results").all("a", class_="title")] == [
        post.comments.get().get_absolute_url()
    ]
    assert found(as_guest, "벚꽃", field="no such field") == ["서울나들이", "벚꽃구경"]
    tabs = page.one("nav", class_="tabs")
    assert tabs.one("a", **{"aria-current": "page"}).text == "댓글 1건"


def test_within_one_board(as_guest, other_board, write):
    write("벚꽃 하나")
    write("벚꽃 둘", place=other_board)
    assert found(as_guest, "벚꽃") == ["벚꽃둘", "벚꽃하나"]
    assert found(as_guest, "벚꽃", board="qna") == ["벚꽃둘"]
    page = search(as_guest, "벚꽃", board="qna")
    (chosen,) = [option for option in page.all("option") if "selected" in option.attributes][:1]
    assert chosen["value"] == "qna"


def test_one_syllable_is_searched_in_titles(as_guest, write):
    write("빵 굽기")
    write("둘째", "<p>빵</p>")
    assert found(as_guest, "빵") == ["빵굽기"]


def test_matches_are_marked_and_everything_else_is_escaped(as_guest, write):
    write("<i>벚꽃</i> & 봄", "<p>&lt;script&gt;alert(1)&lt;/script&gt; 벚꽃길</p>")
    page = search(as_guest, "벚꽃")
    (item,) = page.one("ul", class_="results").all("li")
    assert [mark.text for mark in item.all("mark")] == ["벚꽃", "벚꽃"]
    assert not item.all("i")
    assert not item.all("script")
    assert "<i> 벚꽃 </i> & 봄" in item.text
    assert "벚꽃" in page.title


def test_the_query_is_escaped(as_guest, board):  # case 41
    page = search(as_guest, '"><script>alert(1)</script>')
    assert all("src" in script.attributes for script in page.all("script"))
    assert page.one("input", id="q")["value"] == '"><script>alert(1)</script>'


def test_pages_are_numbered_and_end(as_guest, write):
    for number in range(21):
        write(f"벚꽃 {number}")
    assert found(as_guest, "벚꽃", page=2) == ["벚꽃0"]
    page = search(as_guest, "벚꽃")
    assert "21건" in page.one("nav", class_="tabs").text
    link = page.one("nav", class_="pages").all("a")[1]
    assert link["href"] == "/search/?q=%EB%B2%9A%EA%BD%83&page=2"
    for beyond in ("3", "0", "abc", "9" * 9, str(10**9)):
        assert as_guest.get("/search/", {"q": "벚꽃", "page": beyond}).status_code == 404


# -- permissions -----------------------------------------------------------------------------------
def test_others_do_not_find_a_secret_post_and_nobody_finds_its_comments(
    as_guest, as_junho, as_minji, as_owner, write, minji
):
    """For those who find it see test_search_secrets.py."""
    post = write("벚꽃 편지", "<p>진달래</p>", is_secret=True)
    write_comment(author=minji, post=post, text="개나리")
    for client in (as_guest, as_junho):
        for word, field in (("벚꽃", ""), ("진달래", ""), ("민지", "author")):
            assert found(client, word, field=field) == []
    for client in (as_guest, as_junho, as_minji, as_owner):
        assert found(client, "개나리", field="comments") == []


def test_changed_permissions_change_the_results_at_once(
    as_guest, write, board, other_board, minji, moderator
):  # cases 19, 21, 23
    post = write("벚꽃 편지", "<p>진달래</p>")
    comment = write_comment(author=minji, post=post, text="개나리")

    def finds():
        return [
            found(as_guest, word, field=field) != []
            for word, field in (("벚꽃", ""), ("진달래", ""), ("개나리", "comments"))
        ]

    assert finds() == [True, True, True]
    hide_post(post=post, by=moderator)
    assert finds() == [False, False, False]
    restore_post(post=post, by=moderator)
    assert finds() == [True, True, True]

    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=5)
    post.refresh_from_db()
    moved = move_post(post=post, board=vip, by=moderator)
    assert finds() == [False, False, False]
    Board.objects.filter(pk=vip.pk).update(read_level=1)
    assert finds() == [True, True, True]
    assert found(as_guest, "벚꽃", board="free") == []
    assert found(as_guest, "벚꽃", board="vip") == ["벚꽃편지"]
    Board.objects.filter(pk=vip.pk).update(list_level=2)
    assert finds() == [False, False, False]
    Board.objects.filter(pk=vip.pk).update(list_level=1)

    edit_post(post=moved, by=minji, subject="봄 편지", source="<p>진달래</p>")
    assert finds() == [False, True, True]
    delete_comment(comment=comment, by=minji)
    assert finds() == [False, True, False]
    edit_post(post=moved, by=minji, subject="벚꽃 편지", source="<p>봄</p>", is_secret=True)
    assert finds() == [False, False, False]
    edit_post(post=moved, by=minji, subject="벚꽃 편지", source="<p>봄</p>", is_secret=False)
    assert finds() == [True, False, False]
    delete_post(post=moved, by=minji)
    assert finds() == [False, False, False]


def test_boards_above_the_visitor_s_level_are_neither_searched_nor_offered(
    as_guest, as_junho, as_moderator, board, write, junho
):  # case 23
    write("벚꽃 편지")
    Board.objects.update(read_level=3)
    for client in (as_guest, as_junho):
        page = search(client, "벚꽃", board="free")
        assert "벚꽃 편지" not in page.html
        assert "0건" in page.one("nav", class_="tabs").text
        assert [
            option["value"] for option in page.one("select", id="search-board").all("option")
        ] == [""]
    assert found(as_moderator, "벚꽃") == ["벚꽃편지"]


# -- limits ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "q",
    [
        "!?.,…", "%", "*", "___", "ㅋㅋㅋ", "가" * 10_000, "a" * 10_000, "' OR 1=1 --", '"', "\1벚",
        " ".join(f"낱말{number}" for number in range(200)), "NEAR(벚꽃)", "\ud7ff", "벚꽃" * 3_000,
    ],
    ids=lambda q: ascii(q[:9]),
)  # fmt: skip
@pytest.mark.parametrize("field", ["", "comments"])
def test_strange_queries_find_nothing_with_few_queries(as_guest, write, q, field):
    """Cases 51, 52, 81."""
    write("다른 글", "<p>다른 말</p>")
    with CaptureQueriesContext(connection) as captured:
        response = as_guest.get("/search/", {"q": q, "field": field})
    assert len(captured) <= 40
    if (
        response.status_code == 414
    ):  # longer than any address of the site: refused before it is parsed
        assert len(response.request["QUERY_STRING"]) > 8_000
        return
    page = Page(response.content)
    assert "검색된 자료가 하나도 없습니다." in page.text
    assert len(page.one("input", id="q")["value"]) <= 100


def test_a_search_that_takes_too_long_says_so(as_guest, write, monkeypatch):  # case 81
    write("벚꽃 구경")

    def wait(*_arguments, **_more):
        raise TooSlow

    with monkeypatch.context() as patched:
        patched.setattr("boards.search.Index.find", wait)
        for field in ("", "comments"):
            response = as_guest.get("/search/", {"q": "벚꽃", "field": field})
            assert response.status_code == 503
            assert int(response["Retry-After"]) > 0
            page = Page(response.content)
            assert "찾는 데 너무 오래 걸려 그만두었습니다." in page.text
            assert "검색된 자료가 하나도 없습니다." not in page.text
            assert page.one("input", id="q")["value"] == "벚꽃"  # the user can change the query
    assert found(as_guest, "벚꽃") == ["벚꽃구경"]


def test_an_empty_query_asks_for_words(as_guest, board):
    for q in ("", "   ", "\n"):
        page = search(as_guest, q)
        assert "찾을 단어를 입력해 주세요." in page.text
        assert not page.all("nav", class_="tabs")


def test_repeated_and_strange_parameters_do_no_harm(as_guest, write):  # case 52
    write("벚꽃")
    for query in ("q=벚꽃&q=벚꽃&field=title&field=x", "q[]=벚꽃", "q=벚꽃&board=\1&board[]=1"):
        assert as_guest.get(f"/search/?{query}").status_code == 200


def test_searches_are_limited_per_address_with_a_sentence(as_guest, as_junho, board, monkeypatch):
    # case 81; the window must not end in the middle of the test, and no search may be slow
    monkeypatch.setattr("boardsite.limits.rate_limit._now", lambda: 1_800_000_000)
    monkeypatch.setattr("boards.views.search.monotonic", lambda: 0.0)
    for _ in range(60):
        assert as_guest.get("/search/?q=벚꽃").status_code == 200
    response = as_guest.get("/search/?q=벚꽃")
    assert response.status_code == 429
    assert int(response["Retry-After"]) <= 60
    assert "요청이 너무 잦습니다." in Page(response.content).text
    assert as_guest.get("/search/").status_code == 200
    assert as_guest.get("/search/?q=벚꽃", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_members_at_one_address_do_not_share_the_limit(
    as_guest, as_junho, as_minji, board, monkeypatch
):
    monkeypatch.setattr("boardsite.limits.rate_limit._now", lambda: 1_800_000_000)
    monkeypatch.setattr("boards.views.search.monotonic", lambda: 0.0)
    for client in (as_guest, as_junho):
        sent = [client.get("/search/?q=벚꽃").status_code for _ in range(61)]
        assert sent == [200] * 60 + [429]
    assert as_minji.get("/search/?q=벚꽃").status_code == 200


@pytest.mark.parametrize("is_stopped", [False, True])
def test_slow_searches_use_up_the_limit_of_their_address(
    as_guest, as_junho, write, monkeypatch, is_stopped
):
    """Attack case 102: sixty searches of three seconds each would occupy a worker permanently."""
    write("벚꽃 구경")
    clock = iter(range(0, 10_000, 3))  # each reading of the clock is three seconds later

    def slow(*_arguments, **_more):
        raise TooSlow

    monkeypatch.setattr("boardsite.limits.rate_limit._now", lambda: 1_800_000_000)
    with monkeypatch.context() as patched:
        patched.setattr("boards.views.search.monotonic", lambda: next(clock))
        if is_stopped:
            patched.setattr("boards.search.Index.find", slow)
        sent = [as_guest.get("/search/?q=벚꽃").status_code for _ in range(6)]
    assert sent == [503 if is_stopped else 200] * 4 + [429] * 2
    assert as_guest.get("/search/?q=벚꽃").status_code == 429
    assert as_guest.get("/search/?q=벚꽃", REMOTE_ADDR="203.0.113.9").status_code == 200
    monkeypatch.setattr("boardsite.limits.rate_limit._now", lambda: 1_800_000_060)
    assert as_guest.get("/search/?q=벚꽃").status_code == 200
