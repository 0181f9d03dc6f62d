"""인기검색어 (popular searches): words that many people searched for this week, without revealing a
single person's.
"""

import logging
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from boards.actions.posts import hide_post, write_post
from boards.actions.search_words import count_search
from boards.models import Board, BoardTexts, SearchSettings, SearchWord
from boards.queries.search_words import popular_words
from boards.text.search_words import search_word
from boardsite.caching.page_cache import pages
from boardsite.caching.ttl_cache import TTLCache
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.models import RateWindow
from boardsite.visitors.identity import today
from tests.boards.browsing import all_at_once
from tests.conftest import make_member
from tests.page import CHROME, Page

ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def write(minji, board):
    def write_one(subject, source="", place=None, **more):
        place = place or board
        return write_post(author=minji, board=place, subject=subject, source=source, **more)

    return write_one


@pytest.fixture
def look_for(db):
    """Return `look_for("봄", 3)`: three visitors with different addresses search for the word
    today.
    """

    def search(q: str, people: int = 1, first: int = 1, client=None, agent=CHROME, **query):
        client = client or Client()
        for number in range(first, first + people):
            headers = {"user-agent": agent, **query.pop("headers", {})}
            address = f"203.0.113.{number}"
            answer = client.get("/search/", {"q": q, **query}, REMOTE_ADDR=address, headers=headers)
            assert answer.status_code == 200
        return answer

    return search


def counted() -> dict[str, int]:
    return dict(SearchWord.objects.filter(day=today()).values_list("word", "visitors"))


def fresh_words() -> list[str]:
    """Return the words as a process without caches reads them."""
    TTLCache.forget_all()
    return [each.word for each in popular_words()]


def named(path: str = "/free/", client: Client | None = None) -> list[str]:
    """Return the words on a page after every cache was cleared."""
    TTLCache.forget_all()
    VersionedCache.forget_all()
    pages.clear()
    page = Page((client or Client()).get(path).content)
    boxes = page.all("section", class_="popular-words")
    assert len(boxes) <= 1
    return [link.text for box in boxes for link in box.all("a")]


# -- counting --------------------------------------------------------------------------------------
def test_each_address_counts_once_per_word_and_day(write, look_for):
    write("벚꽃 구경")
    look_for("벚꽃", 3)
    look_for("벚꽃", 3)
    look_for("구경")
    assert counted() == {"벚꽃": 3, "구경": 1}


def test_user_agents_and_accounts_at_one_address_count_once(write, look_for, log_in, junho):
    write("벚꽃 구경")
    for version in range(5):
        look_for("벚꽃", agent=CHROME.replace("131", str(120 + version)))
    look_for("벚꽃", client=log_in(junho))
    look_for("벚꽃", client=log_in(make_member("twin", "쌍둥이")))
    assert counted() == {"벚꽃": 1}


def test_one_address_cannot_fill_the_table(write, monkeypatch):
    """Each word finds the post. A search that is not counted stores no rate limit key either."""
    monkeypatch.setattr("boards.actions.search_words.MOST", 3)
    words = [f"낱말{letter}" for letter in "가나다라마바"]
    assert [count_search(query=word, address="a" * 32) for word in words] == [True] * 3 + [
        False
    ] * 3
    assert not count_search(query=words[0], address="a" * 32)
    assert len(counted()) == 3
    assert RateWindow.objects.count() == 4
    assert count_search(query=words[5], address="b" * 32)


def test_the_next_day_counts_again(write, look_for, monkeypatch):
    write("벚꽃")
    look_for("벚꽃", 2)
    tomorrow = today() + timedelta(days=1)
    for module in (
        "boardsite.visitors.identity",
        "boardsite.limits.rate_limit",
        "boards.actions.search_words",
    ):
        monkeypatch.setattr(f"{module}.today", lambda: tomorrow)
    look_for("벚꽃")
    rows = SearchWord.objects.order_by("day").values_list("day", "visitors")
    assert list(rows) == [(tomorrow - timedelta(days=1), 2), (tomorrow, 1)]


