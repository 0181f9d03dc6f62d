"""System checks for the settings of boards."""

import re

from django.conf import settings
from django.core.checks import Error

HUB = re.compile(r"https?://[^\s/@<>\"]+(?:/[^\s<>\"]*)?")


def check_hub(**options) -> list[Error]:
    """WEBSUB_HUB is empty or an http(s) address. Hosts in a private network are allowed."""
    hub = settings.WEBSUB_HUB
    if not hub or HUB.fullmatch(hub):
        return []
    return [Error(f"WEBSUB_HUB={hub}: not the address of a hub", id="boards.E001")]
