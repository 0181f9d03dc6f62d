"""The menu that an owner has arranged, as a visitor sees it, and as the editor shows it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from django.utils.safestring import SafeString

from accounts.permissions import Visitor, level_of
from boards.models import Board
from boards.queries.boards import readable_boards
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled
from boardsite.jinja import draw
from boardsite.models import OneRow
from pages.arranging import Line
from pages.models import MenuItem


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `href` is "" for a heading; `place` is the path by which the current page
    is recognised, "" for addresses elsewhere; `device` is "wide", "narrow" or "" for both."""

    label: str
    href: str = ""
    place: str = ""
    opens_window: bool = False
    device: str = ""
    children: tuple["Entry", ...] = ()

    @property
    def rel(self) -> str:
        return "noopener" if self.opens_window or not self.href.startswith("/") else ""


class OwnMenu:
    """The items that the visitor may see. Boards and content pages that they may not read are not
    among them, whatever the menu says."""

    def __init__(self, visitor: Visitor):
        self.boards = readable_boards(visitor)
        pages = (item.row.page for item in known_items())
        self.key = (
            tuple(board.pk for board in self.boards),
            frozenset(
                page.pk for page in pages if page and page.is_published and page.is_for(visitor)
            ),
            level_of(visitor),
        )

    def draw(self, part: str, path: str, board_id: int | None) -> SafeString:
        """A part of templates/pages/, cached for all visitors who see the same on this page."""
        entries, places = _entries.get(self.key, self._load)
        own = (board.get_absolute_url() for board in self.boards if board.pk == board_id)
        present = next(own, path)
        present = present if present in places else ""
        needs = {"entries": entries, "shelves": shelves(entries), "present": present}
        return _drawn.get((part, present, *self.key), lambda: draw(part, **needs))

    def _load(self) -> tuple[tuple[Entry, ...], frozenset[str]]:
        _boards, pages, level = self.key
        entries = menu_entries(known_items(), self.boards, pages, level)
        all_ = [*entries, *(each for entry in entries for each in entry.children)]
        return entries, frozenset(each.place for each in all_ if each.place)


_entries: VersionedCache[tuple[tuple[Entry, ...], frozenset[str]]] = VersionedCache(size=256)
_drawn: VersionedCache[SafeString] = VersionedCache(size=512)


@dataclass(frozen=True)
class Item:
    """An item, and the ids of the boards that its group does not list below it."""

    row: MenuItem
    left_out: frozenset[int] = frozenset()


_rows = Compiled(lambda: MenuItem.objects.select_related("page").defer("page__html"))


def _read_items() -> tuple[Item, ...]:
    rows = _rows()
    if not rows:
        return ()
    left_out: dict[int, set[int]] = defaultdict(set)
    for item, board in MenuItem.left_out.through.objects.values_list("menuitem", "board"):
        left_out[item].add(board)
    return tuple(Item(row, frozenset(left_out[row.pk])) for row in rows)


# All items in order, without their boards and groups: those are in boards.queries.known_boards.
known_items: VersionedCache[tuple[Item, ...]] = VersionedCache(
    _read_items, seconds=OneRow.SECONDS, size=1, is_setting=True
)


def menu_entries(
    items: Sequence[Item], boards: Sequence[Board], pages: Collection[int], level: int
) -> tuple[Entry, ...]:
    """What a visitor of `level` who may read `boards` and the content `pages` sees of `items`.

    Of an item that they do not see they do not see what is below it either.
    """
    by_id = {board.pk: board for board in boards}
    by_group: dict[int, list[Board]] = defaultdict(list)
    for board in boards:
        by_group[board.group_id].append(board)
    below: dict[int | None, list[MenuItem]] = defaultdict(list)
    left_out = {item.row.pk: item.left_out for item in items}
    for item in items:
        below[item.row.parent_id].append(item.row)

    def entry_of(item: MenuItem, children: tuple[Entry, ...] = ()) -> Entry | None:
        if item.min_level > level or not (item.on_wide or item.on_narrow):
            return None
        label, href = item.label, item.address
        match item.kind:
            case MenuItem.Kind.BOARD:
                found = by_id.get(item.board_id or 0)
                if found is None:
                    return None
                label, href = label or found.name, found.get_absolute_url()
            case MenuItem.Kind.GROUP:
                if not by_group[item.group_id or 0]:
                    return None
                group = by_group[item.group_id or 0][0].group
                label, href = label or group.name, group.get_absolute_url()
            case MenuItem.Kind.PAGE:
                if item.page is None or item.page.pk not in pages:
                    return None
                label, href = label or item.page.title, item.page.get_absolute_url()
            case MenuItem.Kind.TAG:
                label, href = label or f"#{item.tag}", f"/tags/{quote(item.tag)}/"
            case MenuItem.Kind.HEADING:
                if item.parent_id is None and not children:
                    return None
                href = ""
        device = "" if item.on_wide and item.on_narrow else "wide" if item.on_wide else "narrow"
        return Entry(label, href, _place(href), item.opens_window, device, children)

    def children_of(item: MenuItem) -> tuple[Entry, ...]:
        own = [entry for each in below[item.pk] if (entry := entry_of(each))]
        if item.kind != MenuItem.Kind.GROUP or not item.lists_boards:
            return tuple(own)
        there = {each.board_id for each in below[item.pk]} | left_out[item.pk]
        rest = [board for board in by_group[item.group_id or 0] if board.pk not in there]
        return *own, *(Entry(each.name, href := each.get_absolute_url(), href) for each in rest)

    tops = (entry_of(item, children_of(item)) for item in below[None])
    return tuple(entry for entry in tops if entry)


def shelves(entries: Sequence[Entry]) -> list[tuple[Entry | None, list[Entry]]]:
    """The columns of the panel: each entry with what is below it, and those in between that have
    nothing below them together in one column without a heading."""
    columns: list[tuple[Entry | None, list[Entry]]] = []
    for entry in entries:
        if entry.children:
            columns.append((entry, [*entry.children]))
        elif columns and columns[-1][0] is None:
            columns[-1][1].append(entry)
        else:
            columns.append((None, [entry]))
    return columns


def _place(href: str) -> str:
    if not href.startswith("/"):
        return ""
    parts = urlsplit(href)
    return "" if parts.query or parts.fragment else unquote(parts.path)


def lines_of_menu() -> list[Line]:
    """The present order, as pages.arranging reads it."""
    rows = MenuItem.objects.values_list("pk", "parent")
    return [
        line
        for top, parent in rows
        if parent is None
        for line in [(top, 0), *((pk, 1) for pk, above in rows if above == top)]
    ]


@dataclass(frozen=True)
class Branch:
    """An item in the editor: with its second level, and the boards that it lists by itself."""

    item: MenuItem
    below: Sequence["Branch"] = ()
    boards: Sequence[Board] = ()


def menu_tree() -> list[Branch]:
    """The whole menu."""
    below: dict[int | None, list[MenuItem]] = defaultdict(list)
    items = MenuItem.objects.select_related("board", "group", "page").defer("page__html")
    items = items.prefetch_related("left_out", "group__boards")
    for item in items:
        below[item.parent_id].append(item)

    def branch_of(item: MenuItem) -> Branch:
        boards: list[Board] = []
        if item.group is not None and item.lists_boards:
            there = {each.board_id for each in below[item.pk]}
            there |= {board.pk for board in item.left_out.all()}
            boards = [board for board in item.group.boards.all() if board.pk not in there]
        return Branch(item, [Branch(each) for each in below[item.pk]], boards)

    return [branch_of(item) for item in below[None]]