@pytest.mark.parametrize(
    "query",
    [
        {"field": "author"},
        {"field": "comments"},
        {"page": "2"},
        {"from": "popular"},
        {"headers": {"sec-purpose": "prefetch"}},
        {"headers": {"sec-fetch-dest": "image"}},
        {"agent": ROBOT},
        {"agent": "curl/8.5"},
        {"agent": ""},
    ],
    ids=str,
)
def test_searches_for_names_comments_further_pages_and_programs_do_not_count(
    write, look_for, query
):
    for number in range(21):
        write(f"민지 {number}")
    if query.get("field") == "comments":
        write("민지").comments.create(text="민지", html="<p>민지</p>", path="000001")
    look_for("민지", **query)
    assert counted() == {}


@pytest.mark.parametrize("field", ["", "title", "text"])
def test_searches_in_a_board_and_by_title_or_text_count(write, look_for, field):
    write("벚꽃", "<p>벚꽃</p>")
    look_for("벚꽃", field=field, board="free")
    assert counted() == {"벚꽃": 1}


def test_a_head_request_does_not_count(write):
    write("벚꽃")
    Client(headers={"user-agent": CHROME}).head("/search/?q=벚꽃")
    assert counted() == {}


def test_a_search_without_results_does_not_count(write, look_for):
    write("벚꽃")
    look_for("진달래")
    assert counted() == {}


def test_a_tag_search_redirects_to_its_page_and_does_not_count(write, client):
    write("벚꽃 #도움", tags=["벚꽃"])
    for q in ("#벚꽃", "＃벚꽃", "#도움"):
        client.get("/search/", {"q": q}, headers={"user-agent": CHROME})
    assert counted() == {}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("  벚꽃   구경 ", "벚꽃 구경"),
        ("ＬＧ　전자", "lg 전자"),
        ("\u1107\u1165\u11bd꽃", "벚꽃"),
        ("벚꽃\0", "벚꽃"),
        ("\u202e벚꽃\u200b", "벚꽃"),
        ("벚꽃 ㅋㅋ", "벚꽃"),
        ("C++", "c++"),
        ("가" * 50, "가" * 50),
        ("가" * 51, ""),
        ("㎏" * 40, ""),  # which is 80 letters
        ("#벚꽃", ""),
        ("010-1234-5678", ""),
        ("민지 minji@example.com", ""),
        ("\0\n\u3164", ""),
    ],
    ids=ascii,
)
def test_a_word_has_one_spelling_and_private_data_has_none(typed, word):
    assert search_word(typed) == word


@pytest.mark.parametrize("q", ["010-1234-5678", "minji@example.com", "벚" * 60, "\1벚꽃"])
def test_private_long_and_strange_words_do_no_harm(write, look_for, q):
    write(f"벚꽃 010-1234-5678 minji@example.com {'벚' * 60}")
    look_for(q)
    assert set(counted()) <= {"벚꽃"}


def test_parallel_searches_are_counted_exactly(side_by_side, write):
    write("벚꽃")
    searches = [
        partial(count_search, query=word, address=f"address {number}")
        for number in range(4)
        for word in ("벚꽃", " 벚꽃 ", "구경")
    ]
    answers = all_at_once(searches)
    assert counted() == {"벚꽃": 4, "구경": 4}
    assert sum(answers) == 8


def test_a_counting_error_is_logged_and_the_search_still_answers(
    write, look_for, monkeypatch, caplog
):
    write("벚꽃")

    def fail(word):
        raise RuntimeError("full")

    with monkeypatch.context() as broken:
        broken.setattr("boards.actions.search_words._add", fail)
        with caplog.at_level(logging.ERROR, logger="boards"):
            page = Page(look_for("벚꽃").content)
    assert "벚꽃" in page.one("ul", class_="results").text
    assert "A search could not be counted" in caplog.text
    assert "203.0.113" not in caplog.text
    look_for("벚꽃")  # the day's count of this address was not used up
    assert counted() == {"벚꽃": 1}


