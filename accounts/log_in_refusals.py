"""Pages instead of a session for members who have left or are suspended.

Each stores in the session which member has just authenticated, for its buttons
(accounts.views.leaving)."""

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actions import leaving
from accounts.models import Member

RETURNING, SUSPENDED = "returning", "suspended"
RETURN_SECONDS = 10 * 60  # how long the buttons of these pages work


def show_leaver(request: HttpRequest, member: Member) -> HttpResponse:
    """For a member who has left: when they will be erased, and a button to return.

    Only for a visitor who has just authenticated as `member`; the session remembers it for
    RETURN_SECONDS."""
    request.session.flush()
    request.session[RETURNING] = _ticket(member, RETURNING)
    context = {"until": leaving.erased_after(member)}
    return render(request, "accounts/return_to_site.jinja", context, status=403)


def show_suspended(request: HttpRequest, member: Member) -> HttpResponse:
    """For a suspended member: until when, why, and how they can leave.

    They may ask for erasure at any time (개인정보 보호법 제36조, 제37조), and may take it back."""
    request.session.flush()
    has_left = member.left_at is not None
    purpose = RETURNING if has_left else SUSPENDED
    request.session[purpose] = _ticket(member, purpose)
    context = {
        "until": member.suspension_end,
        "reason": member.suspension_reason,
        "erased_after": leaving.erased_after(member),
    }
    return render(request, "accounts/suspended.jinja", context, status=403)


def _ticket(member: Member, purpose: str) -> str:
    """A token for the session of a visitor who has just authenticated; valid until the member
    changes."""
    return signing.dumps([member.pk, str(member.left_at)], salt=purpose)


def proved_member(request: HttpRequest, purpose: str) -> Member | None:
    """The member who authenticated within RETURN_SECONDS, or None."""
    try:
        ticket = request.session.get(purpose, "")
        pk, left_at = signing.loads(ticket, salt=purpose, max_age=RETURN_SECONDS)
    except signing.BadSignature:
        return None
    member = Member.objects.filter(pk=pk, is_active=True).first()
    return member if member and str(member.left_at) == left_at else None
