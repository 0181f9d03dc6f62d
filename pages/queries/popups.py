"""The popups of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, router
from django.db.models import DateTimeField
from django.utils import timezone

from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled, Slot
from pages.models import Popup
from pages.models.timed import is_now

MOST = 5  # on one page, one after another


@dataclass(frozen=True)
class ShownPopup:
    """What a page shows of a Popup."""

    pk: int
    version: int
    title: str
    body: str
    starts_at: datetime
    ends_at: datetime | None
    devices: str
    hide_hours: int
    place: str
    board_ids: frozenset[int]

    def is_on_page(self, *, is_front: bool, board_id: int | None) -> bool:
        if self.place == Popup.Place.BOARDS:
            return board_id in self.board_ids
        return is_front or self.place == Popup.Place.ALL


def shown_popup(popup: Popup) -> ShownPopup:
    is_for_boards = popup.place == Popup.Place.BOARDS
    return ShownPopup(
        popup.pk,
        popup.version,
        popup.title,
        popup.body,
        popup.starts_at,
        popup.ends_at,
        popup.devices,
        popup.hide_hours,
        popup.place,
        frozenset(board.pk for board in popup.boards.all()) if is_for_boards else frozenset(),
    )


def popups_of(*, is_front: bool, board_id: int | None) -> Sequence[ShownPopup]:
    """The popups of a page at this moment, in the order in which they open."""
    popups = _planned()
    if not popups:  # no further cost where there is none
        return ()
    now = timezone.now()
    live = [
        popup
        for popup in popups
        if is_now(popup.starts_at, popup.ends_at, now)
        and popup.is_on_page(is_front=is_front, board_id=board_id)
    ]
    return live[:MOST]


_planned_now = Compiled(lambda: Popup.objects.planned(Slot("now", DateTimeField())))


def _read() -> tuple[ShownPopup, ...]:
    now = connections[router.db_for_read(Popup)].ops.adapt_datetimefield_value(timezone.now())
    return tuple(map(shown_popup, _planned_now(now=now)))


_planned: VersionedCache[tuple[ShownPopup, ...]] = VersionedCache(_read, is_setting=True)
"""Those that are or will be shown. The table moves the site's version."""
