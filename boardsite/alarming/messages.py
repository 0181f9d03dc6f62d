"""What is sent about alarms, and how it reads in one text for all channels."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

LENGTH = 1900
"""Characters of a text for chats; Discord takes 2,000."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An alarm that has begun, or is over."""

    text: str
    address: str = ""
    is_wrong: bool = True
    is_over: bool = False

    @property
    def line(self) -> str:
        if self.is_over:
            return _("해결됨: %s") % self.text
        return (_("문제: %s") if self.is_wrong else _("할 일: %s")) % self.text

    @property
    def full_address(self) -> str:
        is_here = self.address.startswith("/")
        return f"{settings.SITE_URL}{self.address}" if is_here else self.address


def subject_of(notices: Sequence[Notice]) -> str:
    """The first line, and how many more there are. In one line, and not too long for a mail."""
    more = len(notices) - 1
    line = " ".join(notices[0].line.split())[:120]
    return _("%(line)s 외 %(more)s건") % {"line": line, "more": f"{more:,}"} if more else line


def text_of(notices: Sequence[Notice]) -> str:
    return "\n\n".join(
        f"{each.line}\n{each.full_address}" if each.address and not each.is_over else each.line
        for each in notices
    )


def payload_of(notices: Sequence[Notice]) -> dict:
    """For webhooks and commands. `text` is what Slack and Mattermost show, `content` what Discord
    does; `alarms` is for programs."""
    text = f"{settings.SITE_URL}\n{text_of(notices)}"[:LENGTH]
    return {
        "site": settings.SITE_URL,
        "text": text,
        "content": text,
        "alarms": [
            {
                "state": "resolved" if each.is_over else "firing",
                "problem": each.is_wrong,
                "text": each.text,
                "address": each.full_address,
            }
            for each in notices
        ],
    }
