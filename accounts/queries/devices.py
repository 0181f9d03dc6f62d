"""The browsers with which members have logged in before."""

import re
from hashlib import sha256

from accounts.models import Device, Member

DEVICE_COOKIE = "device"  # accounts.middleware.RecordDevice sets it
DEVICE_KEY = re.compile(r"[\w-]{43}", re.ASCII)
"""The cookie's value: 256 random bits."""


def hashed_key(device_key: str) -> str:
    """The cookie's value as the database stores it."""
    return sha256(device_key.encode()).hexdigest()


def known_device(member: Member, device_key: str) -> Device | None:
    """The browser with this cookie, if `member` has completed a log-in with it before."""
    if not DEVICE_KEY.fullmatch(device_key):
        return None
    return Device.objects.filter(member=member, key_hash=hashed_key(device_key)).first()
