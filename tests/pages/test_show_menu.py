"""The menu that an owner has arranged: what each visitor sees of it, on every page and at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member
from boards.models import Board, BoardGroup, Tag
from boardsite.caching.page_cache import pages
from pages.actions.content import delete_content_page, write_content_page
from pages.actions.menu import change_menu_item, delete_menu_item, fill_menu
from pages.models import ContentPage, MenuItem
from pages.models.menu import MAX_ITEMS
from tests.conftest import make_member
from tests.page import CHROME
from tests.pages.menus import add, add_board, add_group, add_link, line, link, nav

pytestmark = pytest.mark.usefixtures("cached_values_are_not_changed")


@pytest.fixture
def staff_room(group):
    return Board.objects.create(group=group, slug="staff", name="운영진", list_level=5, position=3)


@pytest.fixture
def den(db):
    """The board of a private group."""
    club = BoardGroup.objects.create(slug="club", name="모임", is_private=True, position=9)
    return Board.objects.create(group=club, slug="den", name="모임방")


# -- without a menu, and with one ------------------------------------------------------------------
def test_without_a_menu_every_board_is_shown(as_guest, board, other_board):
    assert line(as_guest) == {"자유게시판": [], "질문답변": []}
    assert nav(as_guest)["aria-label"] == "게시판"
    assert not nav(as_guest).all("details", class_="submenu")


def test_only_what_is_in_the_menu_is_shown_in_its_order(as_guest, board, other_board):
    add_link("/popular/", "인기글")
    add_board(board, label="이야기")
    assert line(as_guest) == {"인기글": [], "이야기": []}
    assert nav(as_guest)["aria-label"] == "메인메뉴"
    panel = nav(as_guest).one("div", class_="menu-panel")
    assert [each["href"] for each in panel.one("div", class_="own-shelves").all("a")] == [
        "/popular/",
        "/free/",
    ]
    assert "질문답변" not in panel.text  # left out


def test_the_last_item_that_goes_brings_the_boards_back(as_guest, board):
    item = add_link("/popular/", "인기글")
    assert line(as_guest) == {"인기글": []}
    delete_menu_item(item=item)
    assert line(as_guest) == {"자유게시판": []}


def test_the_links_of_members_stay_in_the_panel(as_guest, as_minji, board):
    add_link("/popular/", "인기글 모음")
    assert {"새글", "인기글", "태그", "로그인"} <= {each.text for each in nav(as_guest).all("a")}
    assert {"새글", "마이페이지", "쪽지"} <= {each.text for each in nav(as_minji).all("a")}


def test_a_refused_visitor_gets_the_menu_too(as_guest, board, staff_room):
    add_board(board)
    answer = as_guest.get("/nothing/", headers={"user-agent": CHROME})
    assert answer.status_code == 404
    assert 'class="boards-line own-line"' in answer.text
    assert "운영진" not in as_guest.get("/staff/").text


# -- kinds of items --------------------------------------------------------------------------------
def test_a_group_has_its_boards_below_it(as_guest, group, board, other_board):
    add_group(group)
    assert line(as_guest) == {"커뮤니티": ["자유게시판", "질문답변"]}
    assert link(as_guest, "커뮤니티")["href"] == "/groups/community/"
    Board.objects.create(group=group, slug="new_one", name="새 게시판", position=9)
    assert line(as_guest) == {"커뮤니티": ["자유게시판", "질문답변", "새 게시판"]}


def test_a_group_without_its_boards(as_guest, group, board):
    add_group(group, lists_boards=False)
    assert line(as_guest) == {"커뮤니티": []}


def test_a_board_of_the_group_can_be_left_out(as_guest, group, board, other_board):
    item = add_group(group)
    change_menu_item(item=item, fields=["label"], left_out=[board])
    assert line(as_guest) == {"커뮤니티": ["질문답변"]}


def test_an_item_of_its_own_stands_before_the_other_boards(as_guest, group, board, other_board):
    item = add_group(group)
    add_board(other_board, item, label="묻기")
    add_link("/popular/", "인기글", item)
    assert line(as_guest) == {"커뮤니티": ["묻기", "인기글", "자유게시판"]}


def test_a_content_page_is_shown_to_those_whom_it_is_for(
    as_guest, as_minji, as_owner, owner, minji, board
):
    page = write_content_page(by=owner, slug="about", title="회사소개", is_published=False)
    add("page", page=page)
    add("page", page=page, label="우리 이야기")
    assert line(as_guest) == line(as_owner) == {}  # a draft
    ContentPage.objects.update(is_published=True)
    assert line(as_guest) == {"회사소개": [], "우리 이야기": []}
    assert link(as_guest, "회사소개")["href"] == "/content/about/"
    assert current(as_guest, "/content/about/") == {"회사소개", "우리 이야기"}
    ContentPage.objects.update(slug="company", title="소개")
    assert link(as_guest, "소개")["href"] == "/content/company/"
    ContentPage.objects.update(visibility="members")
    assert line(as_guest) == {}
    assert line(as_minji) == {"소개": [], "우리 이야기": []}
    ContentPage.objects.update(visibility="level", minimum_level=5)
    assert line(as_minji) == {}
    Member.objects.filter(pk=minji.pk).update(level=5)
    assert line(as_minji) == {"소개": [], "우리 이야기": []}
    ContentPage.objects.update(visibility="staff")
    assert line(as_minji) == {}
    Member.objects.filter(pk=minji.pk).update(is_staff=True)  # the level stays
    assert line(as_minji) == line(as_owner) == {"소개": [], "우리 이야기": []}
    delete_content_page(page=page)
    assert line(as_guest) == {"자유게시판": []}


def test_a_tag(as_guest, board):
    Tag.objects.create(name="봄나들이")
    add("tag", tag="봄나들이")
    assert link(as_guest, "#봄나들이")["href"] == "/tags/%EB%B4%84%EB%82%98%EB%93%A4%EC%9D%B4/"


def test_a_heading_has_no_link_and_shows_with_what_is_below_it(as_guest, board):
    heading = add("heading", label="이용 안내")
    add_board(board)
    assert line(as_guest) == {"자유게시판": []}
    add_link("/terms/", "이용약관", heading)
    add("heading", heading, label="그 밖에")
    assert line(as_guest) == {"이용 안내": ["이용약관", "그 밖에"], "자유게시판": []}
    assert nav(as_guest).one("details", class_="submenu").one("summary").text == "이용 안내"


def test_a_link_to_another_site_gives_it_no_hold_on_the_page(as_guest, board):
    add_link("https://example.com/?a=1&b=2", "자매 사이트")
    found = link(as_guest, "자매 사이트")
    assert found["href"] == "https://example.com/?a=1&b=2"
    assert found["rel"] == "noopener"
    assert "target" not in found.attributes


def test_a_new_window_is_announced(as_guest, board):
    add_link("/popular/", "인기글", opens_window=True)
    found = link(as_guest, "인기글 (새 창)")
    assert (found["target"], found["rel"]) == ("_blank", "noopener")


def test_phones_and_computers(as_guest, board):
    add_link("/popular/", "인기글", on_narrow=False)
    add_link("/new/", "새글", on_wide=False)
    add_link("/tags/", "태그", on_wide=False, on_narrow=False)
    assert line(as_guest) == {"인기글": [], "새글": []}
    items = nav(as_guest).one("ul", class_="boards-line").all("li")
    assert [each.attributes.get("class") for each in items] == ["wide-screen", "narrow-screen"]


# -- who sees what ---------------------------------------------------------------------------------
def test_a_board_is_shown_to_those_who_may_read_it(
    as_guest, as_minji, as_owner, minji, group, board, staff_room
):
    add_board(staff_room)
    add_board(board)
    item = add_group(group)
    add_board(staff_room, item)
    everybody = {"자유게시판": [], "커뮤니티": ["자유게시판"]}
    assert line(as_guest) == line(as_minji) == everybody
    for client in (as_guest, as_minji):
        assert "운영진" not in nav(client).text
    inside = {"운영진": [], "자유게시판": [], "커뮤니티": ["운영진", "자유게시판"]}
    assert line(as_owner) == inside
    Member.objects.filter(pk=minji.pk).update(level=5)
    assert line(as_minji) == inside


def test_a_private_group_is_shown_to_its_members(as_guest, as_minji, as_junho, minji, board, den):
    add_board(board)
    add_group(den.group)
    add_board(den, label="비밀 모임")
    assert line(as_guest) == line(as_minji) == {"자유게시판": []}
    den.group.members.add(minji)
    assert line(as_minji) == {"자유게시판": [], "모임": ["모임방"], "비밀 모임": []}
    for browser in (as_guest, as_junho):
        assert line(browser) == {"자유게시판": []}
        assert "모임" not in nav(browser).text


def test_levels_narrow_the_menu(as_guest, as_minji, minji, board):
    add_board(board, min_level=2)
    add_link("/popular/", "인기글", min_level=7)
    above = add_link("/new/", "새글")
    add_link("/tags/", "태그", above, min_level=2)
    assert line(as_guest) == {"새글": []}
    assert line(as_minji) == {"자유게시판": [], "새글": ["태그"]}
    Member.objects.filter(pk=minji.pk).update(level=7)
    assert line(as_minji) == {"자유게시판": [], "인기글": [], "새글": ["태그"]}


def test_what_is_below_a_hidden_item_is_hidden_too(as_guest, board, other_board, staff_room):
    add_board(other_board)
    above = add_board(staff_room)
    add_board(board, above)
    assert line(as_guest) == {"질문답변": []}


def test_a_visitor_who_sees_nothing_of_it_does_not_get_the_other_menu(as_guest, board):
    add_board(board, min_level=2)
    assert line(as_guest) == {}
    assert "자유게시판" not in nav(as_guest).text


# -- what follows a board --------------------------------------------------------------------------
def test_a_new_address_or_name_is_followed(as_guest, group, board):
    add_board(board)
    assert link(as_guest, "자유게시판")["href"] == "/free/"
    Board.objects.filter(pk=board.pk).update(slug="talk", name="이야기방")
    assert link(as_guest, "이야기방")["href"] == "/talk/"


def test_a_board_that_is_deleted_takes_its_items_with_it(as_guest, group, board, other_board):
    above = add_board(board)
    add_board(other_board, above)
    change_menu_item(item=add_group(group, label="광장"), fields=["label"], left_out=[other_board])
    board.delete()
    assert line(as_guest) == {"질문답변": [], "광장": []}
    other_board.delete()
    group.delete()
    assert not MenuItem.objects.exists()


def test_staff_members_may_delete_a_board_that_is_in_the_menu(as_guest, board, log_in):
    add_board(board)
    hana = make_member("hana", "하나", is_staff=True)
    hana.user_permissions.set(Permission.objects.filter(codename__endswith="_board"))
    for codename in ("delete_category", "delete_extrafield", "delete_boardtexts"):
        hana.user_permissions.add(Permission.objects.get(codename=codename))
    answer = log_in(hana).post(f"/admin/boards/board/{board.pk}/delete/", {"name": board.name})
    assert answer.status_code == 302
    assert board.name not in line(as_guest), "it is in the bin"
    Board.objects.update(deleted_at=timezone.now() - timedelta(days=365))
    call_command("tidy")
    assert not MenuItem.objects.exists()


# -- the current page ------------------------------------------------------------------------------
def current(client: Client, path: str) -> set[str]:
    found = nav(client, path).one("ul", class_="boards-line").all("a", **{"aria-current": "page"})
    return {each.text for each in found}


def test_the_current_page_is_marked(as_guest, group, board, other_board, post):
    add_group(group)
    add_board(board, label="이야기")
    add_link("/popular/", "인기글")
    add_link("/popular/?period=day", "오늘의 인기글")
    assert current(as_guest, "/") == set()
    assert current(as_guest, "/free/") == current(as_guest, "/free/1/") == {"자유게시판", "이야기"}
    assert current(as_guest, "/qna/") == {"질문답변"}
    assert current(as_guest, "/popular/") == {"인기글"}
    assert current(as_guest, "/groups/community/") == {"커뮤니티"}


# -- caches ----------------------------------------------------------------------------------------
def test_cached_pages_show_a_change_at_once(board, other_board):
    guest = Client(headers={"user-agent": CHROME})
    assert line(guest, "/free/") == {"자유게시판": [], "질문답변": []}
    assert len(pages.people.pages) == 1
    item = add_board(board)
    assert line(guest, "/free/") == {"자유게시판": []}
    item.label = "이야기"
    change_menu_item(item=item, fields=["label"])
    assert line(guest, "/free/") == {"이야기": []}
    MenuItem.objects.update(label="수다")  # by hand
    assert line(guest, "/free/") == {"수다": []}
    delete_menu_item(item=item)
    assert line(guest, "/free/") == {"자유게시판": [], "질문답변": []}


def test_a_board_that_is_left_out_by_hand_is_gone_at_once(group, board, other_board):
    guest = Client(headers={"user-agent": CHROME})
    item = add_group(group)
    assert line(guest, "/free/") == {"커뮤니티": ["자유게시판", "질문답변"]}
    item.left_out.add(other_board)
    assert line(guest, "/free/") == {"커뮤니티": ["자유게시판"]}


def queries(client: Client, path: str) -> int:
    for _ in range(2):
        client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("visitor", ["as_reader", "as_junho"])
def test_a_menu_takes_no_more_queries(request, visitor, group, board, post, settings):
    settings.PAGE_CACHE_MB = 0
    client = request.getfixturevalue(visitor)
    before = {path: queries(client, path) for path in ("/", "/free/", "/free/1/")}
    item = add_group(group)
    change_menu_item(item=item, fields=["label"], left_out=[board])
    for number in range(30):
        add_link(f"/{number}/", f"링크 {number}", item)
    assert {path: queries(client, path) for path in before} == before


def test_a_menu_of_any_length_is_read_with_two_queries(group, board, settings):
    settings.PAGE_CACHE_MB = 0
    item = add_group(group)
    for number in range(20):
        add_link(f"/{number}/", f"링크 {number}", item)
    client = Client(headers={"user-agent": CHROME})
    with CaptureQueriesContext(connection) as captured:
        client.get("/free/")
    of_menu = [each for each in captured if "pages_menu" in each["sql"]]
    assert len(of_menu) == 2


def test_filling_stops_at_the_limit(as_guest, board):
    for number in range(MAX_ITEMS - 1):
        add_link("/popular/", f"링크 {number}")
    for number in range(3):
        group = BoardGroup.objects.create(slug=f"group{number}", name=f"그룹 {number}")
        Board.objects.create(group=group, slug=f"board{number}", name=f"게시판 {number}")
    assert fill_menu() == 1
    assert fill_menu() == 0
    assert MenuItem.objects.count() == MAX_ITEMS
