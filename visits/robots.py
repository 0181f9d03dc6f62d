"""Verifies that a robot is what it claims, where its owner publishes a way to verify it.

The thread that writes the tallies does this, never a request. Clients decide which look-ups are
made, so there are few at a time, none is waited for long, and the results are cached in memory
only: at most MAX_KNOWN pairs of name and address for a day, in no table and no log."""

import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.utils.module_loading import import_string

from visits.models import RobotCount

logger = logging.getLogger(__name__)

Place = tuple[str, str]  # a robot's name and its address
Check = Callable[[str, str], bool | None]

MAX_KNOWN = 5_000
MAX_QUESTIONS = 20
"""Look-ups per write; the others wait for the next one. Meanwhile their requests count as claimed."""
MAX_THREADS = 4
"""A name server can block a thread for half a minute, and Python cannot cancel that."""
PATIENCE = 2.0
"""Seconds that a write waits for results; later ones serve the next write."""
DAY, SOON = 24 * 3600.0, 600.0  # lifetime of a result, and of a failed look-up

# The domains that the owners publish for verifying their robots, without those of machines that
# anybody can rent from them (googleusercontent.com).
GOOGLE = ("googlebot.com", "google.com")
BING = ("search.msn.com",)
PUBLISHED = {
    "Googlebot": GOOGLE,
    "Googlebot-Image": GOOGLE,
    "Googlebot-News": GOOGLE,
    "Googlebot-Video": GOOGLE,
    "AdsBot-Google": GOOGLE,
    "Google-InspectionTool": GOOGLE,
    "GoogleOther": GOOGLE,
    "Mediapartners-Google": GOOGLE,
    "Storebot-Google": GOOGLE,
    "bingbot": BING,
    "BingPreview": BING,
    "msnbot": BING,
    "Yeti (네이버)": ("naver.com",),
    "Applebot": ("applebot.apple.com",),
    "YandexBot": ("yandex.com", "yandex.net", "yandex.ru"),
    "Baiduspider": ("baidu.com", "baidu.jp"),
    "PetalBot": ("petalsearch.com", "aspiegel.com"),
    "SeznamBot": ("seznam.cz",),
    "AhrefsBot": ("ahrefs.com", "ahrefs.net"),
    "Yahoo! Slurp": ("crawl.yahoo.net",),
    "Amazonbot": ("crawl.amazonbot.amazon",),
    "MojeekBot": ("mojeek.com",),
    "CCBot": ("crawl.commoncrawl.org",),
}

NO_ANSWER = {socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY}

_lock = threading.Lock()
_known: dict[Place, tuple[float, bool | None]] = {}  # → expiry and result; oldest first
_threads: list[threading.Thread] = []


def standing_of(name: str, address: str) -> str:
    """A value of RobotCount.Standing, from memory: claimed as long as there is no result."""
    _until, answer = _known.get((name, address), (0.0, None))
    if answer is None:
        return RobotCount.Standing.CLAIMED
    return RobotCount.Standing.VERIFIED if answer else RobotCount.Standing.FALSE


def learn_standings(places: Iterable[Place]) -> None:
    """Looks up those that are not cached, as far as that is possible within PATIENCE."""
    if not settings.VISITS_ROBOT_CHECK:
        return
    check = import_string(settings.VISITS_ROBOT_CHECK)
    now = time.monotonic()
    unknown = [each for each in dict.fromkeys(places) if _is_question(check, *each, now)]
    questions = deque(unknown[:MAX_QUESTIONS])
    busy = [each for each in _threads if each.is_alive()]  # with earlier look-ups
    until = now + PATIENCE
    new = [
        threading.Thread(target=_ask, args=(check, questions, until), daemon=True)
        for _number in range(min(len(questions), MAX_THREADS - len(busy)))
    ]
    _threads[:] = busy + new
    for thread in new:
        thread.start()
    for thread in new:
        thread.join(max(0.0, until - time.monotonic()))


def by_reverse_name(name: str, address: str) -> bool | None:
    """Whether the reverse DNS name of `address` is in a domain of the robot's owner.

    The holder of an address can set its reverse name, so that name must in turn resolve to the
    address. Returns None where the owner publishes no domain or the name servers do not answer."""
    domains = PUBLISHED.get(name)
    if not domains:
        return None
    try:
        host = socket.getnameinfo((address, 0), socket.NI_NAMEREQD)[0].lower().rstrip(".")
        if not host.endswith(tuple(f".{domain}" for domain in domains)):
            return False
        addresses = {found[4][0] for found in socket.getaddrinfo(host, None)}
    except socket.gaierror as error:
        return None if error.errno in NO_ANSWER else False
    return ip_address(address) in {ip_address(str(each).partition("%")[0]) for each in addresses}


# No other robot is looked up.
by_reverse_name.names = PUBLISHED.keys()  # type: ignore[attr-defined] # read by the report


def forget() -> None:
    """Resets the state to that of a new process."""
    with _lock:
        _known.clear()


def _is_question(check: Check, name: str, address: str, now: float) -> bool:
    """Whether to look it up: neither robots that the check cannot verify, nor addresses of private
    networks."""
    if name not in getattr(check, "names", {name}) or _known.get((name, address), (0.0,))[0] > now:
        return False
    try:
        return _ip(address).is_global
    except ValueError:
        return False


def _ip(address: str) -> IPv4Address | IPv6Address:
    """Unwraps an IPv4 address that a dual-stack socket reports (::ffff:203.0.113.7)."""
    ip = ip_address(address)
    return getattr(ip, "ipv4_mapped", None) or ip


def _ask(check: Check, questions: deque[Place], until: float) -> None:
    """Runs in a thread of its own: no database connection, no address in the log."""
    while time.monotonic() < until:
        try:
            place = questions.popleft()
        except IndexError:
            return
        try:
            name, address = place
            _remember(place, check(name, str(_ip(address))))
        except Exception as error:  # a check of the operator's own may raise anything
            logger.error("A robot could not be checked: %s", type(error).__name__)
            _remember(place, None)


def _remember(place: Place, answer: bool | None) -> None:
    with _lock:
        _known.pop(place, None)
        while len(_known) >= MAX_KNOWN:
            del _known[next(iter(_known))]
        _known[place] = time.monotonic() + (SOON if answer is None else DAY), answer
