"""Whether a robot is who it says, where its owner publishes how to ask.

Asked by the thread that writes the tallies, never in a request. Strangers decide which questions
there are, so few are asked at a time, nobody waits long for an answer, and the answers are kept in
memory only: at most MAX_KNOWN pairs of name and address for a day, in no table and no log.
"""

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

Place = tuple[str, str]  # a robot's name and the address that it came from
Check = Callable[[str, str], bool | None]

MAX_KNOWN = 5_000
MAX_QUESTIONS = 20
"""At one writing; the others keep until the next. Meanwhile their requests count as claimed."""
MAX_THREADS = 4
"""A name server can keep one waiting for half a minute, and Python cannot end that."""
PATIENCE = 2.0
"""Seconds that a writing waits for answers; those that come later serve the next one."""
DAY, SOON = 24 * 3600.0, 600.0  # until an answer is asked for again; where there was none

# The domains that the owners name in their pages on how to tell their robots. Not those where they
# also place machines that anybody rents of them (googleusercontent.com).
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
_known: dict[Place, tuple[float, bool | None]] = {}  # → until when, and the answer; oldest first
_threads: list[threading.Thread] = []


def standing_of(name: str, address: str) -> str:
    """A value of RobotCount.Standing, from memory: claimed as long as no answer is known."""
    _until, answer = _known.get((name, address), (0.0, None))
    if answer is None:
        return RobotCount.Standing.CLAIMED
    return RobotCount.Standing.VERIFIED if answer else RobotCount.Standing.FALSE


def learn_standings(places: Iterable[Place]) -> None:
    """Ask about those that are not known yet, as far as that is quickly done (PATIENCE)."""
    if not settings.VISITS_ROBOT_CHECK:
        return
    check = import_string(settings.VISITS_ROBOT_CHECK)
    now = time.monotonic()
    unknown = [each for each in dict.fromkeys(places) if _is_question(check, *each, now)]
    questions = deque(unknown[:MAX_QUESTIONS])
    busy = [each for each in _threads if each.is_alive()]  # with what was asked earlier
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
    """Whether the name server puts `address` where the owner of the robot keeps it.

    The name of an address is given by who holds the address, so that name must in turn lead to it.
    None where the owner publishes no domain or the name servers do not answer.
    """
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
    return ip_address(address) in {ip_address(each.partition("%")[0]) for each in addresses}


by_reverse_name.names = PUBLISHED.keys()  # about others it need not be asked


def forget() -> None:
    """As a process that has just started."""
    with _lock:
        _known.clear()


def _is_question(check: Check, name: str, address: str, now: float) -> bool:
    """Whether to ask: not about robots that the check has no way to know, nor about addresses that
    only this machine or its neighbours have."""
    if name not in getattr(check, "names", {name}) or _known.get((name, address), (0.0,))[0] > now:
        return False
    try:
        return _ip(address).is_global
    except ValueError:
        return False


def _ip(address: str) -> IPv4Address | IPv6Address:
    """An IPv4 address is one also where the server listens on both kinds (::ffff:203.0.113.7)."""
    ip = ip_address(address)
    return getattr(ip, "ipv4_mapped", None) or ip


def _ask(check: Check, questions: deque[Place], until: float) -> None:
    """In a thread of its own: no connection to the database, no address in the log."""
    while time.monotonic() < until:
        try:
            place = questions.popleft()
        except IndexError:
            return
        try:
            name, address = place
            _remember(place, check(name, str(_ip(address))))
        except Exception as error:  # a check of the site's own may do anything
            logger.error("A robot could not be checked: %s", type(error).__name__)
            _remember(place, None)


def _remember(place: Place, answer: bool | None) -> None:
    with _lock:
        _known.pop(place, None)
        while len(_known) >= MAX_KNOWN:
            del _known[next(iter(_known))]
        _known[place] = time.monotonic() + (SOON if answer is None else DAY), answer
