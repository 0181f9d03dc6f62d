"""Each process decodes one picture at a time, and none with too many pixels.

A picture of a few kilobytes can hold millions of pixels."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from boardsite.limits.too_many import TooMany

MAX_PIXELS = 16_000_000  # decoded at full size: up to 0.3 GB of memory and a second of CPU
MAX_PIXELS_OF = {
    "JPEG": 50_000_000,  # can be decoded at a fraction of its size
    "MPO": 50_000_000,  # a JPEG with more than one picture
    "HEIF": 25_000_000,  # the format of phone cameras
}
PATIENCE = 2.0  # seconds that a request waits for the other picture


class Busy(TooMany):
    """Another picture is being decoded: the answer is 503."""

    status = 503

    def __init__(self):
        super().__init__(retry_after=2)
        self.message = _("지금 다른 사진을 처리하고 있습니다. 잠시 후 다시 올려 주세요.")
        self.args = (self.message,)


def max_pixels(format: str | None) -> int:
    """The limit of pixels for a picture in that format (a name of Pillow's)."""
    return MAX_PIXELS_OF.get(format or "", MAX_PIXELS)


_turn = threading.Lock()
_next = threading.Lock()  # held by the one request that may wait


@contextmanager
def one_at_a_time(patience: float | None) -> Iterator[None]:
    """Lets this process decode only one picture at a time, which bounds its memory.

    Raises Busy after `patience` seconds, or at once when another request is already waiting, so
    pictures never occupy more than two threads of a server. Commands pass None and wait without a
    limit."""
    if patience is None:
        _turn.acquire()
    elif not _turn.acquire(blocking=False):
        _wait(patience)
    try:
        yield
    finally:
        _turn.release()


def _wait(patience: float) -> None:
    if not _next.acquire(blocking=False):
        raise Busy
    try:
        if not _turn.acquire(timeout=patience):
            raise Busy
    finally:
        _next.release()
