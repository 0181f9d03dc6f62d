"""What a visitor is worth anywhere on the site; what he may do in a board is boards.permissions."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, OWNER_LEVEL, Block, Member
from boardsite.compiled import Compiled, Slot

Visitor = Member | AnonymousUser
SUSPEND = "accounts.suspend_member"


class Audience(models.TextChoices):
    """Whom a board is for, besides levels; who belongs to it, settings.AUDIENCE_CHECK says."""

    EVERYBODY = "everybody", _("누구나")
    CERTIFIED = "certified", _("본인 확인을 한 회원")
    ADULT = "adult", _("성인 확인을 한 회원")


class Refused(PermissionDenied):
    """A refusal with a Korean sentence that says why; answered with 403.

    `back`: where a guest comes to after log-in, when the address itself only takes a form.
    """

    def __init__(self, sentence: str, *, back: str = ""):
        super().__init__(sentence)
        self.back = back


def level_of(visitor: Visitor) -> int:
    """1 for a guest, the member's own level, 10 for the owner."""
    if not visitor.is_authenticated:
        return GUEST_LEVEL
    return OWNER_LEVEL if visitor.is_superuser else visitor.level


def is_owner(visitor: Visitor) -> bool:
    return visitor.is_authenticated and visitor.is_superuser


def may_suspend(visitor: Visitor, member: Member, *, is_known_warden: bool | None = None) -> bool:
    """Owners may shut out all but owners; to whom an owner gave the right, all but the staff too.

    `is_known_warden`: what `is_warden` has said; without it the database is asked.
    """
    if not visitor.is_authenticated or member.pk == visitor.pk or member.is_superuser:
        return False
    if visitor.is_superuser:
        return True
    if member.is_staff:
        return False
    return visitor.has_perm(SUSPEND) if is_known_warden is None else is_known_warden


def is_warden(visitor: Visitor) -> models.Exists:
    """Whether an owner gave `visitor` the right to suspend: to be asked as a part of a query that a
    page needs anyway."""
    return models.Exists(Member.objects.with_perm(SUSPEND).filter(pk=visitor.pk))


def belongs_to(visitor: Visitor, audience: str) -> bool:
    """Whether `visitor` is one of those whom an Audience names; guests are of EVERYBODY alone.

    The owner always is. Of anybody else settings.AUDIENCE_CHECK is asked, once a request and
    audience; where it is not set, nobody is certified or adult.
    """
    if audience == Audience.EVERYBODY or is_owner(visitor):
        return True
    if not visitor.is_authenticated or not settings.AUDIENCE_CHECK:
        return False
    if not hasattr(visitor, "_audiences"):
        visitor._audiences = {}
    known = visitor._audiences
    if audience not in known:
        check = import_string(settings.AUDIENCE_CHECK)
        known[audience] = check(visitor, str(audience)) is True
    return known[audience]


def blocked_by(visitor: Visitor) -> frozenset[int]:
    """The ids of those whom `visitor` has blocked; one query a request, none for a guest or for a
    member of whom it is known that there are none (queries.members).

    Never the owner's: whom one blocked before he owned the site is heard again.
    """
    if not visitor.is_authenticated or not getattr(visitor, "has_blocked", True):
        return frozenset()
    if not hasattr(visitor, "_blocked"):
        visitor._blocked = frozenset(block.blocked_id for block in _blocks(member=visitor.pk))
    return visitor._blocked


def _blocks_of_member() -> models.QuerySet[Block]:
    member = Slot("member", models.BigAutoField())
    return Block.objects.filter(member_id=member, blocked__is_superuser=False).only("blocked")


_blocks = Compiled(_blocks_of_member, by_key=True)


def unreached_by(sender: Member, receivers: Iterable[Member]) -> list[Member]:
    """Those of `receivers` to whom `sender` may write no 쪽지; one query.

    They have left, are shut out, are no people, take none, or have blocked him: which of these it
    is, nobody is told. The owner of the site reaches all who are still there.
    """
    receivers = list(receivers)
    if is_owner(sender):
        return [receiver for receiver in receivers if not receiver.is_here]
    deaf = set(
        Block.objects.filter(member__in=receivers, blocked=sender).values_list("member", flat=True)
    )
    return [
        receiver
        for receiver in receivers
        if not (receiver.is_here and receiver.takes_messages)
        or receiver.is_suspended
        or receiver.is_robot
        or receiver.pk in deaf
    ]
