"""Django's PostgreSQL, whose connections are looked at before a request without a question.

Django asks each connection `SELECT 1` at the begin of each request, which takes as long as the question
that follows. A server that has ended, or has ended a connection, has said so: then there is something
to read on it, as there never is on one that waits. Only then it is asked. See docs/decisions/0036.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        return not self._has_news() or super().is_usable()

    def _has_news(self) -> bool:
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLPRI)
        return bool(poll.poll(0))  # errors and hang-ups are told unasked