def test_no_row_records_who_searched_for_what(write, look_for, log_in, junho):
    write("벚꽃 구경")
    look_for("벚꽃", client=log_in(junho))
    look_for("구경", client=log_in(junho))
    keys = RateWindow.objects.filter(key__startswith="word:").values_list("key", flat=True)
    assert len(set(keys)) == 2
    for key in keys:
        assert "벚꽃" not in key
        assert "203.0.113" not in key
    fields = {field.name for field in SearchWord._meta.get_fields()}
    assert fields == {"pk", "day", "word", "visitors"}


def test_counting_takes_one_statement_and_two_more_the_first_time(write, look_for):
    write("벚꽃")
    look_for("벚꽃", from_="x")

    def cost(first: int, **query) -> int:
        with CaptureQueriesContext(connection) as captured:
            look_for("벚꽃", first=first, **query)
        asked = [each["sql"] for each in captured if "daysalt" not in each["sql"]]
        return sum(sql.startswith(("SELECT", "INSERT", "UPDATE")) for sql in asked)

    for _ in range(3):  # the visitor and the caches
        uncounted = cost(9, **{"from": "popular"})
    assert cost(9) == uncounted + 3
    assert cost(9) == uncounted + 1


# -- display ---------------------------------------------------------------------------------------
def test_three_people_on_one_day_make_a_word_public(write, look_for):
    write("벚꽃 구경")
    look_for("벚꽃", 2)
    assert named() == []
    look_for("벚꽃", 1, first=3)
    assert named() == ["벚꽃"]


def test_one_person_on_many_days_does_not_make_a_word_public(write):
    write("벚꽃")
    for ago in range(7):
        SearchWord.objects.create(day=today() - timedelta(days=ago), word="벚꽃", visitors=2)
    assert named() == []


def test_the_most_frequent_words_of_seven_days_come_first(write, look_for):
    write("벚꽃 구경 서울 부산 제주")
    days = [today() - timedelta(days=ago) for ago in range(8)]

    def searched(word: str, day: date, visitors: int):
        SearchWord.objects.create(day=day, word=word, visitors=visitors)

    searched("구경", days[0], 3)
    searched("구경", days[6], 3)
    searched("벚꽃", days[1], 5)
    searched("서울", days[0], 5)
    searched("부산", days[7], 100)  # eight days ago
    assert named() == ["구경", "벚꽃", "서울"]


def test_the_owner_sets_how_many_words_are_shown(
    write, as_owner, django_capture_on_commit_callbacks
):
    words = [f"낱말{letter}" for letter in "가나다라마바사아자차카타"]
    write(" ".join(words))
    for place, word in enumerate(words):
        SearchWord.objects.create(day=today(), word=word, visitors=50 - place)
    assert named() == words[:10]
    as_owner.get("/admin/boards/searchsettings/")  # which leads to the only row
    for shown in (2, 0):
        with django_capture_on_commit_callbacks(execute=True):
            form = {"popular_words": shown}
            answer = as_owner.post("/admin/boards/searchsettings/1/change/", form)
        assert answer.status_code == 302
        assert [each.word for each in popular_words()] == words[:shown]  # at once
        assert named() == words[:shown]


def test_popular_words_appear_on_every_page_and_on_an_empty_search(write, look_for, as_junho):
    write("벚꽃")
    look_for("벚꽃", 3)
    for path in ("/", "/free/", "/search/", "/search/?q=벚꽃", "/popular/"):
        assert named(path) == ["벚꽃"], path
        assert named(path, as_junho) == ["벚꽃"], path
    TTLCache.forget_all()
    start = Page(Client().get("/search/").content)
    assert start.one("main").all("section", class_="popular-words")
    beside = Page(Client().get("/free/").content).one("aside")
    link = beside.one("section", class_="popular-words").one("a")
    assert link["href"] == "/search/?q=%EB%B2%9A%EA%BD%83&from=popular"


