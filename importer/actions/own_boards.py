"""Boards for what gnuboard5 keeps in tables of their own: polls, FAQ and 1:1 문의."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import OWNER_LEVEL, Member
from boards.models import Board, BoardGroup, BoardTexts
from boardsite.text import richtext
from importer.actions.kept import hashed
from importer.actions.ledger import OWN, remember
from importer.models import Imported, Kind
from importer.reading.site import OldSite
from importer.reading.values import plain

ONLY_OWNERS = {
    "write_level": OWNER_LEVEL,
    "reply_level": OWNER_LEVEL,
    "poll_level": OWNER_LEVEL,
}
LAST = 1_000  # behind the boards that the old site had


def own_board(key: str, *, slug: str, name: str, texts: dict[str, str], **options: Any) -> Board:
    """The board for `key` ("poll", "faq", "inquiry"), made when it is first needed in the first group that
    everybody sees. Another board with the address `slug` is left alone: then the address has a number."""
    board = find_own_board(key)
    if board is None:
        board = Board.objects.create(
            group=_group(),
            slug=next(
                each for each in _slugs(slug) if not Board.objects.filter(slug=each).exists()
            ),
            name=name[:60],
            position=LAST,
            **options,
        )
        stored = BoardTexts.objects.create(board=board, **texts)
        Imported.objects.filter(kind=Kind.BOARD, old=_key(key)).delete()
        remember(Kind.BOARD, [(_key(key), board.pk, {})])
        _entry(key).update(here=_hash_of(stored))
    return board


def set_own_texts(key: str, stored: BoardTexts, texts: dict[str, str]) -> None:
    """Gives the board the texts that have changed there, unless somebody has changed them here."""
    if _entry(key).filter(here=_hash_of(stored)).exists():
        for name, html in texts.items():
            setattr(stored, name, html)
        stored.save()
        _entry(key).update(here=_hash_of(stored))


def _hash_of(texts: BoardTexts) -> int:
    return hashed((texts.header, texts.footer, texts.template))


def _entry(key: str) -> QuerySet[Imported]:
    return Imported.objects.filter(kind=Kind.BOARD, board=0, old=_key(key))


def find_own_board(key: str) -> Board | None:
    """The board, if it has been made and nobody has deleted it."""
    return Board.objects.filter(pk__in=_entry(key).values("new")).first()


def owner_of(old: OldSite) -> Member | None:
    """The member who owned the old site (`cf_admin`), or else an owner of this one."""
    name = old.config.get("cf_admin", "").lower()
    known = Imported.objects.filter(kind=Kind.MEMBER, board=0, old=name)
    owner = Member.objects.filter(pk__in=known.values("new")).first()
    return owner or Member.objects.filter(is_superuser=True).order_by("pk").first()


def cleaned(html: str) -> str:
    """Cleaned HTML of a short text; "" if it is too complex."""
    try:
        return richtext.clean(plain(html))
    except richtext.TooComplex:
        return ""


def text_in(html: str) -> str:
    """The text of HTML, one line per block."""
    return richtext.text_of(cleaned(html))


def _key(key: str) -> str:
    return f"{OWN}{key}"  # no bo_table has this character


def _slugs(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug}{number}" for number in count(2))


def _group() -> BoardGroup:
    group = BoardGroup.objects.filter(is_private=False).first()
    return group or BoardGroup.objects.create(slug="site", name=_("사이트"))
