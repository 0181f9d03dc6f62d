"""People and what belongs to them, one file per noun."""

from accounts.models.addresses import AddressLook, AuthorAddress
from accounts.models.devices import Device, MemberSession
from accounts.models.joining import (
    Consent,
    Invitation,
    LegalText,
    MemberSettings,
    NicknameChange,
)
from accounts.models.mailings import Bounce, Delivery, Mailing, MailRefusal
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
