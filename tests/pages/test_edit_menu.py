"""메뉴설정: an owner arranges the menu on one page of the admin."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.permissions import Refused
from boards.models import Board, BoardGroup, Tag
from pages.actions.content import write_content_page
from pages.actions.menu import MenuChanged, arrange_menu, delete_menu_item, fill_menu
from pages.arranging import moved
from pages.models import ContentPage, MenuItem, SiteMenu
from pages.models.menu import MAX_ITEMS
from pages.queries.menu import lines_of_menu
from tests.at_once import at_once
from tests.conftest import make_member
from tests.page import Page
from tests.pages.menus import add, add_board, add_group, add_link, line

MENU = "/admin/pages/sitemenu/"
ITEMS = f"{MENU}items/"
EVERYWHERE = {"min_level": 1, "on_wide": "on", "on_narrow": "on"}


def tree(client: Client) -> Page:
    answer = client.get(MENU)
    assert answer.status_code == 200
    return Page(answer.content)


def add_in_form(client: Client, kind: str, *, status: int = 302, **fields):
    answer = client.post(f"{ITEMS}add/{kind}/", EVERYWHERE | fields)
    assert answer.status_code == status, answer.context["form"].errors
    return answer


def order(*lines: str, **fields) -> dict:
    return {"line": lines, "version": SiteMenu.load().version, **fields}


@pytest.fixture
def three(board):
    """인기글, 새글 and, below 새글, 태그."""
    first, second = add_link("/popular/", "인기글"), add_link("/new/", "새글")
    return first, second, add_link("/tags/", "태그", second)


# -- adding ----------------------------------------------------------------------------------------
def test_the_owner_adds_items_of_each_kind(as_owner, as_guest, group, board, other_board):
    Tag.objects.create(name="봄나들이")
    add_in_form(as_owner, "group", group=group.pk, lists_boards="on")
    add_in_form(as_owner, "board", board=board.pk, label="이야기", min_level=1)
    add_in_form(as_owner, "tag", tag="#봄나들이")
    add_in_form(as_owner, "heading", label="이용 안내")
    heading = MenuItem.objects.get(kind="heading")
    add_in_form(as_owner, "link", label="이용약관", address="/terms/", parent=heading.pk)
    add_in_form(as_owner, "link", label="블로그", address="https://example.com/", opens_window="on")
    assert line(as_guest) == {
        "커뮤니티": ["자유게시판", "질문답변"],
        "이야기": [],
        "#봄나들이": [],
        "이용 안내": ["이용약관"],
        "블로그 (새 창)": [],
    }
    page = tree(as_owner)
    names = ["커뮤니티", "이야기", "#봄나들이", "이용 안내", "이용약관", "블로그"]
    assert [each["data-name"] for each in page.one("ol", class_="menu-tree").all("li")] == names
    assert "자동으로 보이는 게시판: 자유게시판, 질문답변" in page.text


def test_the_owner_adds_a_content_page(as_owner, as_guest, owner, board):
    page = write_content_page(by=owner, slug="about", title="회사소개", is_published=False)
    add_in_form(as_owner, "page", page=page.pk)
    assert "내용 · 초안" in tree(as_owner).text
    assert line(as_guest) == {}
    ContentPage.objects.update(is_published=True)
    assert "초안" not in tree(as_owner).one("ol", class_="menu-tree").text
    assert line(as_guest) == {"회사소개": []}
    assert "회사소개" in as_owner.get(f"{ITEMS}{MenuItem.objects.get().pk}/").text


def test_an_empty_menu_says_that_every_board_is_shown(as_owner, board):
    page = tree(as_owner)
    assert "아직 메뉴를 만들지 않아 모든 게시판이 메뉴에 보입니다." in page.text
    assert not page.all("ol", class_="menu-tree")


def test_all_boards_are_put_in_at_once(as_owner, as_guest, group, board, other_board):
    town = BoardGroup.objects.create(slug="town", name="동네", position=5)
    Board.objects.create(group=town, slug="market", name="장터")
    BoardGroup.objects.create(slug="empty", name="빈 그룹")
    for _press in range(2):
        assert as_owner.post(f"{MENU}fill/").status_code == 302
        assert line(as_guest) == {"커뮤니티": ["자유게시판", "질문답변"], "동네": ["장터"]}
    assert as_owner.get(f"{MENU}fill/").status_code == 405


def test_a_form_that_is_sent_twice_adds_one_item(as_owner, board):
    token = str(uuid.uuid4())
    for _press in range(2):
        add_in_form(as_owner, "board", board=board.pk, token=token)
    add_in_form(as_owner, "board", board=board.pk, token=str(uuid.uuid4()))
    add_in_form(as_owner, "board", board=board.pk, token="nonsense")
    assert MenuItem.objects.count() == 3


def test_the_menu_has_a_limit(as_owner, board):
    for number in range(MAX_ITEMS):
        add_link("/popular/", f"링크 {number}")
    answer = add_in_form(as_owner, "board", board=board.pk, status=422)
    assert "메뉴는 100개까지 만들 수 있습니다." in answer.text
    assert MenuItem.objects.count() == MAX_ITEMS


def test_there_is_no_third_level(as_owner, three, board):
    """A parent on the second level is refused; one that goes there meanwhile is replaced by none."""
    _first, _second, below = three
    add_in_form(as_owner, "board", board=board.pk, parent=below.pk, status=422)
    assert add_board(board, below).parent is None
    assert {depth for _pk, depth in lines_of_menu()} == {0, 1}


# -- what an item may be ---------------------------------------------------------------------------
BAD = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.com/1",
    "ftp://example.com/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "https:evil.example",
    "https://",
    "https:///evil.example",
    "https://exa mple.com/",
    "https://example.com/\u202egnp.exe",
    "/\u200bpopular/",
    "popular/",
    "",
]


@pytest.mark.any_database
@pytest.mark.parametrize("address", BAD)
def test_an_address_that_is_none_is_refused(as_owner, board, address):
    answer = add_in_form(as_owner, "link", label="링크", address=address, status=422)
    assert answer.context["form"].errors.keys() == {"address"}
    assert not MenuItem.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/popular/?period=day#first",
        "/tags/봄/",
        "http://example.com",
        "HTTPS://example.com/",
        "https://한글.kr/주소?a=1&b=2",
        "https://example.com:8443/",
    ],
)
def test_an_address_is_accepted(as_owner, as_guest, board, address):
    add_in_form(as_owner, "link", label="링크", address=address)
    assert MenuItem.objects.get().address == address
    assert line(as_guest) == {"링크": []}


def test_what_is_printed_is_text(as_owner, as_guest, board):
    label = "<script>alert(1)</script>\"'&"
    add_in_form(as_owner, "link", label=label, address="/a\"onmouseover='alert(1)'>/")
    for client in (as_guest, as_owner):
        page = client.get("/").text
        assert "<script>alert(1)" not in page
        assert '/a"' not in page
    assert line(as_guest) == {label: []}
    page = as_owner.get(MENU).text
    assert "<script>alert(1)" not in page
    assert '/a"' not in page


def test_labels_lose_control_and_direction_characters(as_owner, board):
    add_in_form(as_owner, "board", board=board.pk, label="자\u202e유\u0007 \n 게시판\u200b")
    assert MenuItem.objects.get().label == "자유 게시판"
    add_in_form(as_owner, "link", label="\u202e\u200b \u3164", address="/", status=422)


@pytest.mark.parametrize("kind", ["link", "heading"])
def test_what_has_no_name_of_its_own_needs_a_label(as_owner, board, kind):
    answer = add_in_form(as_owner, kind, address="/popular/", status=422)
    assert answer.context["form"].errors.keys() == {"label"}


def test_long_texts_are_refused(as_owner, board):
    for label in ("가" * 41, "가" * 100_000, "a" + "\u0301\u0323" * 500_000):
        add_in_form(as_owner, "link", label=label, address="/", status=422)
    for address in ("/" + "a" * 300, "https://" + "a." * 500_000, "/" + "\u0301" * 1_000_000):
        add_in_form(as_owner, "link", label="링크", address=address, status=422)
    for tag in ("가" * 31, "#" * 1_000_000, "없는태그", "두 태그"):
        add_in_form(as_owner, "tag", tag=tag, status=422)
    for level in ("0", "11", "-1", "가", "9" * 5000):
        add_in_form(as_owner, "board", board=board.pk, min_level=level, status=422)
    for key in ("0", "-1", "가", "9" * 30, ""):
        add_in_form(as_owner, "board", board=key, status=422)
    assert not MenuItem.objects.exists()


def test_only_the_fields_of_its_kind_are_taken(as_owner, board, group):
    """A form cannot give a heading an address, or put an item at a place of its own."""
    fields = {"address": "/popular/", "board": board.pk, "position": 7, "opens_window": "on"}
    add_in_form(as_owner, "heading", label="제목", **fields)
    item = MenuItem.objects.get()
    assert (item.address, item.board, item.position, item.opens_window) == ("", None, 0, False)


# -- changing and deleting -------------------------------------------------------------------------
def test_the_owner_changes_an_item(as_owner, as_guest, three):
    _first, second, _below = three
    assert "새글" in as_owner.get(f"{ITEMS}{second.pk}/").text
    fields = EVERYWHERE | {"label": "새로 올라온 글", "address": "/new/"}
    assert as_owner.post(f"{ITEMS}{second.pk}/", fields).status_code == 302
    assert line(as_guest) == {"인기글": [], "새로 올라온 글": ["태그"]}
    bad = as_owner.post(f"{ITEMS}{second.pk}/", fields | {"address": "javascript:1"})
    assert bad.status_code == 422
    assert line(as_guest) == {"인기글": [], "새로 올라온 글": ["태그"]}


def test_the_owner_leaves_a_board_of_a_group_out(as_owner, as_guest, group, board, other_board):
    elsewhere = BoardGroup.objects.create(slug="town", name="동네")
    market = Board.objects.create(group=elsewhere, slug="market", name="장터")
    item = add_group(group)
    page = as_owner.get(f"{ITEMS}{item.pk}/").text
    assert "질문답변" in page
    assert "장터" not in page
    fields = EVERYWHERE | {"group": group.pk, "lists_boards": "on"}
    as_owner.post(f"{ITEMS}{item.pk}/", fields | {"left_out": [board.pk]})
    assert line(as_guest) == {"커뮤니티": ["질문답변"]}
    answer = as_owner.post(f"{ITEMS}{item.pk}/", fields | {"left_out": [market.pk]})
    assert answer.status_code == 422
    as_owner.post(f"{ITEMS}{item.pk}/", fields)
    assert line(as_guest) == {"커뮤니티": ["자유게시판", "질문답변"]}


def test_the_owner_deletes_an_item_with_what_is_below_it(as_owner, as_guest, three):
    _first, second, _below = three
    page = as_owner.get(f"{ITEMS}{second.pk}/delete/")
    assert "태그" in Page(page.content).one("div", id="content").one("ul").text
    assert "하위 메뉴도 함께 지웁니다" in page.text
    assert MenuItem.objects.count() == 3
    assert as_owner.post(f"{ITEMS}{second.pk}/delete/").status_code == 302
    assert line(as_guest) == {"인기글": []}
    assert as_owner.post(f"{ITEMS}{second.pk}/delete/").status_code == 404
    delete_menu_item(item=second)  # another owner, whose page was older


def test_an_item_that_another_owner_has_deleted_is_not_saved(as_owner, three, monkeypatch):
    first = three[0]
    found = "pages.admin.menu.SiteMenuAdmin._found"
    monkeypatch.setattr(found, lambda self, request, pk: first)
    MenuItem.objects.filter(pk=first.pk).delete()
    fields = EVERYWHERE | {"label": "인기", "address": "/popular/"}
    answer = as_owner.post(f"{ITEMS}{first.pk}/", fields)
    assert answer.status_code == 422
    assert "그사이에 지워진 메뉴입니다." in answer.text
    assert MenuItem.objects.count() == 2


# -- the order -------------------------------------------------------------------------------------
def test_the_order_of_the_list_is_saved(as_owner, as_guest, three):
    first, second, below = three
    answer = as_owner.post(MENU, order(f"{below.pk}:0", f"{first.pk}:1", f"{second.pk}:0"))
    assert answer.status_code == 302
    assert line(as_guest) == {"태그": ["인기글"], "새글": []}


@pytest.mark.parametrize(
    ("place", "direction", "expected"),
    [
        (0, "down", {"새글": ["태그"], "인기글": []}),
        (1, "up", {"새글": ["태그"], "인기글": []}),
        (1, "in", {"인기글": ["새글", "태그"]}),
        (2, "out", {"인기글": [], "새글": [], "태그": []}),
        (0, "up", {"인기글": [], "새글": ["태그"]}),
        (0, "in", {"인기글": [], "새글": ["태그"]}),
        (2, "down", {"인기글": [], "새글": ["태그"]}),
    ],
)
def test_buttons_move_an_item_by_one_step(as_owner, as_guest, three, place, direction, expected):
    page = tree(as_owner).one("form", **{"data-menu-form": ""})
    sent = {"line": [each["value"] for each in page.all("input", name="line")]}
    sent["version"] = page.one("input", name="version")["value"]
    sent["move"] = f"{three[place].pk}:{direction}"
    for _press in range(2):  # a form that is sent twice moves it once
        answer = as_owner.post(MENU, sent, follow=True)
        assert "그사이에 메뉴가 바뀌어" not in answer.text
    assert line(as_guest) == expected


def test_steps():
    """Within the second level, and of what is not there."""
    lines = [(1, 0), (2, 1), (3, 1), (4, 0)]
    assert moved(lines, 2, "down") == [(1, 0), (3, 1), (2, 1), (4, 0)]
    assert moved(lines, 3, "up") == [(1, 0), (3, 1), (2, 1), (4, 0)]
    assert moved(lines, 2, "up") == moved(lines, 3, "down") == lines
    assert moved(lines, 2, "out") == [(1, 0), (3, 1), (2, 0), (4, 0)]
    assert moved(lines, 4, "up") == [(4, 0), (1, 0), (2, 1), (3, 1)]
    assert moved(lines, 9, "up") == moved(lines, 1, "aside") == moved(lines, 4, "out") == lines
    assert moved([], 1, "up") == []
    assert moved([(1, 1), (2, 1)], 9, "up") == [(1, 0), (2, 1)]


def test_two_owners_do_not_overwrite_each_other(as_owner, as_guest, log_in, three, board):
    """The second one's order does not know the item that the first one has added."""
    other = log_in(make_member("boss", "또운영자", is_staff=True, is_superuser=True))
    first, second, below = three
    sent = order(f"{second.pk}:0", f"{below.pk}:1", f"{first.pk}:0")
    add_in_form(other, "board", board=board.pk)
    answer = as_owner.post(MENU, sent, follow=True)
    assert "그사이에 메뉴가 바뀌어 순서를 저장하지 않았습니다." in answer.text
    assert line(as_guest) == {"인기글": [], "새글": ["태그"], "자유게시판": []}
    other.post(MENU, order(*(f"{pk}:0" for pk, _level in lines_of_menu()[::-1])))
    with pytest.raises(MenuChanged):
        arrange_menu(version=sent["version"], lines=lines_of_menu()[::-1])


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["1:0"],
        ["x"],
        ["9999999999999999999:0"],
        ["-1:0", "1:2"],
        ["1:0"] * 500,
        ["가" * 1_000_000],
    ],
)
def test_an_order_that_is_none_changes_nothing(as_owner, as_guest, three, lines):
    for version in (SiteMenu.load().version, "", "가", "9" * 5000, -1):
        answer = as_owner.post(MENU, {"line": lines, "version": version, "move": "1:aside"})
        assert answer.status_code == 302
    assert line(as_guest) == {"인기글": [], "새글": ["태그"]}


