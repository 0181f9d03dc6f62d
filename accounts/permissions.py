"""Permissions of a visitor on the whole site; boards.permissions has those in a board."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, OWNER_LEVEL, Block, Member
from accounts.roles import GIVE, STAFF, rights_of_roles
from boardsite.typing import StrOrPromise

Visitor = Member | AnonymousUser
SUSPEND = "accounts.suspend_member"
VIEW_ADDRESSES = "accounts.view_addresses"


class MemberRequest(HttpRequest):
    """A request behind `login_required`."""

    user: Member


class Audience(models.TextChoices):
    """Whom a board is for, besides levels. settings.AUDIENCE_CHECK decides who belongs to it."""

    EVERYBODY = "everybody", _("누구나")
    CERTIFIED = "certified", _("본인 확인을 한 회원")
    ADULT = "adult", _("성인 확인을 한 회원")


class Refused(PermissionDenied):
    """A refusal with a Korean sentence as its reason; answered with 403.

    `back` is where an anonymous visitor continues after log-in, when the current address only
    accepts a form."""

    def __init__(self, sentence: StrOrPromise, *, back: str = ""):
        super().__init__(sentence)
        self.back = back


class SuspendedVisitor(AnonymousUser):
    """A suspended member in an open session: an anonymous visitor who sees why they cannot write,
    and who cannot write as a guest either."""

    def __init__(self, member: Member):
        super().__init__()
        self._suspended = member

    def get_session_auth_hash(self) -> str:
        """Compared with the session's hash, as a member's is, so that a new password ends the
        session."""
        return self._suspended.get_session_auth_hash()

    def get_session_auth_fallback_hash(self) -> Iterable[str]:
        return self._suspended.get_session_auth_fallback_hash()

    @property
    def refusal_to_write(self) -> str:
        """The reason: a sentence with the end and the cause of the suspension."""
        member = self._suspended
        if member.suspension_end is None:
            sentence = _t("이용이 기한 없이 정지되어 글과 댓글을 쓸 수 없습니다.")
        else:
            until = date_format(timezone.localtime(member.suspension_end), "Y년 n월 j일 H:i")
            sentence = _t("이용이 정지되어 %s까지 글과 댓글을 쓸 수 없습니다.") % until
        reason = member.suspension_reason
        return f"{sentence} {_t('사유: %s') % reason}" if reason else sentence


def level_of(visitor: Visitor) -> int:
    """1 for an anonymous visitor, the member's own level, 10 for the owner."""
    if not visitor.is_authenticated:
        return GUEST_LEVEL
    return OWNER_LEVEL if visitor.is_superuser else visitor.level


def is_owner(visitor: Visitor) -> bool:
    return visitor.is_authenticated and visitor.is_superuser


def may_view_addresses(visitor: Visitor) -> bool:
    """Whether `visitor` may look at the IP addresses of authors. Moderators of boards may not."""
    return visitor.is_authenticated and visitor.is_staff and visitor.has_perm(VIEW_ADDRESSES)


def may_suspend(visitor: Visitor, member: Member, *, is_known_warden: bool | None = None) -> bool:
    """Owners may suspend everybody except owners. 회원 담당 and members with Django's permission may
    suspend everybody except the staff.

    `is_known_warden` is a result of `is_warden`; without it the database is queried."""
    if not visitor.is_authenticated or member.pk == visitor.pk or member.is_superuser:
        return False
    if visitor.is_superuser:
        return True
    if member.is_staff:
        return False
    if visitor.has_role_right(SUSPEND):
        return True
    return visitor.has_perm(SUSPEND) if is_known_warden is None else is_known_warden


def may_give_role(giver: Visitor, key: str) -> bool:
    """Whether `giver` may give a role (a key of ROLES) and take it back: owners any, and 운영진 those
    that include no right that they themselves lack. Only owners make somebody 운영진."""
    if is_owner(giver):
        return True
    if not giver.is_authenticated or key == STAFF or not giver.has_role_right(GIVE):
        return False
    return rights_of_roles(key) <= giver.get_all_permissions()


def may_change_member(staff: Visitor, member: Member) -> bool:
    """Whether a member of the staff may edit `member` and set their password. Of people with rights
    over others, only owners may, and 운영진 those whose roles they could give: otherwise they
    could log in as somebody with more rights than their own."""
    if is_owner(staff) or member.pk == staff.pk:
        return True
    if member.is_superuser or not staff.is_authenticated:
        return False
    if not (member.is_staff or member.has_perm(SUSPEND)):
        return True
    return (
        staff.has_role_right(GIVE)
        and all(may_give_role(staff, key) for key in member.role_keys)
        and member.get_all_permissions() <= staff.get_all_permissions()
    )


def is_warden(visitor: Visitor) -> models.Exists:
    """Whether an owner gave `visitor` the permission to suspend, as a part of a query that a page
    needs anyway."""
    return models.Exists(Member.objects.with_perm(SUSPEND).filter(pk=visitor.pk))


def belongs_to(visitor: Visitor, audience: str) -> bool:
    """Whether `visitor` belongs to an Audience; anonymous visitors belong to EVERYBODY only.

    The owner always belongs to it. For others settings.AUDIENCE_CHECK decides, once per request and
    audience; without it nobody is certified or adult."""
    if audience == Audience.EVERYBODY or is_owner(visitor):
        return True
    if not visitor.is_authenticated or not settings.AUDIENCE_CHECK:
        return False
    known = visitor.audiences
    if audience not in known:
        check = import_string(settings.AUDIENCE_CHECK)
        known[audience] = check(visitor, str(audience)) is True
    return known[audience]


def blocked_by(visitor: Visitor) -> frozenset[int]:
    """The ids of the members whom `visitor` has blocked. One query per request, and none for an
    anonymous visitor or for a member who is known to have blocked nobody (queries.members)."""
    if not visitor.is_authenticated or not getattr(visitor, "has_blocked", True):
        return frozenset()
    return visitor.blocked_ids


def unreached_by(sender: Member, receivers: Iterable[Member]) -> list[Member]:
    """Those of `receivers` to whom `sender` may write no 쪽지; one query.

    They have left, are suspended, are robots, accept none, or have blocked the sender; nobody
    learns which. The owner of the site reaches everybody who has not left."""
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
