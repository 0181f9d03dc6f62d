"""How many requests of a worker may use the database at once.

One thread always remains for requests that need none: cached pages, files, robots.txt, /healthz. A
request that asks for the database (boardsite.server.middleware.EnterDatabase) while all places are
taken gives its thread back and begins again as soon as there is one. Requests that may write can wait
long for one another, so they leave one place to those that only read."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

READ_PATIENCE = 10.0
WRITE_PATIENCE = 25.0
"""Seconds after which a request that waits for a place is refused. SQLite's lock may take 20."""


class Entering(Protocol):
    """A request, as far as Admission knows it."""

    is_inside: bool
    is_writing: bool
    is_postponed: bool
    begun: float


R = TypeVar("R", bound=Entering)


class Admission(Generic[R]):
    """`places` for all requests, of which `places_for_writing` may be taken by those that may write.
    `begin_again` is called, in any thread, with a request that may come in now."""

    def __init__(self, places: int, begin_again: Callable[[R], None]):
        self.places = max(1, places)
        self.places_for_writing = max(1, places - 1)
        self.begin_again = begin_again
        self.inside = self.writing = 0
        self.waiting: deque[R] = deque()
        self.progress_at = time.monotonic()
        self._lock = threading.Lock()

    def enter(self, request: R) -> bool:
        """Whether it may use the database now. If not, `postpone` must follow."""
        with self._lock:
            if not request.is_inside and self._has_place(request):
                self._let_in(request)
            request.is_postponed = not request.is_inside
            return request.is_inside

    def postpone(self, request: R) -> None:
        """The request has left its thread, and waits for a place."""
        request.is_postponed = False
        with self._lock:
            if not self.waiting:
                self.progress_at = time.monotonic()
            self.waiting.append(request)
        self._admit()

    def leave(self, request: R) -> None:
        """The request has been answered."""
        if not request.is_inside:
            return
        with self._lock:
            request.is_inside = False
            self.inside -= 1
            self.writing -= request.is_writing
            self.progress_at = time.monotonic()
        self._admit()

    def take_late(self) -> list[R]:
        """Removes the requests that have waited too long, for their refusal."""
        now = time.monotonic()
        with self._lock:
            late = [
                each
                for each in self.waiting
                if now - each.begun > (WRITE_PATIENCE if each.is_writing else READ_PATIENCE)
            ]
            for each in late:
                self.waiting.remove(each)
        return late

    def stuck_for(self) -> float:
        """Seconds for which requests have waited without any leaving."""
        return time.monotonic() - self.progress_at if self.waiting else 0.0

    def _admit(self) -> None:
        with self._lock:
            admitted = []
            for each in list(self.waiting) if self.inside < self.places else ():
                if self._has_place(each):
                    self._let_in(each)
                    self.waiting.remove(each)
                    admitted.append(each)
        for each in admitted:
            self.begin_again(each)

    def _has_place(self, request: R) -> bool:
        if self.inside >= self.places:
            return False
        return not request.is_writing or self.writing < self.places_for_writing

    def _let_in(self, request: R) -> None:
        request.is_inside = True
        self.inside += 1
        self.writing += request.is_writing
