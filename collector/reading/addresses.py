"""Canonical URLs: the same page always has the same URL. Pure: nothing is fetched.

guard.py decides whether a URL may be *fetched*: `http://127.0.0.1/` is canonical too.
"""

import re
from urllib.parse import quote, unquote_plus, urljoin, urlsplit

MAX_ADDRESS = 1000  # characters; a longer one counts as none
_MAX_GIVEN = 8000  # characters before tracking parameters are removed

_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say where a reader came from, not what is read. In lower case.
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "_hs", "oly_", "vero_", "n_ad", "n_keyword")
_TRACKING = set(
    # Google, Meta, Microsoft, X, TikTok, LinkedIn, Yandex, Reddit, Pinterest
    "gclid gclsrc dclid gbraid wbraid _ga _gl fbclid fb_action_ids fb_action_types fb_source"
    " mibextid igshid igsh msclkid ref_src ref_url twclid ttclid li_fat_id yclid rdt_cid epik"
    # newsletters and shops
    " mc_cid mc_eid mkt_tok s_cid cmpid ncid trk_contact trk_msg trk_sid _openstat soc_src soc_trk"
    # advertisements and shopping of Naver, Kakao and Daum
    " n_media n_query n_rank n_campaign_type n_match napm kakao_from kakaotrackingid"
    " dmkw dmskw dmcol x_trkm x_hk x_imp"
    # Naver's blogs and cafés: feeds and share buttons
    " fromrss trackingcode proxyreferer referrerallarticles referrerpopulararticles".split()
)
# These names are too common to be removed on every site.
_TRACKING_AT = {
    "cafe.naver.com": {"art", "tc", "fromlist", "from"},
    "blog.naver.com": {"from"},
    "v.daum.net": {"f", "from"},
    "youtube.com": {"si", "feature", "pp"},
    "youtu.be": {"si", "feature"},
    "twitter.com": {"s", "t", "cn"},
    "x.com": {"s", "t", "cn"},
}

_COMMON = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)")
_BROWSERS_IGNORE = re.compile(r"[\t\n\r]")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}", re.ASCII)
_HOST6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE | re.ASCII)
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})", re.ASCII)
_SAFE = "%/:;,?@!$&'()*+=~-._[]|"  # stays unescaped in a path and a query


def canonical(address: str) -> str:
    """The canonical form of an http(s) URL; "" for anything else, or above MAX_ADDRESS.

    Scheme and host are in lower case (Hangul hosts as xn--), without default port, fragment and
    tracking parameters. Other parameters keep their order, and `m.` and `www.` stay. A URL with
    user info is refused, because it imitates another site. The function is idempotent.
    """
    return _written(address.partition("#")[0])


def without_tracking(address: str) -> str:
    """Like `canonical`, but keeps the fragment: links in a body may point at a heading."""
    head, mark, fragment = address.partition("#")
    head = _written(head)
    fragment = quote(_FORBIDDEN.sub("", fragment[:MAX_ADDRESS].strip()), safe=_SAFE + "#")
    if not head or not fragment or len(head) + len(fragment) >= MAX_ADDRESS:
        return head
    return f"{head}{mark}{fragment}"


def absolute(address: str, base: str) -> str:
    """Resolves a URL found in a document at `base`; canonical, with its fragment.

    Returns "" if the result is not http(s).
    """
    if max(len(address), len(base)) > _MAX_GIVEN:
        return ""
    address = _BROWSERS_IGNORE.sub("", address).strip()
    if not address:
        return ""
    try:
        return without_tracking(urljoin(base, address))
    except ValueError:
        return ""


def is_of_site(address: str, other: str) -> bool:
    """Whether two canonical URLs belong to the same site, judged by their hosts: a paper's feed is
    often at a subdomain such as `rss.`."""
    host, site = site_name(address), site_name(other)
    return bool(host) and (
        host == site or f".{site}".endswith(f".{host}") or f".{host}".endswith(f".{site}")
    )


def site_name(address: str) -> str:
    """The host without prefixes such as `www.` and `m.`."""
    host = urlsplit(address).hostname or ""
    return _COMMON.sub("", host)


def _written(address: str) -> str:
    if len(address) > _MAX_GIVEN:
        return ""
    address = _BROWSERS_IGNORE.sub("", address).strip()
    if not address or _FORBIDDEN.search(address):
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    scheme = parts.scheme
    if scheme not in _DEFAULT_PORTS or "@" in parts.netloc or "\\" in parts.netloc or port == 0:
        return ""
    host = _host(parts.netloc)
    if not host:
        return ""
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    query = _query(parts.query, host)
    result = f"{scheme}://{host}{_quoted(parts.path) or '/'}{query and '?'}{query}"
    return result if len(result) <= MAX_ADDRESS else ""


def _host(netloc: str) -> str:
    """The host in lower case and ASCII; "" if it is invalid."""
    if netloc.startswith("["):
        found = _HOST6.match(netloc.lower())
        return found[0] if found else ""
    host = netloc.partition(":")[0].rstrip(".")
    if len(host) > 253:
        return ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    host = host.lower()
    return host if _HOST.fullmatch(host) else ""


def _query(query: str, host: str) -> str:
    names = _TRACKING | next(
        (more for site, more in _TRACKING_AT.items() if f".{host}".endswith(f".{site}")), set()
    )
    kept = []
    for part in query.split("&"):
        name = unquote_plus(part.partition("=")[0]).lower()
        if part and name not in names and not name.startswith(_TRACKING_PREFIXES):
            kept.append(_quoted(part))
    return "&".join(kept)


def _quoted(text: str) -> str:
    """Escapes spaces and non-ASCII characters as %XX; existing escapes stay, in capitals."""
    text = quote(_LONE_PERCENT.sub("%25", text), safe=_SAFE)
    return _ESCAPE.sub(lambda found: found[0].upper(), text)
