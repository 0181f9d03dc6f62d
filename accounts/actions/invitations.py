"""초대 코드: made, and used exactly as often as they say."""

import secrets
import unicodedata
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.models import Invitation, Member, MemberSettings
from accounts.permissions import Refused, is_owner

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 and O, 1, I and L
LENGTH = 13  # of 31 letters: 64 bits
GROUPS = (4, 8)  # where the dashes are


class InvitationGone(Exception):
    """Somebody else has just used the code up."""


@transaction.atomic
def make_invitation(
    *, maker: Member, note: str = "", uses: int = 1, expires_at: datetime | None = None
) -> Invitation:
    """A new code. Raises Refused for a member who has made as many as the owner lets him."""
    lock_members(maker.pk)
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
    """The usable invitation that somebody means by `code`, as he typed it."""
    invitation = Invitation.objects.filter(code=clean_code(code)).first()
    return invitation if invitation and invitation.is_usable else None


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
