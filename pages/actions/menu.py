"""Actions on the menu. Each locks the menu, so that owners who edit at the same time wait for each
other, and moves its version."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Refused
from boards.models import Board, BoardGroup
from pages.arranging import Line, settled
from pages.models import MenuItem, SiteMenu
from pages.models.menu import MAX_ITEMS
from pages.queries.menu import lines_of_menu


class MenuChanged(Refused):
    """Somebody has changed the menu since the form was made."""


@contextmanager
def _locked_menu() -> Iterator[SiteMenu]:
    with transaction.atomic():
        SiteMenu.load()
        yield SiteMenu.objects.select_for_update().get(pk=1)


def _move_version(menu: SiteMenu) -> None:
    menu.version += 1
    menu.save(update_fields=["version"])


def add_menu_item(*, item: MenuItem) -> MenuItem:
    """Adds the unsaved `item` at the end of its level; returns the earlier one if the same form was
    sent before. Raises Refused above MAX_ITEMS."""
    with _locked_menu() as menu:
        earlier = MenuItem.objects.filter(token=item.token).first()
        if earlier is not None:
            return earlier
        if MenuItem.objects.count() >= MAX_ITEMS:
            raise Refused(_("메뉴는 %d개까지 만들 수 있습니다.") % MAX_ITEMS)
        if item.parent_id:
            item.parent = MenuItem.objects.filter(pk=item.parent_id, parent=None).first()
        item.position = MenuItem.objects.count()
        item.save(force_insert=True)
        _renumber()
        _move_version(menu)
    return item


def change_menu_item(
    *, item: MenuItem, fields: Collection[str], left_out: Collection[Board] = ()
) -> None:
    """Saves `fields` of `item`, whose place in the menu stays. Raises MenuChanged if it is gone."""
    with _locked_menu() as menu:
        if not MenuItem.objects.filter(pk=item.pk).exists():
            raise MenuChanged(_("그사이에 지워진 메뉴입니다."))
        item.save(update_fields=fields)
        item.left_out.set(left_out)
        _move_version(menu)


def delete_menu_item(*, item: MenuItem) -> None:
    """Deletes `item` and what is below it; nothing if it is gone already."""
    with _locked_menu() as menu:
        MenuItem.objects.filter(parent=item.pk).delete()
        MenuItem.objects.filter(pk=item.pk).delete()
        _move_version(menu)


def arrange_menu(*, version: int, lines: Sequence[Line]) -> None:
    """Puts all items in the order of `lines`. Raises MenuChanged if the menu has changed since
    `version`, unless it is in that order already: then the form was sent twice."""
    lines = settled(lines)
    with _locked_menu() as menu:
        known = lines_of_menu()
        if lines == known:
            return
        if version != menu.version or sorted(pk for pk, _l in lines) != sorted(
            pk for pk, _l in known
        ):
            raise MenuChanged(
                _(
                    "그사이에 메뉴가 바뀌어 순서를 저장하지 않았습니다. 지금의 메뉴를 보고 다시 해 주세요."
                )
            )
        _save_order(lines)
        _move_version(menu)


def fill_menu() -> int:
    """Adds every group that the menu does not have, with its boards below it; returns how many.
    Groups above MAX_ITEMS are left out."""
    with _locked_menu() as menu:
        there = MenuItem.objects.filter(group__isnull=False).values("group")
        room = MAX_ITEMS - MenuItem.objects.count()
        groups = BoardGroup.objects.filter(boards__isnull=False).exclude(pk__in=there).distinct()
        new = [
            MenuItem(kind=MenuItem.Kind.GROUP, group=group, position=MAX_ITEMS + place)
            for place, group in enumerate(groups[: max(room, 0)])
        ]
        if new:
            MenuItem.objects.bulk_create(new)
            _renumber()
            _move_version(menu)
    return len(new)


def _renumber() -> None:
    _save_order(lines_of_menu())


def _save_order(lines: Sequence[Line]) -> None:
    items = MenuItem.objects.in_bulk()
    parent, changed = None, []
    for position, (pk, level) in enumerate(lines):
        item = items[pk]
        place = position, parent if level else None
        if (item.position, item.parent_id) != place:
            item.position, item.parent_id = place
            changed.append(item)
        if not level:
            parent = pk
    MenuItem.objects.bulk_update(changed, ["position", "parent"])
