"""What a visitor is worth anywhere on the site; what he may do in a board is boards.permissions."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, OWNER_LEVEL, Member

Visitor = Member | AnonymousUser


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
