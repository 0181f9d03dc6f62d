"""Fields that several models, or one model several times, have."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import GUEST_LEVEL, OWNER_LEVEL
from boardsite.typing import StrOrPromise

LONGEST_TEXT = 100_000  # characters; the highest minimum length that a board may set


def level_field(
    label: StrOrPromise, default: int, help_text: StrOrPromise = ""
) -> models.PositiveSmallIntegerField:
    """The lowest level that may do something, from 1 (guests) to 10."""
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        help_text=help_text,
        validators=[MinValueValidator(GUEST_LEVEL), MaxValueValidator(OWNER_LEVEL)],
    )


def points_field(label: StrOrPromise) -> models.SmallIntegerField:
    """Points that an action gives or, below 0, costs; 0 for neither."""
    return models.SmallIntegerField(label, default=0, help_text=_("마이너스는 포인트가 듭니다."))


def length_field(label: StrOrPromise) -> models.PositiveIntegerField:
    """A minimum or maximum number of characters; 0 for no limit."""
    return models.PositiveIntegerField(
        label,
        default=0,
        db_default=0,
        validators=[MaxValueValidator(LONGEST_TEXT)],
        help_text=_("0은 제한 없음."),
    )
