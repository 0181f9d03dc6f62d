"""Searches as Koreans type them: without spaces, with particles, on the wrong keyboard, by 초성, with a
minus, quotes and numbers."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Board, SearchWord
from boards.queries import search_initials
from tests.boards.test_search import found, search


@pytest.fixture
def write(minji, board):
    def write_one(subject, source="", place=None, **more):
        return write_post(
            author=minji, board=place or board, subject=subject, source=source, **more
        )

    return write_one


def note(page) -> str:
    return " ".join(each.text for each in page.all("p", class_="search-note"))


# -- minus, quotes, numbers ------------------------------------------------------------------------
@pytest.fixture
def fish(write):
    write("하나", "<p>가자미 시세가 올랐다</p>")
    write("둘", "<p>가자미 구이, 시세와 손님</p>")
    write("셋", "<p>시세 없는 대구. 가자미처럼 생김. Cod</p>")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("가자미 -대구", ["둘", "하나"]),
        ("가자미 -cod", ["둘", "하나"]),
        ("가자미 －구이", ["셋", "하나"]),
        ("-가자미처럼 가자미", ["둘", "하나"]),  # four syllables: only the text tells
        ("가자미 -시세가 -대구", ["둘"]),
        ('가자미 -"시세와 손님"', ["셋", "하나"]),
        ("가자미 -시세와손님", ["셋", "둘", "하나"]),
        ("가자미 -손님대구", ["셋", "둘", "하나"]),  # a document has the pieces, not the word
        ('"가자미 시세"', ["하나"]),
        ("“가자미 시세”", ["하나"]),
        ('"시세 가자미"', []),
        ('"가자미" "시세"', ["셋", "둘", "하나"]),
        ('"구이 시세와" 가자미', ["둘"]),  # a comma does not separate
        ('"대구 가자미', ["셋"]),  # a quote that does not end is none
        ("-대구", ["셋"]),  # nothing to find beside it: an ordinary word
        ("가자미-대구", ["셋"]),
        ("- 대구 --가자미", ["셋"]),
    ],
)
def test_minus_and_quotes(as_guest, fish, query, titles):
    assert found(as_guest, query) == titles
    assert found(as_guest, query, field="text") == titles


def test_minus_and_quotes_in_titles_names_and_comments(as_guest, write, minji, junho, board):
    write("가자미 시세")
    post = write("시세 가자미 구이")
    write_post(author=junho, board=board, subject="가자미", source="")
    write_comment(author=minji, post=post, text="가자미 시세 좋네요")
    write_comment(author=minji, post=post, text="시세 좋은 가자미")
    assert found(as_guest, "가자미 -시세", field="title") == ["가자미"]
    assert found(as_guest, '"가자미 시세"', field="title") == ["가자미시세"]
    assert len(found(as_guest, '"가자미 시세"', field="comments")) == 1
    assert len(found(as_guest, "가자미 -좋네요", field="comments")) == 1
    assert found(as_guest, f"{junho.nickname} -{minji.nickname}", field="author") == ["가자미"]
    assert found(as_guest, f"{minji.nickname} -{minji.nickname}", field="author") == []


def test_one_syllable_can_be_excluded(as_guest, write):
    write("소금빵", "<p>빵집에서</p>")
    write("소금", "<p>바다에서</p>")
    assert found(as_guest, "소금 -빵") == ["소금"]
    assert found(as_guest, "소금 -빵", field="title") == ["소금"]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("6790", ["셋", "둘", "하나"]),
        ("6,790", ["셋", "둘", "하나"]),
        ("6,790원", ["둘", "하나"]),
        ("６７９０", ["셋", "둘", "하나"]),
        ("16790", ["넷"]),
        ("16,790", ["넷"]),
        ("790", ["넷", "둘", "하나"]),  # as before
        ("1234567", ["다섯"]),
        ("1,234,567", ["다섯"]),
        ("6790 -원", ["셋"]),
        ("2026", ["여섯"]),
        ("2,026", ["여섯"]),
    ],
)
def test_numbers_are_found_with_and_without_commas(as_guest, write, query, titles):
    write("하나", "<p>값이 6,790원이다</p>")
    write("둘", "<p>6,790원 그리고 2,000원</p>")
    write("셋", "<p>6790</p>")
    write("넷", "<p>16,790 그리고 6</p>")
    write("다섯", "<p>1,234,567</p>")
    write("여섯", "<p>2026년, 2, 026</p>")
    assert found(as_guest, query) == titles


def test_a_number_is_marked_as_it_is_written(as_guest, write):
    write("값 6,790원", "<p>6 그리고 790</p>")
    page = search(as_guest, "6790")
    assert [mark.text for mark in page.one("ul", class_="results").all("mark")] == ["6,790"]


# -- spaces ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("가로등켜는", ["둘", "하나"]),
        ("가로등 켜는", ["셋", "둘", "하나"]),
        ("첫라면", ["첫 라면"]),
        ("급식미역국", ["넷"]),
        ("오늘급식미역국", ["넷"]),
        ("걷기좋은날", ["다섯"]),
        ("이사람", []),  # 많이 사람: not at the beginning of a word
        ('"가로등켜는"', ["둘"]),  # in quotes exactly as typed
    ],
)
def test_words_are_found_although_the_post_has_spaces(as_guest, write, query, titles):
    write("하나", "<p>등대길 가로등 켜는 날</p>")
    write("둘", "<p>가로등켜는 날</p>")
    write("셋", "<p>켜는 가로등</p>")
    write("넷", "<p>오늘 급식 미역국</p>")
    write("다섯", "<p>걷기 좋은\n날</p>")
    write("첫 라면", "<p>많이 사람들이</p>")
    titles = [title.replace(" ", "") for title in titles]
    assert found(as_guest, query) == titles
    assert not note(search(as_guest, query))


def test_what_the_spaces_divide_is_marked_and_shown(as_guest, write):
    write("하나", f"<p>{'켜는 앞 ' * 60}가로등 켜는 날{' 뒤 가로등' * 60}</p>")
    (item,) = search(as_guest, "가로등켜는").one("ul", class_="results").all("li")
    assert "가로등 켜는" in item.text.replace("  ", " ")
    assert {mark.text for mark in item.all("mark")} == {"가로등", "켜는"}


def test_many_results_are_not_searched_again(as_guest, write):
    for number in range(21):
        write(f"가로등길 {number}")
    write("가로등 길")
    assert "21건" in search(as_guest, "가로등길").one("nav", class_="tabs").text
    assert len(found(as_guest, "가로등길", page=2)) == 1


def test_pages_of_results_with_spaces_continue(as_guest, write):
    for number in range(25):
        write(f"가로등 길 {number}")
    assert [len(found(as_guest, "가로등길", page=page)) for page in (1, 2)] == [20, 5]


# -- retries ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "why", "used"),
    [
        ("소금빵이", "조사를 빼고", "소금빵"),
        ("소금빵에서는 미역국을", "조사를 빼고", "소금빵 미역국"),
        ("미역국소금빵", "띄어서", "미역국 소금빵"),
        ("thrmaQkd", "한글 키보드로", "소금빵"),
        ("thrmaQkd python", "한글 키보드로", "소금빵 python"),
        ("ㅔㅛ쇄ㅜ", "영문 키보드로", "python"),
    ],
)
def test_nothing_found_is_searched_differently_and_the_page_says_so(
    as_reader, write, query, why, used
):
    write("소금빵", "<p>그리고 미역국, Python</p>")
    page = search(as_reader, query)
    assert f"“{query}” 검색 결과가 없어 {why}" in note(page)
    link = page.one("p", class_="search-note").one("a")
    assert link.text == used
    assert page.one("ul", class_="results").all("li")
    assert page.one("input", id="q")["value"] == query
    assert [each.word for each in SearchWord.objects.all()] == [used]
    assert as_reader.get(link["href"]).context["retry"] is None


def test_a_search_that_finds_something_or_nothing_at_all_says_nothing_of_it(as_guest, write):
    write("소금빵이 나왔다")
    write("소금빵")
    for query, titles in (("소금빵이", ["소금빵이나왔다"]), ("갈매기를", []), ("rkfaorl", [])):
        page = search(as_guest, query)
        assert found(as_guest, query) == titles
        assert not note(page)
    assert '"소금빵을"' in search(as_guest, '"소금빵을"').one("input", id="q")["value"]
    assert found(as_guest, '"소금빵을"') == []  # what stands in quotes is not changed


def test_the_pages_of_a_retry_are_those_of_its_query(as_guest, write):
    for number in range(21):
        write(f"소금빵 {number}")
    page = search(as_guest, "소금빵을")
    link = page.one("nav", class_="pages").all("a")[1]
    assert "q=%EC%86%8C%EA%B8%88%EB%B9%B5&" in link["href"]
    assert len(as_guest.get(link["href"]).context["results"]) == 1
    assert as_guest.get("/search/", {"q": "소금빵을", "page": 2}).status_code == 404


def test_a_retry_finds_nothing_that_the_visitor_may_not_read(as_guest, as_junho, write, board):
    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=5)
    write("소금빵", place=vip)
    write("소금빵 둘", is_secret=True)
    for query in ("소금빵이", "thrmaQkd", "ㅅㄱㅃ", "소금 빵둘", "소금빵둘"):
        for browser in (as_guest, as_junho):
            page = search(browser, query)
            assert found(browser, query) == []
            assert not note(page)
            assert "0건" in page.one("nav", class_="tabs").text


def test_retries_end_when_the_search_has_taken_long(as_guest, write, monkeypatch):
    write("소금빵")
    clock = iter(range(0, 100_000, 4))
    monkeypatch.setattr("boards.views.search.monotonic", lambda: next(clock))
    monkeypatch.setattr("boards.views.search.charge_reader", lambda *_: None)
    assert found(as_guest, "소금빵이") == []


# -- initial consonants ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("ㄱㅈㅁ", ["너울항가자미시세"]),
        ("ㄱㅈㅁ ㅅㅅ", ["너울항가자미시세"]),
        ("ㄴㅇㅎㄱㅈㅁ", ["너울항가자미시세"]),
        ("ㅎㄱ", ["너울항가자미시세"]),
        ("ㅅㅁ", ["쌀밥세모"]),
        ("ㅋㅋ", []),
        ("ㄱ", []),
        ("ㄱㅏ", []),
        ("ㄱㅈㅁ 시세", ["너울항가자미시세"]),  # letters that are no words are ignored, as before
    ],
)
def test_titles_are_found_by_initial_consonants(as_guest, write, query, titles):
    write("너울항 가자미 시세", "<p>고등어</p>")
    write("쌀밥 세모")
    assert found(as_guest, query) == titles
    assert found(as_guest, query, field="title") == titles


def test_initials_are_marked_and_bounded_to_the_newest_posts_and_the_board(
    as_guest, write, other_board, monkeypatch
):
    write("가자미 하나")
    write("가자미 둘", place=other_board)
    page = search(as_guest, "ㄱㅈㅁ")
    marks = page.one("ul", class_="results").all("mark")
    assert [mark.text for mark in marks] == ["가자미", "가자미"]
    assert found(as_guest, "ㄱㅈㅁ", board="qna") == ["가자미둘"]
    monkeypatch.setattr(search_initials, "REACH", 1)
    assert found(as_guest, "ㄱㅈㅁ") == ["가자미둘"]


def test_initials_number_their_pages(as_guest, write):
    for number in range(25):
        write(f"가자미 {number}")
    assert [len(found(as_guest, "ㄱㅈㅁ", page=page)) for page in (1, 2)] == [20, 5]
    assert as_guest.get("/search/", {"q": "ㄱㅈㅁ", "page": 3}).status_code == 404


# -- limits ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query",
    [
        "-" * 10_000, '"' * 10_000, '-"' * 5_000, "- " * 5_000, "ㄱ" * 10_000, "rk" * 5_000,
        "1,234" * 2_000, "-가나 " * 2_000, '"가 나" ' * 2_000, "가" * 10_000, "가 " * 5_000,
        '-") OR pieces:("가나', "-'가나' | !'다라'", '"\\" -\\', "-ㅂ1 가나", "1" * 10_000, "ㅏ" * 10_000,
        "를" * 10_000, "에서는" * 3_000,
    ],
    ids=lambda query: ascii(query[:6]),
)  # fmt: skip
@pytest.mark.parametrize("field", ["", "title", "text", "author", "comments"])
def test_worst_queries_cost_a_bounded_number_of_searches(
    as_guest, write, query, field, monkeypatch
):
    """The first hundred characters are read: at most seven retries, each with two searches."""
    write("다른 글", "<p>다른 말 가나</p>")
    monkeypatch.setattr("boards.views.search.hit_or_refuse_reader", lambda *_, **__: None)
    for sent in (query[:100], query[:2_000]):
        with CaptureQueriesContext(connection) as captured:
            response = as_guest.get("/search/", {"q": sent, "field": field})
        assert response.status_code in (200, 414)
        asked = [each["sql"] for each in captured if "MATCH" in each["sql"] or "@@" in each["sql"]]
        assert len(asked) <= 40


def test_the_longest_question_stays_small():
    from boards.search import ask

    for query in (
        "가" * 5_000,
        "가나다라" * 5_000,
        "1234 " * 500,
        "-가나다 가" * 100,
        '"가나다" ' * 99,
    ):
        question = ask(query)
        for each in filter(None, (question, question.loosened)):
            assert sum(map(len, each.clauses)) <= 220
            assert sum(map(len, each.excluded)) <= 100
            assert SimpleNamespace(found=each.holds("가나다라 " * 50_000)).found in (True, False)
