"""A service beside the primary database that does not answer: it is left alone for some seconds."""

import logging
import threading
import time

logger = logging.getLogger(__name__)


class Outage:
    """Whether `what` is away, as this process knows it.

    Ask `may_ask` first, and tell how it went: `begin` after a failure, `end` after an answer. While
    it is away one request in `seconds` asks it, and the others go on without: nobody else waits, and
    a service that comes back is not met by all at once. Begin and end are logged, each once.
    """

    def __init__(self, what: str, *, seconds: float):
        self.what, self.seconds = what, seconds
        self.is_on = False
        self._until = 0.0
        self._lock = threading.Lock()

    def may_ask(self) -> bool:
        if not self.is_on:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._until:
                return False
            self._until = now + self.seconds
        return True

    def begin(self, why: object) -> None:
        with self._lock:
            is_new, self.is_on = not self.is_on, True
            self._until = time.monotonic() + self.seconds
        if is_new:
            logger.error("%s is away, the site goes on without: %s", self.what, why)

    def end(self) -> None:
        if not self.is_on:
            return
        with self._lock:
            was_on, self.is_on = self.is_on, False
        if was_on:
            logger.warning("%s is back", self.what)
