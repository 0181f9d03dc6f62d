"""Parses the Referer header: a host, a search engine, its words. Pure.

Nothing else is kept, because paths and queries of other sites may identify a person."""

import re
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from visits.search_engines import Engine, find_engine, searched_words

MAX_HEADER = 8_000
"""Characters of the header that are examined."""
MAX_HOST = 254
MAX_LENGTH = 100
"""Characters of a site's name, and of the words of a search."""


class Referrer(NamedTuple):
    """`channel` is a value of models.Channel; `site` (a host or an app's name) and `words` have at
    most 100 characters."""

    channel: str = "direct"
    site: str = ""
    engine: str = ""
    words: str = ""


DIRECT = Referrer()


# Browsers inside Android apps may name the app: android-app://com.kakao.talk/
APPS = {
    "com.kakao.talk": "카카오톡",
    "com.kakao.story": "카카오스토리",
    "com.nhn.android.search": "네이버 앱",
    "com.nhn.android.band": "네이버 밴드",
    "com.nhn.android.navercafe": "네이버 카페",
    "com.nhn.android.mail": "네이버 메일",
    "net.daum.android.daum": "다음 앱",
    "net.daum.android.cafe": "다음 카페",
    "jp.naver.line.android": "LINE",
    "org.telegram.messenger": "텔레그램",
    "com.google.android.gm": "Gmail",
    "com.google.android.googlequicksearchbox": "Google 앱",
    "com.facebook.katana": "Facebook",
    "com.facebook.orca": "Messenger",
    "com.instagram.android": "Instagram",
    "com.twitter.android": "X",
    "com.slack": "Slack",
    "com.discord": "Discord",
    "com.linkedin.android": "LinkedIn",
}

# Hosts where people log in on their way between two pages of this site: they did not come from
# there.
LOG_IN = {
    "nid.naver.com",
    "kauth.kakao.com",
    "accounts.kakao.com",
    "accounts.google.com",
    "appleid.apple.com",
}

OWN_PREFIX = re.compile(r"(?:www|m|mobile)\.")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
KOREAN = re.compile(r"[가-힣a-z0-9-]+")


def read_referrer(referer: str, *, own_host: str) -> Referrer:
    """Never raises, whatever the header is. Invalid addresses and our own pages (`own_host` is
    request.get_host()) are "direct"."""
    try:
        address = urlsplit(_as_sent(referer[:MAX_HEADER]))
        host = _ascii_host(address.hostname or "")
        own = _ascii_host(urlsplit(f"//{own_host}").hostname or "")
    except ValueError:  # an unbalanced bracket, an invalid name (UnicodeError is one too)
        return DIRECT
    if address.scheme == "android-app":
        return _read_app(host)
    if address.scheme not in ("http", "https") or host in LOG_IN:
        return DIRECT
    if not _is_site(host) or OWN_PREFIX.sub("", host) == OWN_PREFIX.sub("", own):
        return DIRECT
    if engine := find_engine(host):
        return _read_search(engine, host, address)
    return Referrer("site", site=_readable(host))


def _read_search(engine: Engine, host: str, address: SplitResult) -> Referrer:
    # Daum answers for Nate: search.daum.net/nate?q=
    name = "네이트" if host == "search.daum.net" and address.path == "/nate" else engine.name
    words = searched_words(address.query, engine.parameters)[:MAX_LENGTH].strip()
    return Referrer("search", site=_readable(host), engine=name, words=words)


def _read_app(package: str) -> Referrer:
    if not _is_site(package):
        return DIRECT
    name = APPS.get(package, package)[:MAX_LENGTH]
    return Referrer("search", name, "Google") if name == "Google 앱" else Referrer("site", name)


def _as_sent(header: str) -> str:
    """WSGI decodes headers as Latin-1; old browsers send Korean unencoded."""
    try:
        return header.encode("latin-1").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return header


def _ascii_host(host: str) -> str:
    """Lower case, Korean labels as xn--; raises ValueError when that is impossible."""
    if len(host) > MAX_HOST:
        raise ValueError
    return host.removesuffix(".").encode("idna").decode().lower()


def _is_site(host: str) -> bool:
    """Whether it is the name of a site, and neither an IP address nor a host of a private network."""
    *first, last = host.split(".")
    return bool(first) and not last.isdecimal() and all(map(LABEL.fullmatch, (*first, last)))


def _readable(host: str) -> str:
    """The host for lists: without www, Korean in Hangul. Other alphabets stay encoded, because some
    of their letters look like those of known sites."""
    labels = [_korean(label) or label for label in host.removeprefix("www.").split(".")]
    while len(name := ".".join(labels)) > MAX_LENGTH:
        del labels[0]
    return name


def _korean(label: str) -> str:
    """An xn-- label in Hangul, "" when it is none."""
    if not label.startswith("xn--"):
        return ""
    try:
        decoded = label.encode().decode("idna")
    except UnicodeError:
        return ""
    return decoded if KOREAN.fullmatch(decoded) and re.search("[가-힣]", decoded) else ""
