"""People and what belongs to them, one file a noun."""

from accounts.models.members import (
    GUEST_LEVEL,
    MEMBER_LEVEL,
    OWNER_LEVEL,
    Member,
    MemberManager,
    MemberQuerySet,
)
from accounts.models.messages import Block, Message
from accounts.models.notifications import Notification, NotificationChoice
from accounts.models.points import LevelRule, PointEntry, PointSettings

__all__ = [
    "GUEST_LEVEL",
    "MEMBER_LEVEL",
    "OWNER_LEVEL",
    "Block",
    "LevelRule",
    "Member",
    "MemberManager",
    "MemberQuerySet",
    "Message",
    "Notification",
    "NotificationChoice",
    "PointEntry",
    "PointSettings",
]
