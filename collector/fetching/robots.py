"""What a site's robots.txt lets us fetch, and how often (RFC 9309). Kept for a day in its row."""

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

KEPT = timedelta(days=1)
"""So long what a site has said is believed without asking again."""
RETRY = timedelta(minutes=15)
"""So long a site that could not say it is not asked again."""
OLDEST = timedelta(days=30)
"""What a site has said is believed so long when it cannot say it again."""
UNASKED = timedelta(days=2)
"""A site that nobody has asked for so long is forgotten: strangers name as many as they like."""
BYTES = 500 * 1024
"""Of a longer file the rest is not read; the standard wants at least as much."""
LONGEST_DELAY = 24 * 3600.0  # seconds: more is not believed

_AGENT = re.compile(r"(\s*user[-\s]*agent\b[\s:]*)([^#]*)(.*)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_-]+|\*")


@dataclass(frozen=True)
class Rules:
    """What one site asks of us. `delay`: seconds from one request to the next. `free_at`: when it
    may be asked next, as its row had it. `closed_because`: "" or a sentence why nothing may be
    fetched."""

    site: str
    delay: float
    free_at: datetime | None
    closed_because: str
    _protego: Protego

    def allow(self, address: str) -> bool:
        return not self.closed_because and self._protego.can_fetch(address, NAME)


def site_of(address: str) -> str:
    """`https://paper.example`: what has one robots.txt. "" for what is no address of the web."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return canonical(f"{parts.scheme}://{parts.netloc}/").rstrip("/")


def rules_of(site: str, now: datetime) -> Rules:
    """What `site` asks of us, fetched anew when it is a day old.

    No robots.txt: all is allowed. One that cannot be had: the older copy counts, for OLDEST; after
    that, or without one, nothing is allowed. Raises FetchFailed where the guard refuses the site.
    """
    row = RobotsFile.objects.filter(site=site).first()
    if row is None or row.again_at <= now or row.again_at > now + UNASKED:
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
    """Its row anew; those of sites that nobody asks any more go."""
    values = {"read_at": now, "again_at": now + KEPT, "text": "", "closed_because": ""}
    try:
        fetched = fetch(f"{site}/robots.txt")
    except FetchFailed as failed:
        if failed.is_refused:
            raise
        if failed.status is None:
            values = _unread(older, now, str(failed))
        # Other answers than 200, also redirects without end: there is none.
    else:
        if fetched.status == 200:
            values["text"] = _text(fetched.body)
        elif fetched.status == 429 or fetched.status >= 500:
            words = _("사이트가 robots.txt를 내주지 않아(HTTP %d) 무엇을 가져와도 되는지 모릅니다.")
            values = _unread(older, now, words % fetched.status)
            if fetched.retry_after:
                values["again_at"] = now + max(timedelta(seconds=fetched.retry_after), RETRY)
    RobotsFile.objects.filter(again_at__lt=now - UNASKED).exclude(site=site).delete()
    return RobotsFile.objects.update_or_create(site=site, defaults=values)[0]


def _unread(older: RobotsFile | None, now: datetime, words: str) -> dict[str, object]:
    if older and not older.closed_because and now - older.read_at <= OLDEST:
        return {"again_at": now + RETRY}
    return {"again_at": now + RETRY, "text": "", "closed_because": words[:300]}


def _text(body: bytes) -> str:
    return body[:BYTES].decode("utf-8-sig", "replace").replace("\0", "")


def _about_us(text: str) -> str:
    """`text` with all other robots' names made one.

    Names are compared as the standard wants it: as far as they are letters, `-` and `_`, and whole.
    Protego copies each rule for each name of its group, so thousands of both would fill the memory.
    """
    return "\n".join(_AGENT.sub(_renamed, line, count=1) for line in text.splitlines())


def _renamed(line: re.Match) -> str:
    found = _WORD.match(line[2].strip())
    name = found[0].lower() if found else ""
    return line[1] + (name if name in ("*", NAME.lower()) else "others") + line[3]


def _delay(protego: Protego) -> float:
    """Its Crawl-delay or its Request-rate, whichever is longer; 0 for none."""
    rate = protego.request_rate(NAME)
    between = min(rate.seconds, LONGEST_DELAY) / rate.requests if rate else 0.0
    return min(max(protego.crawl_delay(NAME) or 0.0, between), LONGEST_DELAY)
