"""The owner's desk for people, one file a noun; Django finds it here."""

from accounts.admin.members import MemberAdmin
from accounts.admin.messages import ReportedMessageAdmin
from accounts.admin.points import LevelRuleAdmin, PointEntryAdmin, PointSettingsAdmin

__all__ = [
    "LevelRuleAdmin",
    "MemberAdmin",
    "PointEntryAdmin",
    "PointSettingsAdmin",
    "ReportedMessageAdmin",
]