def test_following_a_popular_word_finds_posts_and_does_not_count(write, look_for):
    write("벚꽃")
    look_for("벚꽃", 3)
    assert fresh_words() == ["벚꽃"]
    link = popular_words()[0].address
    page = Client().get(link, REMOTE_ADDR="203.0.113.99", headers={"user-agent": CHROME})
    assert "벚꽃" in Page(page.content).one("ul", class_="results").text
    assert counted() == {"벚꽃": 3}


def test_words_of_closed_boards_are_shown_to_nobody(
    write, look_for, log_in, group, moderator, owner
):
    closed = Board.objects.create(group=group, slug="staff", name="운영진", read_level=9)
    write("인사이동", place=closed)
    write("벚꽃")
    look_for("벚꽃", 3)
    look_for("인사이동", 4, client=log_in(owner))
    assert counted() == {"벚꽃": 3, "인사이동": 4}
    assert named() == ["벚꽃"]
    assert named(client=log_in(owner)) == ["벚꽃"]


@pytest.mark.parametrize("change", ["hide", "secret", "level", "group"])
def test_a_word_disappears_when_guests_no_longer_find_a_post(
    write, look_for, board, group, moderator, change
):
    post = write("경제정책 이야기")
    look_for("경제정책", 3)
    assert named("/") == ["경제정책"]
    if change == "hide":
        hide_post(post=post, by=moderator)
    elif change == "secret":
        type(post).objects.update(is_secret=True)
    elif change == "level":
        Board.objects.filter(pk=board.pk).update(read_level=2)
    else:
        group.is_private = True
        group.save()
    assert named("/") == []


def test_a_blocked_word_of_a_board_is_not_shown(write, look_for, board, other_board):
    write("벚꽃 대출광고")
    look_for("벚꽃", 3)
    look_for("대출광고", 3)
    BoardTexts.objects.create(board=other_board, blocked_words="대 출\n")
    assert named() == ["벚꽃"]


def test_words_that_newer_rules_treat_as_private_are_not_shown(write):
    write("벚꽃 010-1234-5678")
    for word in ("벚꽃", "010-1234-5678"):  # stored by an older version
        SearchWord.objects.create(day=today(), word=word, visitors=5)
    assert named() == ["벚꽃"]


def test_markup_in_words_is_escaped(write, look_for):
    write('<b>벚꽃</b> "onclick=alert(1)')
    look_for("<b>벚꽃</b>", 3)
    look_for('"onclick=alert(1)', 3)
    assert len(fresh_words()) == 2
    page = Page(Client().get("/free/").content)
    box = page.one("aside").one("section", class_="popular-words")
    assert {link.text for link in box.all("a")} == {"<b>벚꽃</b>", '"onclick=alert(1)'}
    assert not box.all("b")
    assert all(set(link.attributes) == {"href"} for link in box.all("a"))


def test_popular_words_are_read_once_a_minute(write, look_for):
    write("벚꽃")
    look_for("벚꽃", 3)
    assert fresh_words() == ["벚꽃"]
    SearchWord.objects.all().delete()
    with CaptureQueriesContext(connection) as captured:
        assert [each.word for each in popular_words()] == ["벚꽃"]
    assert len(captured) == 0
    assert SearchSettings.objects.count() == 0  # rendering a page writes no settings


# -- retention -------------------------------------------------------------------------------------
def test_tidy_deletes_words_after_half_a_year(db):
    for ago in (0, 180, 181):
        day = today() - timedelta(days=ago)
        SearchWord.objects.create(day=day, word="벚꽃", visitors=1)
    call_command("tidy")
    ages = [(today() - day).days for day in SearchWord.objects.values_list("day", flat=True)]
    assert sorted(ages) == [0, 180]
