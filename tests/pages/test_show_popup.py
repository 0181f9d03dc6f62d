"""Popups are on the pages, and at the times, that the owner has chosen, and never on robots' pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from boardsite.caching.page_cache import pages
from boardsite.caching.versioned_cache import VersionedCache
from pages.models import Popup
from tests.page import CHROME, Page

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def titles(client: Client, address: str = "/") -> list[str]:
    """The titles of the popups of a page, in order."""
    page = Page(client.get(address).content)
    return [dialog.one("h2").text for dialog in page.all("dialog", class_="popup")]


def test_guests_and_members_find_a_dialog_that_is_named_by_its_title(as_reader, as_minji, popup):
    for client in (as_reader, as_minji):
        dialog = Page(client.get("/").content).one("dialog", class_="popup")
        title = dialog.one("h2")
        assert (title["id"], title.text) == (dialog["aria-labelledby"], "봄맞이 안내")
        assert dialog.one("div", class_="popup-body").text == "벚꽃 나들이를 갑니다."
        assert [button.text for button in dialog.all("button")] == [
            "24시간 동안 다시 열람하지 않습니다.",
            "닫기",
        ]
        assert "open" not in dialog.attributes
        assert dialog["data-key"] == f"popup:{popup.pk}:1"


def test_a_popup_that_cannot_be_hidden_for_hours(as_reader, make_popup):
    make_popup(hide_hours=0)
    dialog = Page(as_reader.get("/").content).one("dialog", class_="popup")
    assert [button.text for button in dialog.all("button")] == ["닫기"]


@pytest.mark.parametrize("cache_mb", [0, 6])
def test_robots_find_none(as_reader, popup, settings, cache_mb):
    settings.PAGE_CACHE_MB = cache_mb
    robot = Client(headers={"user-agent": GOOGLEBOT})
    for _ in range(2):  # the second time from the cache
        assert titles(as_reader) == ["봄맞이 안내"]
        assert titles(robot) == []
    assert "popups" not in robot.get("/").text


def test_the_front_page_alone(as_reader, make_popup, post):
    make_popup(place=Popup.Place.FRONT)
    assert titles(as_reader) == ["봄맞이 안내"]
    assert titles(as_reader, "/free/") == titles(as_reader, "/free/1/") == []


def test_every_page_that_people_read_but_no_form(as_reader, as_minji, popup, post):
    for address in ("/", "/free/", "/free/1/", "/new/", "/search/?q=벚꽃", "/groups/community/"):
        assert titles(as_reader, address) == ["봄맞이 안내"], address
    for address in ("/accounts/login/", "/accounts/signup/"):
        assert titles(as_reader, address) == [], address
    assert titles(as_minji, "/free/write/") == []


def test_chosen_boards(as_reader, make_popup, post, other_board):
    make_popup(place=Popup.Place.BOARDS, boards=[post.board])
    assert titles(as_reader, "/free/") == titles(as_reader, "/free/1/") == ["봄맞이 안내"]
    assert titles(as_reader, "/qna/") == titles(as_reader) == []


def test_the_popup_of_a_private_board_is_not_shown_to_others(
    as_reader, as_minji, make_popup, board, group, minji
):
    group.is_private = True
    group.save()
    group.members.add(minji)
    make_popup(place=Popup.Place.BOARDS, boards=[board])
    assert titles(as_minji, "/free/") == ["봄맞이 안내"]
    assert as_reader.get("/free/").status_code in (403, 404)
    assert titles(as_reader, "/free/") == []


def test_several_open_in_their_order(as_reader, make_popup):
    make_popup(title="둘째", position=2)
    make_popup(title="첫째", position=1)
    assert titles(as_reader) == ["첫째", "둘째"]


def test_five_at_most(as_reader, make_popup):
    for number in range(7):
        make_popup(title=f"안내 {number}", position=number)
    assert titles(as_reader) == [f"안내 {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("start", "end", "is_shown"),
    [(-1, None, True), (-1, 1, True), (1, None, False), (-2, -1, False)],
)
def test_its_period(as_reader, make_popup, start, end, is_shown):
    now = timezone.now()
    make_popup(
        starts_at=now + timedelta(hours=start),
        ends_at=end and now + timedelta(hours=end),
    )
    assert bool(titles(as_reader)) is is_shown


def test_a_period_begins_and_ends_while_the_page_is_cached(as_reader, make_popup, monkeypatch):
    """Within the seconds for which a page is cached, although nothing moves a version."""
    now = timezone.now()
    make_popup(starts_at=now + timedelta(minutes=5), ends_at=now + timedelta(minutes=10))
    assert titles(as_reader) == []
    for minutes, shown in ((6, ["봄맞이 안내"]), (11, [])):
        at = now + timedelta(minutes=minutes)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        monkeypatch.setattr("boardsite.caching.page_stores.time.time", at.timestamp)
        assert titles(as_reader) == shown


def test_what_is_switched_off_is_gone_at_once(as_reader, as_minji, popup):
    assert titles(as_reader) == titles(as_minji) == ["봄맞이 안내"]
    Popup.objects.update(is_on=False)
    assert titles(as_reader) == titles(as_minji) == []
    Popup.objects.update(is_on=True, title="바뀐 안내")
    assert titles(as_reader) == titles(as_minji) == ["바뀐 안내"]


def test_another_board_is_chosen_at_once(as_reader, make_popup, board, other_board):
    popup = make_popup(place=Popup.Place.BOARDS, boards=[board])
    assert titles(as_reader, "/qna/") == []
    popup.boards.add(other_board)
    assert titles(as_reader, "/qna/") == ["봄맞이 안내"]
    board.delete()
    assert titles(as_reader, "/qna/") == ["봄맞이 안내"]


def test_no_query_more_and_no_file_where_there_is_none(as_minji, board):
    page = as_minji.get("/free/")
    assert "popups" not in page.text
    with CaptureQueriesContext(
        connection,
    ) as queries:
        as_minji.get("/free/")
    assert not [query for query in queries if "pages_popup" in query["sql"]]


def test_no_query_more_with_one(as_minji, popup, board):
    for _ in range(2):
        as_minji.get("/free/")
    with CaptureQueriesContext(connection) as queries:
        assert titles(as_minji, "/free/")
    assert not [query for query in queries if "pages_popup" in query["sql"]]


def test_a_cached_page_is_the_page(as_reader, popup, board):
    first = as_reader.get("/free/").content
    again = as_reader.get("/free/").content
    pages.clear()
    VersionedCache.forget_all()
    anew = as_reader.get("/free/").content
    dialogs = [
        content[content.index(b"<dialog") :].split(b"</dialog>")[0]
        for content in (first, again, anew)
    ]
    assert dialogs[0] == dialogs[1] == dialogs[2]


def test_the_words_of_a_title_are_text(make_popup):
    make_popup(title="<b>5 & 6</b>")
    reader = Client(headers={"user-agent": CHROME})
    assert titles(reader) == ["<b>5 & 6</b>"]
