"""Who is asking, without keeping who it was.

A visitor is a number: a keyed hash of address and agent under a salt that lives for one day of the
site's time zone (Seoul). When the day is over the salt is deleted and nobody, the owner included,
can tell any longer which address a number stood for. Addresses are never stored or logged.
"""

import hmac
import secrets
from datetime import date, datetime
from ipaddress import ip_address

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import router, transaction
from django.http import HttpRequest
from django.utils import timezone

from boardsite.agents import MAX_LENGTH, is_robot
from boardsite.models import DaySalt

# A browser that loads a page ahead of its reader says so in one of these. (Names as in META: every
# request is asked, and request.headers would cost more than all of the questions.)
FETCHED_AHEAD_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
FETCHED_AHEAD = ("prefetch", "prerender", "preview")

# Set for those whom the site knows, or has something to tell.
OWN_COOKIES = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}

# The salts of the two latest days asked for, as this process knows them.
_salts: dict[date, bytes] = {}


def today() -> date:
    """The day it is in the site's time zone, whatever zone the reader has."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def now_here() -> datetime:
    """This moment in the site's time zone."""
    return timezone.localtime(timezone=timezone.get_default_timezone())


def client_address(request: HttpRequest) -> str:
    """The address at the other end, '' when there is none (a Unix socket).

    Behind a proxy the server has already put the client there (TRUSTED_PROXY), so X-Forwarded-For,
    which anybody can send, is not read.
    """
    return request.META.get("REMOTE_ADDR", "")


def user_agent(request: HttpRequest) -> str:
    """How the program at the other end calls itself; anything, of any length."""
    return request.META.get("HTTP_USER_AGENT", "")


def is_person(request: HttpRequest) -> bool:
    """Whether somebody opens this page: a GET by a browser, not ahead of time, and as a page.

    Not as a picture of another page, nor as a piece that a script fetches. Browsers older than 2023
    do not say which (Sec-Fetch-Dest).
    """
    if request.method != "GET" or is_robot(user_agent(request)):
        return False
    if request.META.get("HTTP_SEC_FETCH_DEST", "document") != "document":
        return False
    for name in FETCHED_AHEAD_HEADERS:
        if name in request.META:
            purpose = request.META[name].lower()
            if any(word in purpose for word in FETCHED_AHEAD):
                return False
    return True


def is_stranger(request: HttpRequest) -> bool:
    """Whether this asks for what every stranger gets: a GET or HEAD without any cookie that tells
    one visitor from another.

    Members have a session; so has a guest who has written, unlocked or been told something. Only
    strangers may be answered with what was made for another of them, or from a copy of the database
    that lags.
    """
    return request.method in ("GET", "HEAD") and OWN_COOKIES.isdisjoint(request.COOKIES)


def visitor_key(request: HttpRequest, day: date | None = None) -> int:
    """The visitor's number on that day (default: today), 0 ≤ key < 2**63.

    A member is the same visitor on every device; a guest is an address with an agent. Who logs in
    during a visit has been two visitors.
    """
    day = day or today()
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        digest = keyed_hash(day, "member", str(user.pk))
        return int.from_bytes(digest[:8], "big") >> 1
    return guest_key(request, day)


def guest_key(request: HttpRequest, day: date) -> int:
    """The number on `day` of who asks, as long as he is not logged in; made once a request."""
    known = getattr(request, "_guest_key", None)
    if known is None or known[0] != day:
        agent = user_agent(request)[:MAX_LENGTH]
        digest = keyed_hash(day, "guest", network(client_address(request)), agent)
        known = request._guest_key = day, int.from_bytes(digest[:8], "big") >> 1
    return known[1]


def address_key(request: HttpRequest) -> str:
    """The guest's address for boardsite.ratelimit: 32 hex digits that change each day. The agent
    plays no part, for it can be varied at will."""
    return keyed_hash(today(), "address", network(client_address(request))).hex()[:32]


def keyed_hash(day: date, *parts: str) -> bytes:
    """32 bytes that say nothing about `parts` once the salt of `day` is gone."""
    return hmac.digest(day_salt(day), "\0".join(parts).encode(), "sha256")


def network(address: str) -> str:
    """What one customer holds: an IPv4 address, or the /64 that his IPv6 addresses come from."""
    if ":" not in address:
        return address  # as it is, so that most requests need not have it read
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 6 and ip.ipv4_mapped is None:
        return f"{int(ip) >> 64:x}/64"
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def day_salt(day: date) -> bytes:
    """The 32 bytes that all processes share on `day`; whoever asks first makes them, and the
    salts of the days before are deleted."""
    if salt := _salts.get(day):
        return salt
    database = router.db_for_write(DaySalt)
    salts = DaySalt.objects.using(database)
    salt = salts.filter(day=day).values_list("salt", flat=True).first()
    if salt is None:
        # Two processes may both come here: one row stays, both read it.
        salts.bulk_create([DaySalt(day=day, salt=secrets.token_bytes(32))], ignore_conflicts=True)
        salt = salts.values_list("salt", flat=True).get(day=day)
        salts.filter(day__lt=day).delete()
    salt = bytes(salt)
    # Not before the row is there to stay: after a rollback the others would make another one.
    transaction.on_commit(lambda: _remember(day, salt), using=database)
    return salt


def forget_old_salts() -> None:
    """Delete the salts of past days also where nobody has come since."""
    DaySalt.objects.filter(day__lt=today()).delete()


def _remember(day: date, salt: bytes) -> None:
    """Yesterday's stays until the next day, in memory only: a request that began before midnight
    must not make a second salt of its day, under which its visitor would be counted twice."""
    _salts[day] = salt
    for past in sorted(_salts)[:-2]:
        _salts.pop(past, None)  # another thread may have been quicker
