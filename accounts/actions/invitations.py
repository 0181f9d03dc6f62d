"""초대 코드: made, and used exactly as often as they say."""

import secrets
import unicodedata
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.models import Invitation, Member, MemberSettings
from accounts.permissions import Refused, is_owner
from boardsite.ratelimit import hit

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 and O, 1, I and L
LENGTH = 13  # of 31 letters: 64 bits
GROUPS = (4, 8)  # where the dashes are
ONCE_SECONDS = 86_400  # how long a form that was sent is remembered


class InvitationGone(Exception):
    """Somebody else has just used the code up."""


@transaction.atomic
def make_invitation(
    *,
    maker: Member,
    note: str = "",
    uses: int = 1,
    expires_at: datetime | None = None,
    submission: uuid.UUID | None = None,
) -> Invitation | None:
    """A new code; None when the form `submission` has brought one already.

    Raises Refused for a member who has made as many as the owner lets him.
    """
    lock_members(maker.pk)
    if submission and not hit(f"invite:{maker.pk}:{submission.hex}", 1, ONCE_SECONDS):
        return None
    if not is_owner(maker) and left_for(maker) < 1:
        raise Refused(_("초대 코드를 더 만들 수 없습니다."))
    return Invitation.objects.create(
        code=new_code(), maker=maker, note=note, uses=uses, expires_at=expires_at
    )


def left_for(maker: Member) -> int:
    """How many codes a member may still make."""
    allowed = MemberSettings.known().invitations_per_member
    return max(0, allowed - Invitation.objects.filter(maker=maker).count())


def find_invitation(code: str) -> Invitation | None:
    """The usable invitation that somebody means by `code`, as he typed it.

    None while its maker is shut out: he must not come back by his own code under another name.
    """
    invitation = Invitation.objects.filter(code=clean_code(code)).select_related("maker").first()
    if invitation is None or not invitation.is_usable:
        return None
    return None if invitation.maker and invitation.maker.is_shut_out else invitation


@transaction.atomic
def use_invitation(*, invitation: Invitation, member: Member) -> None:
    """Counts `member` as joined by it; raises InvitationGone, and then he must not be kept."""
    usable = Invitation.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        pk=invitation.pk,
        used_count__lt=F("uses"),
    )
    if not usable.update(used_count=F("used_count") + 1):
        raise InvitationGone
    member.invitation = invitation
    member.save(update_fields=["invitation"])


def new_code() -> str:
    return clean_code("".join(secrets.choice(LETTERS) for _place in range(LENGTH)))


def clean_code(code: str) -> str:
    """As it is kept: large letters in three groups (7K3M-QXWA-29HTB)."""
    folded = unicodedata.normalize("NFKC", code).upper()
    letters = "".join(letter for letter in folded if letter.isalnum())[: LENGTH + 1]
    first, second = GROUPS
    return "-".join(filter(None, (letters[:first], letters[first:second], letters[second:])))
