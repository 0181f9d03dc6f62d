"""Titles of members' pages for other users (boardsite.places). Neither the owner of a private page
nor what they do there is revealed."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from boardsite.places import Place, namer, words_of

OWN = frozenset("messages notifications points".split())
OWN_ACCOUNT = frozenset(
    "profile consents leave return invitations email sessions blocks export 2fa 3rdparty"
    " reauthenticate logout".split()
)
JOINING = frozenset("signup confirm-email".split())


@namer
def name_pages(paths: Collection[str], _user: Visitor) -> dict[str, Place]:
    return {path: place for path in paths if (place := _place(words_of(path)))}


def own_page() -> Place:
    """Any of the private pages that every member has."""
    return Place(_("마이페이지"))


def _place(words: list[str]) -> Place | None:
    match words:
        case ["accounts", "login" | "password", *_rest]:
            return Place(_("로그인"), "/accounts/login/")
        case ["accounts", word, *_rest] if word in JOINING:
            return Place(_("회원가입"), "/accounts/signup/")
        case ["accounts", word, *_rest] if word in OWN_ACCOUNT:
            return own_page()
        case [word, *_rest] if word in OWN:
            return own_page()
        case ["members", *_rest]:
            return Place(_("회원 프로필"))
        case ["ranking"]:
            return Place(_("포인트 순위"), "/ranking/")
        case ["terms", *_rest]:
            return Place(_("회원가입약관"), "/terms/")
        case ["privacy", "consent", *_rest]:
            return Place(_("개인정보 수집 및 이용"), "/privacy/consent/")
        case ["privacy", *_rest]:
            return Place(_("개인정보 처리방침"), "/privacy/")
    return None
