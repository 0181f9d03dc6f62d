"""Staff remove words from the 인기검색어 (popular searches); the report of searches links to the
form.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from boards.actions.posts import write_post
from boards.models import BlockedSearchWord, BoardTexts, SearchWord
from boards.queries.search_words import known_popular, popular_words
from boards.reports import searched_words
from boardsite.reporting.reports import Link, Period, find_report
from boardsite.visitors.identity import today
from tests.conftest import make_member
from tests.page import Page

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
ADMIN = "/admin/boards/blockedsearchword/"
REPORT = "/admin/reports/searched-words/"


@pytest.fixture
def words(board, minji):
    """Words that people searched for today; each search finds a post for guests."""
    write_post(author=minji, board=board, subject="벚꽃 구경, Best 대출", source="")
    for word, visitors in (("벚꽃", 9), ("벚꽃 구경", 6), ("best 대출", 3)):
        SearchWord.objects.create(day=today(), word=word, visitors=visitors)


@pytest.fixture
def staff(log_in):
    """Return `staff(*codenames)`, which logs a staff member with exactly these permissions into a
    browser.
    """

    def staff_with(*rights: str):
        member = make_member("clerk", "서기", is_staff=True)
        member.user_permissions.set(Permission.objects.filter(codename__in=rights))
        assert member.user_permissions.count() == len(rights)
        return log_in(member)

    return staff_with


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def named() -> list[str]:
    return [each.word for each in popular_words()]


# -- blocking --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("blocked", "left"),
    [
        ("벚꽃", ["best 대출"]),
        ("벚 꽃", ["best 대출"]),
        ("구경", ["벚꽃", "best 대출"]),
        ("ＢＥＳＴ대출", ["벚꽃", "벚꽃 구경"]),
        ("진달래", ["벚꽃", "벚꽃 구경", "best 대출"]),
    ],
)
def test_a_blocked_word_hides_every_word_that_contains_it_at_once(
    words, staff, commit, blocked, left
):
    client = staff("add_blockedsearchword", "view_blockedsearchword")
    assert named() == ["벚꽃", "벚꽃 구경", "best 대출"]
    with commit():
        assert client.post(f"{ADMIN}add/", {"word": blocked}).status_code == 302
    assert named() == left


def test_a_word_removed_from_the_list_is_popular_again_at_once(words, staff, commit):
    row = BlockedSearchWord.objects.create(word="벚꽃")
    client = staff("delete_blockedsearchword", "view_blockedsearchword")
    assert named() == ["best 대출"]
    with commit():
        client.post(f"{ADMIN}{row.pk}/delete/", {"post": "yes"})
    assert named() == ["벚꽃", "벚꽃 구경", "best 대출"]

    more = BlockedSearchWord.objects.create(word="구경")
    known_popular.forget()
    assert named() == ["벚꽃", "best 대출"]
    form = {"action": "delete_selected", "_selected_action": [more.pk], "post": "yes"}
    with commit():
        client.post(ADMIN, form)
    assert named() == ["벚꽃", "벚꽃 구경", "best 대출"]


@pytest.mark.parametrize("word", ["", "   ", "가" * 51, "벚\0꽃", "벚꽃"])
def test_too_long_words_and_duplicates_are_refused(as_owner, word):
    BlockedSearchWord.objects.create(word="벚꽃")
    page = Page(as_owner.post(f"{ADMIN}add/", {"word": word}).content)
    assert page.all("ul", class_="errorlist")
    assert BlockedSearchWord.objects.count() == 1


def test_words_are_added_and_deleted_but_not_changed(as_owner):
    row = BlockedSearchWord.objects.create(word="<b>벚꽃</b>")
    page = as_owner.get(ADMIN)
    assert "&lt;b&gt;벚꽃" in page.text
    assert as_owner.post(f"{ADMIN}{row.pk}/change/", {"word": "구경"}).status_code == 403
    row.refresh_from_db()
    assert row.word == "<b>벚꽃</b>"


# -- permissions -----------------------------------------------------------------------------------
def test_case_31_only_staff_with_the_permission_block_words(
    words, as_guest, as_junho, as_moderator, staff
):
    looking = staff("view_searchword", "view_post")
    row = BlockedSearchWord.objects.create(word="구경")
    for client, status in ((as_guest, 302), (as_junho, 302), (as_moderator, 302), (looking, 403)):
        for address, form in (
            (f"{ADMIN}add/", {"word": "벚꽃"}),
            (f"{ADMIN}{row.pk}/delete/", {"post": "yes"}),
            ("/admin/boards/searchsettings/1/change/", {"popular_words": 0}),
        ):
            assert client.get(address).status_code == status, address
            assert client.post(address, form).status_code == status, address
    assert [each.word for each in BlockedSearchWord.objects.all()] == ["구경"]
    assert named() == ["벚꽃", "best 대출"]


def test_case_31_the_report_needs_a_permission(words, as_guest, as_junho, staff):
    assert as_guest.get(REPORT).status_code in (302, 403, 404)
    assert as_junho.get(REPORT).status_code in (302, 403, 404)
    client = staff("view_post", "view_blockedsearchword")
    assert client.get(REPORT).status_code in (403, 404)


# -- the report ------------------------------------------------------------------------------------
def rows(user, days: int = 1) -> list[tuple]:
    period = Period(today() - timedelta(days=days - 1), today())
    return [tuple(map(str, row)) for row in searched_words(period, user).rows]


def test_the_report_lists_searched_words_and_which_are_blocked(words, board, owner):
    SearchWord.objects.create(day=today() - timedelta(days=1), word="벚꽃", visitors=2)
    SearchWord.objects.create(day=today() - timedelta(days=1), word="인사이동", visitors=1)
    BlockedSearchWord.objects.create(word="구경")
    BoardTexts.objects.create(board=board, blocked_words="대출")
    today_only = [
        ("벚꽃", "9", "막기"),
        ("벚꽃 구경", "6", "막은 말: 구경"),
        ("best 대출", "3", "게시판 금지어: 대출"),
    ]
    assert rows(owner) == today_only
    assert rows(owner, days=2) == [
        ("벚꽃", "11", "막기"),
        *today_only[1:],
        ("인사이동", "1", "막기"),
    ]


def test_the_report_links_to_the_search_and_to_the_filled_in_form(words, as_owner, owner):
    report = find_report("searched-words", owner)
    table = report.read(Period(today(), today()), owner)
    word, visitors, block = table.rows[1]
    assert isinstance(word, Link)
    assert visitors == 6
    assert "벚꽃 구경" in Page(as_owner.get(word.address).content).one("main").text
    form = Page(as_owner.get(block.address).content)
    assert form.one("input", id="id_word")["value"] == "벚꽃 구경"


def test_staff_who_may_not_block_get_no_link_to_the_form(words, staff):
    BlockedSearchWord.objects.create(word="구경")
    client = staff("view_searchword")
    from accounts.models import Member

    clerk = Member.objects.get(username="clerk")
    assert [row[2] for row in searched_words(Period(today(), today()), clerk).rows] == [
        "",
        "막은 말: 구경",
        "",
    ]
    answer = client.get(REPORT)
    assert answer.status_code == 200
    assert "blockedsearchword" not in answer.text


def test_the_report_and_its_spreadsheet_escape_words(words, as_owner):
    SearchWord.objects.create(day=today(), word='=cmd|"/c calc"!a1', visitors=7)
    SearchWord.objects.create(day=today(), word="<script>alert(1)</script>", visitors=8)
    answer = as_owner.get(REPORT)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
    lines = b"".join(as_owner.get(REPORT, {"as": "csv"})).decode().splitlines()
    assert '"\'=cmd|""/c calc""!a1","7","막기"' in lines


def test_the_report_links_to_the_list_and_the_settings_for_staff_with_permission(
    words, as_owner, staff
):
    lists = [ADMIN, "/admin/boards/searchsettings/"]
    clerk = staff("view_searchword", "view_blockedsearchword")
    for client, expected in ((as_owner, lists), (clerk, lists[:1])):
        links = Page(client.get(REPORT).content).one("ul", class_="report-links").all("a")
        assert [link["href"] for link in links[1:]] == expected


def test_the_list_of_blocked_words_links_back_to_the_report(as_owner):
    assert Page(as_owner.get(ADMIN).content).one("a", href=REPORT).text == "인기검색어"
