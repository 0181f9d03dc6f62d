"""Connects a member's log-ins with the session store."""

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY

from accounts.models import MemberSession
from boardsite.sessions import SessionStore

MARK = "member_session"
"""In a session: [key of its MemberSession, key of the session's row at that time, day of the latest
touch]."""


def current_of(request) -> int | None:
    """The key of the MemberSession of this request."""
    mark = request.session.get(MARK)
    return mark[0] if mark else None


def is_open(session: MemberSession) -> bool:
    """Whether somebody is still logged in with it: it has neither expired nor been ended by a new
    password."""
    kept, member = SessionStore().load_row(session.session_key) or {}, session.member
    hashes = [member.get_session_auth_hash(), *member.get_session_auth_fallback_hash()]
    return kept.get(SESSION_KEY) == str(member.pk) and kept.get(HASH_SESSION_KEY) in hashes


def close(session: MemberSession) -> None:
    """That browser is logged out from its next request on."""
    SessionStore().delete_row(session.session_key)
