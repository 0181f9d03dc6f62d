"""Django's way to send mails, over the site's server (boardsite.mail.servers)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import console, smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from boardsite.mail.servers import Server, current_sender, current_server


def new_connection() -> BaseEmailBackend:
    """A connection to the site's mail server, which opens with the first mail. Django's function for
    it is deprecated in the newest version."""
    connection: BaseEmailBackend = import_string(settings.EMAIL_BACKEND)()
    return connection


class NotSetUp(OSError):
    """The site has no mail server."""


class SiteBackend(smtp.EmailBackend):
    """Reads the settings when it is created, because the thread that sends has no database
    (accounts.mails.outgoing). Each wait for the server ends after EMAIL_TIMEOUT.

    Without a server it raises NotSetUp, and prints mails only while developing: they contain links
    that log in."""

    def __init__(
        self, *, server: Server | None = None, fail_silently: bool = False, **_options: Any
    ):
        self.server = server or current_server()
        self.sender = current_sender()
        found = self.server or Server("", 0, "none")
        super().__init__(
            host=found.host,
            port=found.port,
            username=found.user,
            password=found.password,
            use_tls=found.security == "starttls",
            use_ssl=found.security == "tls",
            timeout=settings.EMAIL_TIMEOUT,
            fail_silently=fail_silently,
            alias="default",  # of newer versions: takes no EMAIL_… settings
        )
        self.host = found.host  # Django takes its own setting in place of ""

    def open(self) -> bool | None:
        if not self.host:
            if settings.DEBUG:
                return None
            raise NotSetUp("No mail server is set up")
        return super().open()

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            if message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = self.sender
        if not self.host and settings.DEBUG:
            return console.EmailBackend(alias="default").send_messages(messages) or 0
        if not self.host:
            raise NotSetUp("No mail server is set up")
        return super().send_messages(list(messages)) or 0
