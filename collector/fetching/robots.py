"""Fetches and caches robots.txt for a day: what a site allows us to fetch, and how often (RFC
9309)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from protego import Protego

from collector.fetching.failures import FetchFailed
from collector.fetching.fetch import NAME, fetch
from collector.models import RobotsFile
from collector.reading.addresses import canonical

CACHE_TIME = timedelta(days=1)
"""A robots.txt is cached for this long."""
RETRY = timedelta(minutes=15)
"""A site whose robots.txt failed is asked again after this time."""
OLDEST = timedelta(days=30)
"""While robots.txt fails, the older copy is used for up to this time."""
UNUSED = timedelta(days=2)
"""Rows of sites that were not requested for this long are deleted: feeds can name any number of
sites."""
BYTES = 500 * 1024
"""The rest of a longer file is ignored; the standard requires at least this much."""
LONGEST_DELAY = 24 * 3600.0  # seconds; a longer delay is cut to this

_AGENT = re.compile(r"(\s*user[-\s]*agent\b[\s:]*)([^#]*)(.*)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_-]+|\*")


@dataclass(frozen=True)
class Rules:
    """The rules of one site for us. `delay`: seconds between two requests. `free_at`: time of the
    next request, from its row. `closed_because`: "" or a sentence that says why nothing may be
    fetched."""

    site: str
    delay: float
    free_at: datetime | None
    closed_because: str
    _protego: Protego

    def allow(self, address: str) -> bool:
        return not self.closed_because and self._protego.can_fetch(address, NAME)


def site_of(address: str) -> str:
    """`https://paper.example`: the scope of one robots.txt. "" for anything but an http(s)
    address."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return canonical(f"{parts.scheme}://{parts.netloc}/").rstrip("/")


def rules_of(site: str, now: datetime) -> Rules:
    """The rules of `site`; robots.txt is fetched again when it is a day old.

    Without a robots.txt everything is allowed. If it cannot be fetched, the older copy counts for
    OLDEST; after that, or without a copy, nothing is allowed. Raises FetchFailed if the guard
    refuses the site.
    """
    row = RobotsFile.objects.filter(site=site).first()
    if row is None or row.again_at <= now or row.again_at > now + UNUSED:
        row = _read(site, row, now)
    protego = Protego.parse(_about_us(row.text))
    return Rules(
        site=site,
        delay=_delay(protego),
        free_at=row.free_at,
        closed_because=row.closed_because,
        _protego=protego,
    )


def _read(site: str, older: RobotsFile | None, now: datetime) -> RobotsFile:
    """Fetches robots.txt into its row, and deletes rows that are no longer used."""
    values = {"read_at": now, "again_at": now + CACHE_TIME, "text": "", "closed_because": ""}
    try:
        fetched = fetch(f"{site}/robots.txt")
    except FetchFailed as failed:
        if failed.is_refused:
            raise
        if failed.status is None:
            values = _unread(older, now, str(failed))
        # Any other status, or a redirect loop, means that there is no robots.txt.
    else:
        if fetched.status == 200:
            values["text"] = _text(fetched.body)
        elif fetched.status == 429 or fetched.status >= 500:
            words = _("사이트가 robots.txt를 내주지 않아(HTTP %d) 무엇을 가져와도 되는지 모릅니다.")
            values = _unread(older, now, words % fetched.status)
            if fetched.retry_after:
                values["again_at"] = now + max(timedelta(seconds=fetched.retry_after), RETRY)
    RobotsFile.objects.filter(again_at__lt=now - UNUSED).exclude(site=site).delete()
    return RobotsFile.objects.update_or_create(site=site, defaults=values)[0]


def _unread(older: RobotsFile | None, now: datetime, words: str) -> dict[str, object]:
    if older and not older.closed_because and now - older.read_at <= OLDEST:
        return {"again_at": now + RETRY}
    return {"again_at": now + RETRY, "text": "", "closed_because": words[:300]}


def _text(body: bytes) -> str:
    return body[:BYTES].decode("utf-8-sig", "replace").replace("\0", "")


def _about_us(text: str) -> str:
    """Replaces the names of all other robots in `text` by one.

    As the standard says, names consist of letters, `-` and `_`, and are compared as a whole.
    Protego copies each rule for each name of its group, so thousands of both would fill the memory.
    """
    return "\n".join(_AGENT.sub(_renamed, line, count=1) for line in text.splitlines())


def _renamed(line: re.Match) -> str:
    found = _WORD.match(line[2].strip())
    name = found[0].lower() if found else ""
    return line[1] + (name if name in ("*", NAME.lower()) else "others") + line[3]


def _delay(protego: Protego) -> float:
    """Its Crawl-delay or its Request-rate, whichever is longer; 0 without either."""
    rate = protego.request_rate(NAME)
    between = min(rate.seconds, LONGEST_DELAY) / rate.requests if rate else 0.0
    return min(max(protego.crawl_delay(NAME) or 0.0, between), LONGEST_DELAY)
