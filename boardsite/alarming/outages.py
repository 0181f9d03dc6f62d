"""The alarm that no table can hold: the database cannot be read or written.

A file marks that it was sent, in DATA_DIR or, where that takes no file, in the temporary folder."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from boardsite.alarming.channels import NotSent, channels, send
from boardsite.alarming.messages import Notice


def send_outage(why: str, *, can_read: bool = False) -> None:
    """Sends it unless it was sent already. Raises NotSent if no channel takes it. `can_read`: the
    database still says where the owners' mail goes."""
    ways = channels(has_database=can_read)
    if not ways or not _mark():
        return
    words = _("데이터베이스를 쓸 수 없습니다: %s") % why
    try:
        send([Notice(words)], ways)
    except NotSent:
        _unmark()  # to be tried again
        raise


def end_outage() -> None:
    """To be called when the database works: sends that it is over, if the outage was sent."""
    if not any(_is_ours(place) for place in _places()):
        return
    if ways := channels():
        send([Notice(_("데이터베이스를 다시 쓸 수 있습니다."), is_over=True)], ways)
    _unmark()


def _places() -> Iterator[Path]:
    yield Path(settings.DATA_DIR) / "outage-sent"
    site = sha256(str(settings.DATA_DIR).encode()).hexdigest()[:16]
    yield Path(tempfile.gettempdir()) / f"boardsite-{site}-outage-sent"


def _mark() -> bool:
    """Whether this process has made the mark, or no place takes one: better sent twice than never."""
    for place in _places():
        if _is_ours(place):
            return False
    for place in _places():
        with contextlib.suppress(OSError):
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
            break
    return True


def _unmark() -> None:
    for place in _places():
        if _is_ours(place):
            with contextlib.suppress(OSError):
                place.unlink()


def _is_ours(place: Path) -> bool:
    """Anybody may create a file in the temporary folder."""
    with contextlib.suppress(OSError):
        return place.lstat().st_uid == os.geteuid()
    return False
