"""Sends requests to sites as their robots.txt allows, and not faster."""

import math
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collector.fetching.failures import FetchFailed, refused, too_many_redirects, too_slow
from collector.fetching.fetch import BODY_BYTES, LATER, REDIRECTS, SECONDS, Fetched, fetch
from collector.fetching.robots import Rules, rules_of, site_of
from collector.models import RobotsFile

LEAST = 1.0
"""Minimum seconds between two requests of a pass to the same site, whatever its robots.txt says."""
LONGEST_SLEEP = 60.0
"""Seconds. A pass does not wait longer for one request; the next pass continues."""
PATIENCE = 120.0
"""Seconds that a pass waits in all: it holds its source, and other sources wait for it."""
NEXT_PASS = 600
"""Seconds: value of `wait` that means the next pass. Sources are not visited sooner."""
NO_RESPONSE = 2 * SECONDS
"""Seconds without any response after which a pass gives a site up."""
NEVER = timedelta(days=2)
"""A longer delay in the database was written by a wrong clock and is ignored."""
ALL_RESPONSES = 300.0
"""Seconds that a pass waits for all responses together: a source whose articles are at a hundred
slow sites must not hold its collector for hours. The next pass continues."""
MOST_SITES = 60
"""Sites that one pass requests anything from; each needs its robots.txt first, which is cached."""


class Fetcher:
    """The requests of one pass: remembers when it last requested something from which site, and
    which sites must be left alone.

    Every request of the collector goes through it, except that for robots.txt. Do not use it within
    a transaction: it waits, and records in RobotsFile what other passes must respect.
    """

    def __init__(
        self,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = timezone.now,
    ):
        self._sleep, self._now = sleep, now
        self._slept = 0.0
        self._rules: dict[str, Rules] = {}
        self._requested_at: dict[str, datetime] = {}
        self._response_time = 0.0  # seconds
        self._without_response: dict[str, float] = defaultdict(float)  # seconds
        self._left_alone: dict[str, int] = {}  # for the rest of the pass, because of this status

    def fetch(
        self, address: str, *, etag: str = "", last_modified: str = "", limit: int = BODY_BYTES
    ) -> Fetched:
        """Like fetch(), with the rules of the site checked at each redirect.

        Also raises FetchFailed if a robots.txt forbids the address or cannot be read, if the site
        asks for a longer delay than the pass has time (`wait` says how long), or if the site has
        answered 429 or 503, or repeatedly not at all, in this pass.
        """
        spent, last = 0.0, ""
        for _hop in range(REDIRECTS + 1):
            site = site_of(address)
            self._wait_for(site, address, least=LEAST if site != last else 0.0)
            begun = time.monotonic()
            try:
                fetched = fetch(
                    address, etag=etag, last_modified=last_modified, limit=limit, follow=False
                )
            except FetchFailed:
                self._without_response[site] += time.monotonic() - begun
                raise
            finally:
                self._response_time += time.monotonic() - begun
            spent += time.monotonic() - begun
            self._heed(site, fetched)
            if not 300 <= fetched.status < 400 or fetched.status == 304:
                return fetched
            if spent > SECONDS:
                raise too_slow(SECONDS)
            address, last = fetched.address, site
        raise too_many_redirects(fetched.status, REDIRECTS)

    def _wait_for(self, site: str, address: str, *, least: float) -> None:
        """Sleeps until `address` may be requested. Raises FetchFailed if it may not be."""
        if not site:
            raise refused()
        if site in self._left_alone:
            words = _("사이트가 요청을 받지 않는다고 해서(HTTP %d) 이번에는 더 묻지 않습니다.")
            raise FetchFailed(words % self._left_alone[site])
        if self._without_response[site] > NO_RESPONSE:
            raise FetchFailed(_("사이트가 거듭 대답하지 않아 이번에는 더 묻지 않습니다."))
        if self._response_time > ALL_RESPONSES:
            words = _("기사의 사이트들이 너무 느려 이번에는 더 묻지 않습니다.")
            raise FetchFailed(words, wait=NEXT_PASS)
        if site not in self._rules:
            self._rules[site] = self._rules_of(site)
        rules = self._rules[site]
        if rules.closed_because:
            raise FetchFailed(rules.closed_because)
        if not rules.allow(address):
            raise FetchFailed(_("사이트의 robots.txt가 이 주소를 가져가지 말라고 합니다."))
        now = self._now()
        soonest = now
        if site in self._requested_at:
            soonest = max(now, self._requested_at[site] + timedelta(seconds=least))
        if rules.delay or rules.free_at:
            soonest = self._take_turn(rules, now, soonest)
        self._sleep_until(soonest, now)
        self._requested_at[site] = self._now()

    def _rules_of(self, site: str) -> Rules:
        if len(self._rules) >= MOST_SITES:
            words = _("기사가 너무 많은 사이트에 흩어져 있어 이번에는 더 묻지 않습니다.")
            raise FetchFailed(words, wait=NEXT_PASS)
        begun = time.monotonic()
        try:
            return rules_of(site, self._now())
        finally:
            self._response_time += time.monotonic() - begun

    def _take_turn(self, rules: Rules, now: datetime, soonest: datetime) -> datetime:
        """Reserves the next free time at a site with a delay between requests, shared by all
        passes."""
        with transaction.atomic():
            row = RobotsFile.objects.select_for_update().get(site=rules.site)
            if row.free_at and row.free_at < now + NEVER:
                soonest = max(soonest, row.free_at)
            self._check_patience(soonest, now)
            if rules.delay:
                row.free_at = soonest + timedelta(seconds=rules.delay)
                row.save(update_fields=["free_at"])
        return soonest

    def _check_patience(self, soonest: datetime, now: datetime) -> None:
        wait = (soonest - now).total_seconds()
        if wait > min(LONGEST_SLEEP, PATIENCE - self._slept):
            words = _("사이트가 로봇에게 쉬었다 오라고 합니다(%d초 뒤). 다음 수집 때 이어 합니다.")
            raise FetchFailed(words % math.ceil(wait), wait=math.ceil(wait))

    def _sleep_until(self, soonest: datetime, now: datetime) -> None:
        self._check_patience(soonest, now)
        wait = (soonest - now).total_seconds()
        if wait > 0:
            self._slept += wait
            self._sleep(wait)

    def _heed(self, site: str, fetched: Fetched) -> None:
        """Leaves a site alone that answers 429 or 503. Its Retry-After applies to every pass."""
        self._without_response[site] = 0
        if fetched.status not in LATER:
            return
        self._left_alone[site] = fetched.status
        if fetched.retry_after:
            free_at = self._now() + timedelta(seconds=fetched.retry_after)
            RobotsFile.objects.filter(site=site).update(free_at=free_at)
