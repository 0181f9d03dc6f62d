"""Opens pages of this site within this process, as a guest or as a member, and leaves no trace.

Requests go through every middleware. Whatever they write (the session, above all) is rolled back, and they
do not count as reading: they say that no page is being opened by a person.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpResponseServerError
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.utils.module_loading import import_string

from accounts.models import Member
from boardsite.scheduling.chores import words_of as words_of_error

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Browser:
    """Requests of one visitor."""

    def __init__(self, member: Member | None):
        site = urlsplit(settings.SITE_URL)
        self.client = Client(
            raise_request_exception=False,
            headers={"User-Agent": AGENT, "Sec-Fetch-Dest": "empty"},
            SERVER_NAME=site.hostname or "localhost",
            SERVER_PORT=str(site.port or (443 if site.scheme == "https" else 80)),
            REMOTE_ADDR="127.0.0.1",
        )
        self.is_secure = site.scheme == "https"
        # A guest is led to the log-in or refused, where the owner gets the page.
        self.opens = {200, 206} if member else {200, 206, 302, 403}
        if member is not None:
            self._enter(member)

    def get(self, address: str) -> HttpResponseBase:
        """The response; 500 with the exception as its text where the site fails."""
        try:
            response = self.client.get(address, secure=self.is_secure)
        except Exception as error:  # even the page of errors has failed
            return HttpResponseServerError(words_of_error(error))
        if response.status_code >= 500 and (found := getattr(response, "exc_info", None)):
            return HttpResponseServerError(words_of_error(found[1]))
        return response

    def _enter(self, member: Member) -> None:
        """A session, without what a log-in sets off: no record of it, no mail about a new device."""
        store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        session: SessionBase = store()
        session[SESSION_KEY] = str(member.pk)
        session[BACKEND_SESSION_KEY] = _backend()
        session[HASH_SESSION_KEY] = member.get_session_auth_hash()
        session.save()
        self.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""


@contextmanager
def browser_of(member: Member | None) -> Iterator[Browser]:
    """A transaction that is always rolled back: keep it short, because SQLite has one writer. Refusals are
    what is asked for, so they are not logged."""
    logger = logging.getLogger("django.request")
    was_silent, logger.disabled = logger.disabled, True
    try:
        with _own_caches(), transaction.atomic():
            yield Browser(member)
            transaction.set_rollback(True)
    finally:
        logger.disabled = was_silent


def _own_caches() -> override_settings:
    """What is cached in these transactions must not reach other processes. And pages are opened before the
    static files are collected, too."""
    local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "proof"}
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return override_settings(
        CACHES=dict.fromkeys(settings.CACHES, local),
        STORAGES={**settings.STORAGES, "staticfiles": static},
    )


def shown_status(response: HttpResponseBase) -> str:
    """The status, and of a failure why."""
    failed = response.status_code >= 500
    return f"{response.status_code} {words_of(response)}" if failed else str(response.status_code)


def words_of(response: HttpResponseBase) -> str:
    """The HTML of a page; "" for a file."""
    content = getattr(response, "content", b"")
    return content.decode("utf-8", "replace")


def _backend() -> str:
    return (
        BACKEND
        if BACKEND in settings.AUTHENTICATION_BACKENDS
        else settings.AUTHENTICATION_BACKENDS[0]
    )