def test_an_item_twice_in_the_order_is_refused(three):
    first, second, _below = three
    lines = [(first.pk, 0), (first.pk, 0), (second.pk, 0)]
    with pytest.raises(Refused):
        arrange_menu(version=SiteMenu.load().version, lines=lines)


@pytest.mark.usefixtures("side_by_side")
def test_owners_who_add_at_the_same_time_lose_nothing(group, board):
    def add_one(number):
        add_link("/popular/", f"링크 {number}")

    at_once(8, add_one)
    assert sorted(MenuItem.objects.values_list("position", flat=True)) == [*range(8)]
    assert SiteMenu.load().version == 8
    at_once(4, lambda _number: fill_menu())
    assert MenuItem.objects.filter(kind="group").count() == 1


@pytest.mark.usefixtures("side_by_side")
def test_one_form_at_the_same_time_adds_one_item(board):
    token = uuid.uuid4()
    at_once(6, lambda _number: add("board", board=board, token=token))
    assert MenuItem.objects.count() == 1


# -- who may ---------------------------------------------------------------------------------------
def test_only_owners_edit_the_menu(
    as_guest, as_minji, as_moderator, as_owner, log_in, three, group, board
):
    helper = make_member("helper", "도우미", is_staff=True)
    helper.user_permissions.set(Permission.objects.all())
    first = three[0]
    addresses = [MENU, f"{MENU}fill/", f"{ITEMS}add/link/", f"{ITEMS}{first.pk}/"]
    addresses += [f"{ITEMS}{first.pk}/delete/", f"{MENU}1/change/", f"{ITEMS}add/nothing/"]
    fields = EVERYWHERE | order(f"{first.pk}:0", label="나쁜 링크", address="/bad/")
    for browser in (as_guest, as_minji, as_moderator, log_in(helper)):
        for address in addresses:
            assert browser.get(address).status_code in (302, 403), address
            assert browser.post(address, fields).status_code in (302, 403), address
    assert log_in(helper).get(MENU).status_code == 403
    assert line(as_guest) == {"인기글": [], "새글": ["태그"]}
    assert MENU not in log_in(helper).get("/admin/").text
    assert MENU in as_owner.get("/admin/").text


def test_unknown_items_are_not_found(as_owner, three):
    assert as_owner.get(f"{ITEMS}add/nothing/").status_code == 404
    assert as_owner.get(f"{ITEMS}999/").status_code == 404
    assert as_owner.get(f"{ITEMS}{'9' * 30}/").status_code == 404


def test_changes_are_recorded(as_owner, three):
    add_in_form(as_owner, "heading", label="이용 안내")
    history = as_owner.get(f"{MENU}1/history/")
    assert history.status_code == 200
    assert "메뉴를 추가했습니다: 이용 안내" in history.text
