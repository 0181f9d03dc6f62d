"""The admin pages of people, one file per noun; Django discovers them here."""

from accounts.admin.address_blocks import AddressBlockAdmin
from accounts.admin.addresses import AddressLookAdmin
from accounts.admin.email_addresses import EmailAddressAdmin
from accounts.admin.invitations import InvitationAdmin
from accounts.admin.legal_texts import LegalTextAdmin, MarketingConsentAdmin
from accounts.admin.mailings import BounceAdmin, MailingAdmin
from accounts.admin.members import MemberAdmin
from accounts.admin.messages import ReportedMessageAdmin
from accounts.admin.points import LevelRuleAdmin, PointEntryAdmin, PointSettingsAdmin
from accounts.admin.second_factors import AuthenticatorAdmin
from accounts.admin.settings import MemberSettingsAdmin
from accounts.admin.social import SocialAppAdmin
