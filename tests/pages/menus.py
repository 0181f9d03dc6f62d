"""Items of a menu for tests, and the menu as a visitor sees it."""

from django.test import Client

from boards.models import Board, BoardGroup
from pages.actions.menu import add_menu_item
from pages.models import MenuItem
from tests.page import CHROME, Element, Page


def add(kind: str, parent: MenuItem | None = None, **fields) -> MenuItem:
    return add_menu_item(item=MenuItem(kind=kind, parent=parent, **fields))


def add_board(board: Board, parent: MenuItem | None = None, **fields) -> MenuItem:
    return add("board", parent, board=board, **fields)


def add_group(group: BoardGroup, **fields) -> MenuItem:
    return add("group", group=group, **fields)


def add_link(address: str, label: str, parent: MenuItem | None = None, **fields) -> MenuItem:
    return add("link", parent, address=address, label=label, **fields)


def nav(client: Client, path: str = "/") -> Element:
    answer = client.get(path, headers={"user-agent": CHROME})
    assert answer.status_code == 200
    return Page(answer.content).one("nav", class_="site-nav")


def line(client: Client, path: str = "/") -> dict[str, list[str]]:
    """The line below the header: each item of the first level with those below it."""
    found = {}
    for item in nav(client, path).one("ul", class_="boards-line").children:
        if isinstance(item, Element):
            below = [each.text for part in item.all("ul") for each in part.all("li")]
            link = [each for each in item.children if getattr(each, "tag", "") in ("a", "span")]
            found[(link or item.all("summary"))[0].text] = below
    return found


def link(client: Client, label: str, path: str = "/") -> Element:
    """The link of the line with this text."""
    links = nav(client, path).one("ul", class_="boards-line").all("a")
    (found,) = [each for each in links if each.text == label]
    return found
