"""초대 코드: creates them and enforces how often they can be used."""

import secrets
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.models import Invitation, Member, MemberSettings
from accounts.permissions import Refused, is_owner
from boardsite.limits.rate_limit import hit
from boardsite.text import normalize

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without the look-alikes 0 and O, 1, I and L
LENGTH = 13  # of 31 letters: 64 bits
GROUPS = (4, 8)  # positions of the dashes
ONCE_SECONDS = 86_400  # how long a submission is remembered


class InvitationGone(Exception):
    """The code has been used up in the meantime."""


@transaction.atomic
def make_invitation(
    *,
    maker: Member,
    note: str = "",
    uses: int = 1,
    expires_at: datetime | None = None,
    submission: uuid.UUID | None = None,
) -> Invitation | None:
    """A new code, or None when the form `submission` has already created one.

    Raises Refused when the member has created as many as the owner allows."""
    lock_members(maker.pk)
    if submission and not hit(f"invite:{maker.pk}:{submission.hex}", 1, ONCE_SECONDS):
        return None
    if not is_owner(maker) and left_for(maker) < 1:
        raise Refused(_("초대 코드를 더 만들 수 없습니다."))
    return Invitation.objects.create(
        code=new_code(), maker=maker, note=note, uses=uses, expires_at=expires_at
    )


def left_for(maker: Member) -> int:
    """How many codes a member may still create."""
    allowed = MemberSettings.known().invitations_per_member
    return max(0, allowed - Invitation.objects.filter(maker=maker).count())


def find_invitation(code: str) -> Invitation | None:
    """The usable invitation for a typed `code`.

    None while its maker is suspended, because they must not come back under another name with their
    own code."""
    invitation = Invitation.objects.filter(code=clean_code(code)).select_related("maker").first()
    if invitation is None or not invitation.is_usable:
        return None
    return None if invitation.maker and invitation.maker.is_locked_out else invitation


@transaction.atomic
def use_invitation(*, invitation: Invitation, member: Member | None) -> None:
    """Records that `member` joined with it. Raises InvitationGone; then the caller must roll back
    the member.

    `member` is None when the address belongs to a member already. The code is used up all the same:
    otherwise one code could be tried with many addresses and would reveal which of them have an
    account."""
    usable = Invitation.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        pk=invitation.pk,
        used_count__lt=F("uses"),
    )
    if not usable.update(used_count=F("used_count") + 1):
        raise InvitationGone
    if member is None:
        return
    member.invitation = invitation
    member.save(update_fields=["invitation"])


def new_code() -> str:
    return clean_code("".join(secrets.choice(LETTERS) for _place in range(LENGTH)))


def clean_code(code: str) -> str:
    """The stored form: capital letters in three groups (7K3M-QXWA-29HTB)."""
    folded = normalize("NFKC", code).upper()
    letters = "".join(letter for letter in folded if letter.isalnum())[: LENGTH + 1]
    first, second = GROUPS
    return "-".join(filter(None, (letters[:first], letters[first:second], letters[second:])))
