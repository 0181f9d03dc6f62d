"""Mails that go out while the visitor already reads the next page.

A mail server takes its time. Who had to wait for it could tell by the clock which addresses are
known here (attack case 7), and it would hold one of the few threads that serve everybody.
"""

import logging
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)


def send_later(message: EmailMessage, what: str) -> None:
    """Sends `message` once, from a thread of its own; `what` names it in the log when that fails.

    Everything that asks the database must have been asked.
    """
    if settings.MAILS_IN_BACKGROUND:
        # No daemon, as the server's own threads are: a process that ends waits for it.
        Thread(target=send_now, args=(message, what), name="mail", daemon=False).start()
    else:
        send_now(message, what)


def send_now(message: EmailMessage, what: str) -> bool:
    """Sends `message`; whether the server took it. What went wrong is logged, not raised: the deed
    that it tells of has happened all the same."""
    try:
        message.send()
    except Exception:  # nobody stands behind the thread to hear of it
        logger.exception("Could not send %s", what)
        return False
    return True
