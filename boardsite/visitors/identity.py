"""Identifies visitors without storing who they are.

A visitor is a number: a keyed hash of address and agent under a salt that lives for one day of the
site's time zone (Seoul). After that day the salt is deleted, and nobody, not even the owner, can
tell which address a number stood for. Addresses are neither stored nor logged."""

import hmac
import secrets
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from boardsite.databases.optional_writes import write_if_free
from boardsite.models import DaySalt
from boardsite.visitors.addresses import network, plain_address
from boardsite.visitors.user_agents import MAX_LENGTH, is_robot

# A browser that prefetches a page says so in one of these headers. (Names as in META: every request
# is checked, and request.headers would take longer than all of the checks.)
FETCHED_AHEAD_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
FETCHED_AHEAD = ("prefetch", "prerender", "preview")

# Set for visitors whom the site recognises or has a message for.
OWN_COOKIES = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}

WIDER = "~"
"""Separates the parts of a key that is also counted for each of its beginnings
(boardsite.limits.rate_limit)."""

# The salts of the two latest days, cached in this process.
_salts: dict[date, bytes] = {}
# Salts that could not be stored yet.
_made: dict[date, bytes] = {}


def today() -> date:
    """The current day in the site's time zone, whatever the visitor's zone is."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def now_here() -> datetime:
    """The current time in the site's time zone."""
    return timezone.localtime(timezone=timezone.get_default_timezone())


def client_address(request: HttpRequest) -> str:
    """The client's address in its normalised spelling, '' when there is none (a Unix socket).

    Behind a proxy the server has already set it (TRUSTED_PROXY). X-Forwarded-For is not read here,
    because anybody can send it."""
    return plain_address(request.META.get("REMOTE_ADDR", ""))


def user_agent(request: HttpRequest) -> str:
    """The User-Agent header: any text of any length."""
    return request.META.get("HTTP_USER_AGENT", "")


def is_person(request: HttpRequest) -> bool:
    """Whether a person opens this page: a browser's GET for a page, and not a prefetch.

    A picture in another page or a script's fetch does not count. Browsers older than 2023 do not
    send this information (Sec-Fetch-Dest)."""
    if request.method != "GET" or is_robot(user_agent(request)):
        return False
    if request.META.get("HTTP_SEC_FETCH_DEST", "document") != "document":
        return False
    return not is_prefetch(request)


def is_prefetch(request: HttpRequest) -> bool:
    """Whether the browser fetches it before anybody has asked for it."""
    for name in FETCHED_AHEAD_HEADERS:
        if name in request.META:
            purpose = request.META[name].lower()
            if any(word in purpose for word in FETCHED_AHEAD):
                return True
    return False


def is_cacheable(request: HttpRequest) -> bool:
    """Whether the response may come from the page cache: a GET or HEAD of an anonymous visitor without a
    session and without a pending message.

    Members have a session; so has a guest who has written or unlocked something. Only cacheable requests
    may be answered with what was made for another visitor, or from a replica that lags.
    """
    return request.method in ("GET", "HEAD") and OWN_COOKIES.isdisjoint(request.COOKIES)


def visitor_key(request: HttpRequest, day: date | None = None) -> int:
    """The visitor's number on that day (default: today), 0 ≤ key < 2**63.

    A member is the same visitor on every device; an anonymous visitor is an address with an agent.
    Someone who logs in during a visit counts as two visitors."""
    day = day or today()
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        digest = keyed_hash(day, "member", str(user.pk))
        return int.from_bytes(digest[:8], "big") >> 1
    return guest_key(request, day)


def guest_key(request: HttpRequest, day: date) -> int:
    """The number on `day` of the visitor as long as they are not logged in. Computed once per
    request."""
    known = getattr(request, "_guest_key", None)
    if known is None or known[0] != day:
        agent = user_agent(request)[:MAX_LENGTH]
        digest = keyed_hash(day, "guest", network(client_address(request)), agent)
        known = day, int.from_bytes(digest[:8], "big") >> 1
        request._guest_key = known  # type: ignore[attr-defined] # kept with the request
    return known[1]


def address_key(request: HttpRequest) -> str:
    """The anonymous visitor's key for boardsite.limits.rate_limit: 32 characters that change each
    day. It does not depend on the agent, which can be varied at will.

    For an IPv6 address it is three hashes joined by WIDER: of its /48, its /56 and its /64. A
    customer with a /56, as most providers assign it, would otherwise be 256 visitors."""
    address = client_address(request)
    if ":" not in address:
        return keyed_hash(today(), "address", address).hex()[:32]
    return WIDER.join(
        keyed_hash(today(), "address", network(address, bits)).hex()[:10] for bits in (48, 56, 64)
    )


def keyed_hash(day: date, *parts: str) -> bytes:
    """32 bytes that reveal nothing about `parts` once the salt of `day` is deleted."""
    return hmac.digest(day_salt(day), "\0".join(parts).encode(), "sha256")


def day_salt(day: date) -> bytes:
    """The 32 bytes that all processes share on `day`. The first request creates them and deletes
    the salts of earlier days. While nothing can be written, each process uses its own, and the
    first one that is stored becomes that of all."""
    if salt := _salts.get(day):
        return salt
    database = router.db_for_write(DaySalt)
    salts = DaySalt.objects.using(database)
    stored = salts.filter(day=day).values_list("salt", flat=True).first()
    if stored is None:
        made = _made.setdefault(day, secrets.token_bytes(32))
        if not write_if_free(partial(_store_salt, salts, day, made)):
            return made
        stored = salts.values_list("salt", flat=True).get(day=day)
        _made.clear()
    salt = bytes(stored)
    # Only after the commit: after a rollback the other processes would create another salt.
    transaction.on_commit(lambda: _remember(day, salt), using=database)
    return salt


def _store_salt(salts: QuerySet[DaySalt], day: date, salt: bytes) -> None:
    # Two processes may both get here: one row remains, and both read it.
    salts.bulk_create([DaySalt(day=day, salt=salt)], ignore_conflicts=True)
    salts.filter(day__lt=day).delete()


def forget_old_salts() -> None:
    """Deletes the salts of past days, for days without any visitor."""
    DaySalt.objects.filter(day__lt=today()).delete()


def _remember(day: date, salt: bytes) -> None:
    """Yesterday's salt stays in memory until the next day: a request that began before midnight
    must not create a second salt for its day, under which its visitor would be counted twice."""
    _salts[day] = salt
    for past in sorted(_salts)[:-2]:
        _salts.pop(past, None)  # another thread may have removed it
