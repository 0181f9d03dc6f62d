"""/scraps/ lists the member's own scraps, newest first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.posts import delete_post, hide_post, restore_post, write_post
from boards.actions.scraps import scrap_post
from boards.models import Board, Post, Scrap
from boardsite.models import SiteSettings
from tests.boards.browsing import read
from tests.crowd import fill_board
from tests.page import Page, follow

LIST = "/scraps/"


@pytest.fixture
def scrap(post, junho):
    scrap_post(post=post, member=junho, note="봄에 다시 읽기")
    return Scrap.objects.get()


def remove(scrap: Scrap) -> str:
    return f"{LIST}{scrap.pk}/delete/"


def test_the_list_shows_post_note_and_board(as_junho, scrap):
    page = Page(read(as_junho, LIST)).one("main")
    follow(
        page.text,
        ["준호님의 스크랩", "봄나들이 다녀왔어요", "봄에 다시 읽기", "자유게시판", "민지"],
    )
    assert page.one("a", class_="title")["href"] == "/free/1/"
    assert page.one("form", action=remove(scrap))
    assert page.one("a", href="/free/1/scrap/")


def test_newest_scraps_come_first(as_junho, junho, minji, board):
    for post in fill_board(board, minji, 3):
        scrap_post(post=post, member=junho)
    titles = [title.text for title in Page(read(as_junho, LIST)).all("a", class_="title")]
    assert titles == ["글 3", "글 2", "글 1"]


def test_an_empty_list_says_so(as_junho):
    assert "스크랩한 글이 없습니다." in read(as_junho, LIST)


def test_the_member_card_links_to_the_list(as_junho, as_guest, board):
    assert f'href="{LIST}"' in read(as_junho, "/")
    assert f'href="{LIST}"' not in read(as_guest, "/")


def test_pages_have_numbers(as_junho, junho, minji, board):
    SiteSettings.objects.update_or_create(defaults={"page_size": 10})
    for post in fill_board(board, minji, 21):
        scrap_post(post=post, member=junho)
    page = Page(read(as_junho, f"{LIST}?page=3"))
    assert [title.text for title in page.all("a", class_="title")] == ["글 1"]
    assert page.one("nav", class_="pages").one("a", **{"aria-current": "page"}).text == "3"
    for nowhere in ("4", "0", "x", "-1"):
        assert as_junho.get(LIST, {"page": nowhere}).status_code == 404
    last = Scrap.objects.earliest("pk")
    assert as_junho.post(f"{remove(last)}?page=3").url == f"{LIST}?page=2"


# -- unreadable posts ------------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["hidden", "deleted", "secret", "level"])
def test_a_post_that_became_unreadable_reveals_nothing(change, as_junho, scrap, post, owner):
    match change:
        case "hidden":
            hide_post(post=post, by=owner)
        case "deleted":
            delete_post(post=post, by=owner)
        case "secret":
            Post.objects.update(is_secret=True)
        case "level":
            Board.objects.update(read_level=5)
    page = Page(read(as_junho, LIST)).one("main")
    follow(page.text, ["볼 수 없는 글입니다.", "봄에 다시 읽기"])
    for word in ("봄나들이", "자유게시판", "민지"):
        assert word not in page.text
    assert not [link for link in page.all("a") if "/free/" in link["href"]]
    as_junho.post(remove(scrap))
    assert Scrap.objects.count() == 0


def test_a_restored_post_is_back_in_the_list(as_junho, scrap, post, owner):
    hide_post(post=post, by=owner)
    restore_post(post=post, by=owner)
    assert "봄나들이" in read(as_junho, LIST)


# -- deleting --------------------------------------------------------------------------------------
def test_a_scrap_is_deleted(as_junho, scrap):
    sent = as_junho.post(remove(scrap), follow=True)
    assert sent.redirect_chain == [(LIST, 302)]
    assert "스크랩을 지웠습니다." in sent.content.decode()
    assert Scrap.objects.count() == 0
    assert "스크랩함" not in read(as_junho, "/free/1/")
    assert as_junho.post(remove(scrap)).status_code == 404


def test_a_get_request_deletes_nothing(as_junho, scrap):
    assert as_junho.get(remove(scrap)).status_code == 405
    assert Scrap.objects.count() == 1


@pytest.mark.parametrize("browser_name", ["as_minji", "as_moderator", "as_owner"])
def test_scraps_of_other_members_cannot_be_reached(request, browser_name, scrap):  # case 25
    browser = request.getfixturevalue(browser_name)
    assert "봄에 다시 읽기" not in read(browser, LIST)
    for answer in (browser.get(f"{LIST}{scrap.pk}/"), browser.post(remove(scrap))):
        assert answer.status_code == 404
    assert Scrap.objects.count() == 1


def test_a_guest_has_no_scraps(as_guest, scrap):  # case 25
    for answer in (as_guest.get(LIST), as_guest.post(remove(scrap))):
        assert answer.status_code == 403
        assert f'href="/accounts/login/?next={LIST}"' in answer.content.decode()
    assert Scrap.objects.count() == 1


# -- queries ---------------------------------------------------------------------------------------
def test_the_list_takes_as_many_queries_with_many_rows_as_with_one(
    as_junho, junho, minji, group, scrap
):
    def measure() -> int:
        as_junho.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            as_junho.get(LIST)
        return sum(query["sql"].startswith("SELECT") for query in captured)

    as_junho.get(LIST)  # creates the row of site settings
    few = measure()
    for number in range(12):
        place = Board.objects.create(group=group, slug=f"board{number}", name=f"게시판 {number}")
        post = write_post(author=minji, board=place, subject=f"글 {number}", source="글")
        scrap_post(post=post, member=junho)
    assert measure() == few
