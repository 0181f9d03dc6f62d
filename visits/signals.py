"""Receives Django's signals of logging in and out: the visitor's number changes, so the old
presence ends.

It costs a write per log-in and log-out. Without it one person would be present twice for some
minutes, or still by name after logging out on somebody else's machine."""

import logging

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from boardsite.visitors.identity import guest_key, today, visitor_key
from boardsite.visitors.user_agents import is_robot
from visits.actions.presence import leave

logger = logging.getLogger(__name__)


def connect() -> None:
    """Called once, by AppConfig.ready."""
    user_logged_in.connect(_logged_in, dispatch_uid="visits")
    user_logged_out.connect(_logged_out, dispatch_uid="visits")


def _logged_in(*, request: HttpRequest | None, **_more) -> None:
    if request is not None:
        _go(request, guest_key)


def _logged_out(*, request: HttpRequest | None, user, **_more) -> None:
    if request is not None and user is not None:
        _go(request, visitor_key)


def _go(request: HttpRequest, key_of) -> None:
    if is_robot(request.headers.get("User-Agent", "")):
        return
    try:
        leave(key=key_of(request, today()), at=timezone.now())
    except Exception:
        # A name that stays for some minutes is better than a failed log-out.
        logger.exception("The end of a presence could not be stored")
