"""A member's log-ins as the session store knows them. Any engine that has session keys will do."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY

from accounts.models import MemberSession

MARK = "member_session"
"""In a session: [key of its MemberSession, its own key then, the day on which that row was touched]."""


def current_of(request) -> int | None:
    """The key of the MemberSession that this request belongs to."""
    mark = request.session.get(MARK)
    return mark[0] if mark else None


def is_open(session: MemberSession) -> bool:
    """Whether somebody is still logged in by it: not run out, nor ended by a new password."""
    kept, member = _store(session).load(), session.member
    hashes = [member.get_session_auth_hash(), *member.get_session_auth_fallback_hash()]
    return kept.get(SESSION_KEY) == str(member.pk) and kept.get(HASH_SESSION_KEY) in hashes


def close(session: MemberSession) -> None:
    """That browser is a guest's from its next request on."""
    _store(session).delete()


def _store(session: MemberSession):
    return import_module(settings.SESSION_ENGINE).SessionStore(session.session_key)
