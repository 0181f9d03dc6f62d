"""People and what belongs to them, one file a noun."""

from accounts.models.devices import Device, MemberSession
from accounts.models.joining import (
    Consent,
    Invitation,
    LegalText,
    MemberSettings,
    NicknameChange,
)
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
from accounts.models.record import MemberEvent, MemberNote
from accounts.models.shutting_out import AddressBlock, RetiredName, ShutOutMail

__all__ = [
    "GUEST_LEVEL",
    "MEMBER_LEVEL",
    "OWNER_LEVEL",
    "AddressBlock",
    "Block",
    "Consent",
    "Device",
    "Invitation",
    "LegalText",
    "LevelRule",
    "Member",
    "MemberEvent",
    "MemberManager",
    "MemberNote",
    "MemberQuerySet",
    "MemberSession",
    "MemberSettings",
    "Message",
    "NicknameChange",
    "Notification",
    "NotificationChoice",
    "PointEntry",
    "PointSettings",
    "RetiredName",
    "ShutOutMail",
]
