"""The owner's desk for people, one file a noun; Django finds it here."""

from accounts.admin.address_blocks import AddressBlockAdmin
from accounts.admin.email_addresses import EmailAddressAdmin
from accounts.admin.invitations import InvitationAdmin
from accounts.admin.legal_texts import LegalTextAdmin, MarketingConsentAdmin
from accounts.admin.members import MemberAdmin
from accounts.admin.messages import ReportedMessageAdmin
from accounts.admin.points import LevelRuleAdmin, PointEntryAdmin, PointSettingsAdmin
from accounts.admin.second_factors import AuthenticatorAdmin
from accounts.admin.settings import MemberSettingsAdmin
from accounts.admin.social import SocialAppAdmin

__all__ = [
    "AddressBlockAdmin",
    "AuthenticatorAdmin",
    "EmailAddressAdmin",
    "InvitationAdmin",
    "LegalTextAdmin",
    "LevelRuleAdmin",
    "MarketingConsentAdmin",
    "MemberAdmin",
    "MemberSettingsAdmin",
    "PointEntryAdmin",
    "PointSettingsAdmin",
    "ReportedMessageAdmin",
    "SocialAppAdmin",
]
