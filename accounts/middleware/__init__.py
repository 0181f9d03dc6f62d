"""What happens around every request for the sake of members, one file a noun."""

from accounts.middleware.address_blocks import ShutOutAddresses
from accounts.middleware.consents import AskConsents
from accounts.middleware.devices import KnowDevice
from accounts.middleware.points import GreetFirstVisit
from accounts.middleware.sites import OwnSiteInTemplates
from accounts.middleware.visitors import PlainUser

__all__ = [
    "AskConsents",
    "GreetFirstVisit",
    "KnowDevice",
    "OwnSiteInTemplates",
    "PlainUser",
    "ShutOutAddresses",
]
