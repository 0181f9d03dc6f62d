"""What a visitor's first request of a day says, without anything that could identify them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from boardsite.visitors.user_agents import describe
from visits.pages import page_path
from visits.referrers import read_referrer


@dataclass(frozen=True)
class Arrival:
    """`at` is in the site's time zone; the rest are columns of DayVisitor."""

    at: datetime
    is_member: bool = False
    browser: str = ""
    system: str = ""
    device: str = ""
    channel: str = "direct"
    site: str = ""
    engine: str = ""
    words: str = ""
    landing: str = ""

    def fields(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "at"}


def arrival_of(request: HttpRequest, at: datetime) -> Arrival:
    agent = describe(request.headers.get("User-Agent", ""))
    referrer = read_referrer(request.headers.get("Referer", ""), own_host=request.get_host())
    return Arrival(
        at=at,
        is_member=request.user.is_authenticated,
        landing=page_path(request),
        **agent._asdict(),
        **referrer._asdict(),
    )
