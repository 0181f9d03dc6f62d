"""Sends mails in the background while the visitor already sees the next page.

A mail server is slow. A visitor who had to wait for it could measure which addresses are known here
(attack case 7), and would occupy one of the few threads that serve requests."""

import logging
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from boardsite.mail.backend import NotSetUp, new_connection
from boardsite.scheduling.chores import words_of

logger = logging.getLogger(__name__)


def send_later(message: EmailMessage, what: str) -> None:
    """Sends `message` once, in a thread of its own; `what` names it in the log when that fails.

    The thread must not need the database, so everything is queried before, the mail server too."""
    args = message, what, new_connection()
    if settings.MAILS_IN_BACKGROUND:
        # Unlike the server's threads it is no daemon, so a process that ends waits for it.
        Thread(target=send_now, args=args, name="mail", daemon=False).start()
    else:
        send_now(*args)


def send_now(message: EmailMessage, what: str, connection: BaseEmailBackend | None = None) -> bool:
    """Sends `message`. Returns whether the server accepted it. Errors are logged, not raised: the
    action behind the mail has happened all the same."""
    try:
        (connection or new_connection()).send_messages([message])
    except NotSetUp:  # the dashboard says so
        logger.warning("There is no mail server to send %s", what)
        return False
    except Exception as error:  # no caller could handle it in this thread
        words = words_of(error)  # a traceback would name the address
        logger.error("Could not send %s: %s", what, words)
        return False
    return True
