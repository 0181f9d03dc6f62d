"""메뉴설정 and 팝업레이어, where the app `pages` is installed."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qsl

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.permissions import Refused
from boards.models import Board, BoardGroup
from boardsite.text import richtext
from importer.actions.files import own_hosts
from importer.actions.kept import Kept, Pair
from importer.actions.ledger import OWN, Ledger
from importer.actions.own_boards import cleaned
from importer.models import Imported, Kind, known
from importer.reading.addresses import Old, parse
from importer.reading.bodies import split_address
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, flag, moment, plain

# Models of an app that is switched off cannot be imported.
if apps.is_installed("pages"):
    from pages.actions.content import delete_content_page
    from pages.actions.menu import add_menu_item, change_menu_item, delete_menu_item
    from pages.models import ContentPage, MenuItem, Popup
    from pages.models.menu import validate_address
    from pages.models.popups import MAX_BODY, MAX_HIDE_HOURS
    from pages.models.timed import Devices

LONGEST_LABEL, LONGEST_LINK, LONGEST_TITLE = 40, 300, 100
TOP = 2  # characters of the code of an item on the first level; its children have two more


# -- The menu --------------------------------------------------------------------------------------
def _save_items(pairs: list[Pair]) -> None:
    for here, fresh in pairs:
        if MENU.values(here) != MENU.values(fresh):
            MENU.copy(fresh, here)
            change_menu_item(item=here, fields=MENU.columns, left_out=list(here.left_out.all()))


def _remove_items(items: "list[MenuItem]") -> None:
    """What was put below them here moves up."""
    MenuItem.objects.filter(parent__in=items).update(parent=None)
    for item in items:
        delete_menu_item(item=item)


if apps.is_installed("pages"):
    MENU = Kept(
        Kind.MENU,
        MenuItem,
        key=lambda row: _code(row),
        columns=(
            *("kind", "label", "address", "board_id", "group_id", "page_id", "parent_id"),
            *("lists_boards", "opens_window", "on_wide", "on_narrow"),
        ),
        save=_save_items,
        remove=_remove_items,
    )


def import_menu(old: OldSite) -> Iterator[int]:
    """Adds the items that are new and changes those that have changed, unless an owner has made a menu here;
    yields how many rows were looked at.

    gnuboard5 stores all rows again whenever the menu is saved: their codes, not their ids, tell them apart."""
    if not apps.is_installed("pages"):
        return
    rows = sorted(old.rows("menu"), key=lambda row: (len(row["me_code"]), row["me_code"]))
    if MenuItem.objects.exists() and not Imported.objects.filter(kind=Kind.MENU).exists():
        if rows:
            old.note("이미 만든 메뉴가 있어 가져오지 않은 메뉴", str(len(rows)))
        return
    hosts, ledger = _hosts(old, rows), Ledger(old, MENU)
    for row in rows:
        with transaction.atomic():
            batch = ledger.sort_out([row])
            for new in batch.new:
                try:
                    ledger.remember([(new, add_menu_item(item=_made(new, hosts)))])
                except Refused:
                    old.note("너무 많아 가져오지 않은 메뉴", plain(row["me_name"]))
            ledger.update(batch, lambda row, here: _made(row, hosts))
        yield 1


def _made(row: Found, hosts: set[str]) -> "MenuItem":
    """An item as it would be added now."""
    item = _item(row["me_link"].strip(), hosts)
    item.label = plain(row["me_name"]).strip()[:LONGEST_LABEL] or "-"
    item.parent_id = _parent(row["me_code"])
    item.opens_window = row.get("me_target") == "blank"
    item.on_wide, item.on_narrow = flag(row, "me_use"), flag(row, "me_mobile_use")
    return item


def _parent(code: str) -> int | None:
    found = known(Kind.MENU, [code[:TOP]]) if len(code) > TOP else {}
    return next((each.new for each in found.values()), None)


def _item(link: str, hosts: set[str]) -> "MenuItem":
    """What the link leads to here. One to the site itself is answered by redirects where nothing else fits."""
    host, path, query = split_address(link)
    if not host or host in hosts:
        asked = parse(path, dict(parse_qsl(query, max_num_fields=50)))
        if asked and (item := _own_item(asked)):
            return item
        link = f"{path}?{query}" if query else path
    try:
        validate_address(link)
    except ValidationError:
        link = ""
    if not link or len(link) > LONGEST_LINK:
        return MenuItem(kind=MenuItem.Kind.HEADING)
    return MenuItem(kind=MenuItem.Kind.LINK, address=link)


def _own_item(asked: Old) -> "MenuItem | None":
    kinds = MenuItem.Kind
    if asked.kind == "list" and not (asked.words or asked.category or asked.page > 1):
        board = Board.objects.filter(pk=_new(Kind.BOARD, asked.board)).first()
        return None if board is None else MenuItem(kind=kinds.BOARD, board=board)
    if asked.kind == "group":
        group = BoardGroup.objects.filter(pk=_new(Kind.GROUP, asked.name)).first()
        return (
            None if group is None else MenuItem(kind=kinds.GROUP, group=group, lists_boards=False)
        )
    if asked.kind == "content":
        page = ContentPage.objects.filter(pk=_new(Kind.CONTENT, asked.name)).first()
        return None if page is None else MenuItem(kind=kinds.PAGE, page=page)
    own = {"faq": "@faq", "inquiries": "@inquiry"}.get(asked.kind)
    if own and (board := Board.objects.filter(pk=_new(Kind.BOARD, own)).first()):
        return MenuItem(kind=kinds.BOARD, board=board)
    return None


def _new(kind: Kind, key: str) -> int:
    return next((each.new for each in known(kind, [key]).values()), 0)


def _hosts(old: OldSite, rows: list[Found]) -> set[str]:
    """The hosts of the site itself: those of its files, and the one that most links to scripts name."""
    links = (split_address(row["me_link"]) for row in rows)
    scripts = Counter(host for host, path, _query in links if host and "/bbs/" in path)
    return own_hosts(old) | {host for host, _count in scripts.most_common(1)}


def _code(row: Found) -> str:
    return row["me_code"][:64]


# -- Popups ----------------------------------------------------------------------------------------
def _save_popups(pairs: list[Pair]) -> None:
    for here, fresh in pairs:
        if POPUP.values(here) != POPUP.values(fresh):
            POPUP.copy(fresh, here)
            here.version += 1  # so that those who have hidden it see the new text
            here.save()


def _remove_popups(popups: "list[Popup]") -> None:
    """With the pages for their pictures (actions/pages_for_pictures.py)."""
    gone = [popup.pk for popup in popups]
    keys = Imported.objects.filter(kind=Kind.POPUP, new__in=gone).values_list("old", flat=True)
    pages = known(Kind.CONTENT, [f"{OWN}{slug_of_pictures(key)}" for key in keys])
    for page in ContentPage.objects.filter(pk__in=[each.new for each in pages.values()]):
        delete_content_page(page=page)
    Imported.objects.filter(pk__in=[each.pk for each in pages.values()]).delete()
    Popup.objects.filter(pk__in=gone).delete()


def slug_of_pictures(key: str) -> str:
    """The address of the page for the pictures of a popup (`nw_id`)."""
    return f"popup_{key}"[:20]


if apps.is_installed("pages"):
    POPUP = Kept(
        Kind.POPUP,
        Popup,
        key=lambda row: row["nw_id"],
        columns=("title", "body", "devices", "starts_at", "ends_at", "is_on", "hide_hours"),
        save=_save_popups,
        remove=_remove_popups,
    )


def import_popups(old: OldSite) -> Iterator[int]:
    """Creates the popups that are new, on the first page, and changes those that have changed; yields how many
    rows were looked at."""
    if not apps.is_installed("pages"):
        return
    ledger = Ledger(old, POPUP)
    for row in list(old.rows("new_win", order="CAST(nw_id AS INTEGER)")):
        with transaction.atomic():
            batch = ledger.sort_out([row])
            for new in batch.new:
                popup = _popup(old, new)
                popup.save()
                ledger.remember([(new, popup)])
            ledger.update(batch, lambda row, here: _popup(old, row, here.starts_at))
        yield 1


def _popup(old: OldSite, row: Found, began: datetime | None = None) -> "Popup":
    """A popup as it would be made now. `began` is since when it is shown where the row does not say it."""
    starts = moment(row.get("nw_begin_time", "")) or began or timezone.now()
    ends = moment(row.get("nw_end_time", ""))
    source = row.get("nw_content", "").replace("\r\n", "\n")
    body = cleaned(source)
    old.removed.look(f"팝업레이어 {row['nw_id']}", source, body)
    if len(body) > MAX_BODY:
        old.note("너무 길어 비운 팝업레이어", row["nw_id"])
        body = ""
    return Popup(
        title=plain(row.get("nw_subject", "")).strip()[:LONGEST_TITLE] or "-",
        body=body,
        place=Popup.Place.FRONT,
        devices={"pc": Devices.PC, "mobile": Devices.PHONE}.get(
            row.get("nw_device", ""), Devices.ALL
        ),
        starts_at=starts,
        ends_at=ends if ends and ends > starts else None,
        is_on=not richtext.is_blank(body) and not (ends and ends <= starts),
        hide_hours=count(row, "nw_disable_hours", MAX_HIDE_HOURS),
    )
