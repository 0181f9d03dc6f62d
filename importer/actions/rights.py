"""Who manages boards and groups, who belongs to a private group, and who may use which part of the admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model, Q

from accounts.actions.record import record
from accounts.models import Member, MemberEvent
from boards.actions.commits import after_commit
from boards.actions.narrowing import forget_unreadable
from boards.models import Board, BoardGroup
from importer.actions.gone import MISSING
from importer.actions.ledger import remember, sort_out
from importer.actions.own_boards import find_own_board
from importer.models import Imported, Kind, pks
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import names

# g5_auth: the code of a menu of the admin → the model that it is about, or one of our own boards.
MODELS = {
    "100310": ("pages", "popup"),
    "200100": ("accounts", "member"),
    "300100": ("boards", "board"),
    "300200": ("boards", "boardgroup"),
    "300300": ("boards", "blockedsearchword"),
    "300600": ("pages", "contentpage"),
}
OWN_BOARDS = {"200900": "poll", "300500": "inquiry", "300700": "faq"}
VERBS = {"r": ("view",), "w": ("add", "change"), "d": ("delete",)}


def import_admin_rights(old: OldSite) -> Iterator[int]:
    """Rights in the admin that have a counterpart; they are given once. Yields how many rows were looked at."""
    members = pks(Kind.MEMBER)
    for row in list(old.rows("auth", order="mb_id, au_menu")):
        with transaction.atomic():
            member = Member.objects.filter(
                pk=members.get(row["mb_id"].lower()), left_at=None
            ).first()
            for new in sort_out(Kind.RIGHT, [row], _key).new if member else ():
                if _give(member, new):
                    remember(Kind.RIGHT, [(_key(new), member.pk, new)])
                else:
                    old.note("옮길 곳이 없는 관리권한", f"{row['mb_id']} {row['au_menu']}")
        yield 1


def _give(member: Member, row: Found) -> bool:
    """Whether the right has a counterpart."""
    menu = row["au_menu"]
    if menu in OWN_BOARDS:
        board = find_own_board(OWN_BOARDS[menu])
        if board is not None:
            board.moderators.add(member)
        return board is not None
    app, model = MODELS.get(menu, ("", ""))
    verbs = {verb for flag in names(row["au_auth"], ",") for verb in VERBS.get(flag, ())}
    wanted = Q(codename__in=[f"{verb}_{model}" for verb in verbs])
    permissions = list(Permission.objects.filter(wanted, content_type__app_label=app))
    if not permissions:
        return False
    Member.objects.filter(pk=member.pk).update(is_staff=True)
    member.user_permissions.add(*permissions)
    words = f"그누보드의 관리권한 {menu} ({row['au_auth']})"
    record(member=member, kind=MemberEvent.Kind.LEVEL, words=words)
    return True


def _key(row: Found) -> str:
    return f"{row['mb_id'].lower()}/{row['au_menu']}"[:64]


PLACES: dict[str, tuple[type[Model], str]] = {
    "moderator of group": (BoardGroup, "moderators"),
    "member of group": (BoardGroup, "members"),
    "moderator of board": (Board, "moderators"),
}
"""What somebody can be of a group or a board, and the relation that says so here."""


@transaction.atomic
def import_rights(old: OldSite) -> int:
    """Moderators, and members of private groups. Members whom an earlier run named and who are no longer
    named there lose the place here; those who were given or refused one here keep what they have. Returns
    how many rows were looked at."""
    members = pks(Kind.MEMBER)
    wanted: dict[str, int] = {}
    for place, where, name in _named(old):
        if (member := members.get(name.lower())) is not None:
            wanted[f"{place} {where}/{name.lower()}"[:64]] = member
    entries = Imported.objects.filter(kind=Kind.RIGHT, board=0)
    noted = {each.old: each for each in entries if _place_of(each.old)}
    holders = {Board: pks(Kind.BOARD), BoardGroup: pks(Kind.GROUP)}
    for key in sorted(wanted.keys() - noted.keys()):
        if (holder := _holder(key, holders)) is not None:
            getattr(holder, PLACES[_place_of(key)][1]).add(wanted[key])
    Imported.objects.bulk_create(
        Imported(kind=Kind.RIGHT, old=key, new=member, digest=0)
        for key, member in wanted.items()
        if key not in noted
    )
    seen = {_place_of(key) for key in wanted}
    for key in sorted(noted.keys() - wanted.keys()):
        if _place_of(key) not in seen:  # the table or the column may be missing
            old.note(MISSING, f"{Kind.RIGHT.label} {key}")
            continue
        if (holder := _holder(key, holders)) is not None:
            _take_away(holder, PLACES[_place_of(key)][1], noted[key].new)
        noted[key].delete()
    return old.count("group_member")


def _named(old: OldSite) -> Iterator[tuple[str, str, str]]:
    """The place, the name of the group or board, and that of the member, as the old site has them."""
    for row in old.rows("group"):
        for name in names(row.get("gr_admin", ""), ","):
            yield "moderator of group", row["gr_id"], name
    for row in old.rows("board"):
        for name in names(row.get("bo_admin", ""), ","):
            yield "moderator of board", row["bo_table"], name
    for row in old.rows("group_member"):
        yield "member of group", row["gr_id"], row["mb_id"]


def _place_of(key: str) -> str:
    """The key of PLACES with which the key of an entry begins; "" for rights in the admin."""
    return next((place for place in PLACES if key.startswith(f"{place} ")), "")


def _holder(key: str, ids: dict[type[Model], dict[str, int]]) -> Any:
    """The group or board that an entry is about, if there still is one."""
    place = _place_of(key)
    model = PLACES[place][0]
    where = key.removeprefix(f"{place} ").rpartition("/")[0]
    return model._default_manager.filter(pk=ids[model].get(where)).first()


def _take_away(holder: Any, relation: str, member: int) -> None:
    """With the place go notifications about what they may no longer read."""
    getattr(holder, relation).remove(member)
    boards = [holder] if isinstance(holder, Board) else Board.objects.filter(group_id=holder.pk)
    for board in boards:
        after_commit(forget_unreadable, board.pk)
