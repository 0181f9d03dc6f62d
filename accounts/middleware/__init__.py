"""Middleware about members, one file per noun."""

from accounts.middleware.address_blocks import BlockAddresses
from accounts.middleware.consents import AskConsents
from accounts.middleware.devices import RecordDevice
from accounts.middleware.points import RewardFirstVisit
from accounts.middleware.sites import OwnSiteInTemplates
from accounts.middleware.suspended_forms import SuspendShortForms
from accounts.middleware.visitors import PlainUser
