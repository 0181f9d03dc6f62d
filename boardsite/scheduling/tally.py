"""Counts of a process that are written now and then, so that a request costs an entry in a dictionary."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError

from boardsite.scheduling import background

logger = logging.getLogger(__name__)

Key = TypeVar("Key", bound=Hashable)


class Tally(Generic[Key]):
    """A killed process loses the counts of some seconds."""

    def __init__(self, name: str, write: Callable[[Counter[Key]], None]):
        """`name` is for the log; `write` adds counts to what is stored."""
        self.name, self.write = name, write
        self._lock = threading.Lock()
        self._pending: Counter[Key] = Counter()

    def count(self, key: Key) -> None:
        with self._lock:
            self._pending[key] += 1
        if settings.VIEWS_WRITE_SECONDS:
            background.repeat(self.write_now, every=settings.VIEWS_WRITE_SECONDS)
        else:
            self.write_now()

    def write_now(self) -> None:
        """Writes what is pending. It stays for the next time while the database is unavailable."""
        with self._lock:
            taken, self._pending = self._pending, Counter()
        if not taken:
            return
        try:
            self.write(taken)
        except DatabaseError:
            logger.exception("%s could not be written yet", self.name)
            with self._lock:
                self._pending.update(taken)

    def forget(self) -> None:
        """Resets the state to that of a new process."""
        with self._lock:
            self._pending = Counter()
