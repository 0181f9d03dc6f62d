"""Embedded players of other sites: the allowed addresses, and which links become players. Pure.

Attack case 45: an address is compared as a whole, so that a similar host, user info, a port,
another path or a redirect stays an ordinary link.
"""

import html as entities
import re
from urllib.parse import parse_qs

# The allowed hosts of players, with the pattern of their path. settings.PLAYER_HOSTS allows the
# same hosts in the content security policy.
PLAYERS = {
    "www.youtube.com": r"/embed/[\w-]+",
    "www.youtube-nocookie.com": r"/embed/[\w-]+",
    "player.vimeo.com": r"/video/\d+",
    "tv.naver.com": r"/embed/\d+",
    "play-tv.kakao.com": r"/embed/player/[\w@/-]+",
    "tv.kakao.com": r"/embed/player/[\w@/-]+",
    "w.soundcloud.com": r"/player/?",
    "www.google.com": r"/maps/embed(?:/v1/[a-z]+)?",
    "maps.google.com": r"/maps(?:/embed)?",
}
# The kind of a player, which its title names; players on all other hosts show a video.
_MAPS = ("www.google.com", "maps.google.com")
_SOUNDS = ("w.soundcloud.com",)
_PLAYER = re.compile(
    f"https://(?:{'|'.join(re.escape(host) + path for host, path in PLAYERS.items())})"
    r"(?:\?[\w=&%.,~:/!+@-]*)?",
    re.ASCII,
)

# The address of a video page without its scheme; the groups capture what the player's address
# needs.
_ID = r"([\w-]{11})"
_PAGES = [
    (rf"(?:www\.|m\.|music\.)?youtube\.com/(?:shorts|live|embed)/{_ID}/?", "youtube"),
    (r"(?:www\.|m\.|music\.)?youtube\.com/watch/?()", "youtube"),
    (rf"youtu\.be/{_ID}/?", "youtube"),
    (r"(?:www\.)?vimeo\.com/(\d{1,12})(?:/([0-9a-f]{6,12}))?/?", "vimeo"),
    (r"player\.vimeo\.com/video/(\d{1,12})/?", "vimeo"),
    (r"(?:m\.)?tv\.naver\.com/(?:v|h|embed)/(\d{1,12})/?", "naver"),
    (r"(?:m\.|play-)?tv\.kakao\.com/(?:channel/\d{1,12}/cliplink|v|m/v)/(\d{1,12})/?", "kakao"),
    (r"(?:play-)?tv\.kakao\.com/embed/player/cliplink/(\d{1,12})/?", "kakao"),
]
_PAGE = [
    (
        re.compile(
            rf"https?://{page}(?:\?([\w=&%.,~-]*))?(?:#[\w=&.-]*)?", re.ASCII | re.IGNORECASE
        ),
        site,
    )
    for page, site in _PAGES
]
_AUTOPLAY = re.compile(r"(?<=[?&])auto_?play=[^&]*(?:&|\Z)", re.IGNORECASE)
_TIME = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,6})s?)?", re.ASCII)

# nh3 returns whole tags with attributes in double quotes.
_EDGES = re.compile(
    r"(</?(?:p|div|h[3-6]|ul|ol|li|dl|dt|dd|blockquote|pre|figure|figcaption|table|caption|colgroup"
    r"|t[rdh]|tbody|thead|tfoot|details|summary)(?: [^<>]*)?>|<[bh]r(?: [^<>]*)?>)"
)
_UNPLAYED = re.compile("</?(?:h[3-6]|pre|figcaption|caption|summary|dt|th)[ >]")
_LINK = re.compile(r'<a(?: [^<>]*)? href="([^"]*)"[^<>]*>([^<]*)</a>|<a href="([^"]*)">([^<]*)</a>')


def is_player(address: str) -> bool:
    """Whether an <iframe> may show it."""
    return _PLAYER.fullmatch(address) is not None


def silent(player: str) -> str:
    """The player's address without its autoplay parameters."""
    return _AUTOPLAY.sub("", player).rstrip("?&")


def kind_of(player: str) -> str:
    """What the player with this address shows: "map", "sound" or "film"."""
    host = player.removeprefix("https://").partition("/")[0]
    return "map" if host in _MAPS else "sound" if host in _SOUNDS else "film"


def player_of(address: str) -> str:
    """The player's address for the address of a video page; "" if the site is unknown."""
    for page, site in _PAGE:
        if found := page.fullmatch(address):
            *parts, query = found.groups()
            return _player(site, parts, parse_qs(query or ""))
    return ""


def with_players(html: str) -> str:
    """Cleaned HTML in which a link to a video becomes a player, if it is alone on its line.

    A link with other text stays a link, and so do addresses in titles and code.
    """
    if "://" not in html:
        return html
    parts, inside = _EDGES.split(html), 0
    for place, part in enumerate(parts):
        if place % 2:
            inside += _UNPLAYED.match(part) is not None and (-1 if part[1] == "/" else 1)
        elif not inside and (player := _alone(part)):
            parts[place] = f'<iframe src="{entities.escape(player)}"></iframe>'
            if parts[place + 1 : place + 2] == ["<br>"]:
                parts[place + 1] = ""  # a player is a block, so the line break after it goes
    return "".join(parts)


def _alone(line: str) -> str:
    """The player for a line that consists of a link to a video, whose text is its address."""
    found = _LINK.fullmatch(line.replace("&nbsp;", " ").replace("\xa0", " ").strip())
    if found is None:
        return ""
    address, words = (
        entities.unescape(text).strip() for text in found.groups() if text is not None
    )
    return player_of(address) if _bare(words) == _bare(address) else ""


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|/$", "", address, flags=re.IGNORECASE)


def _player(site: str, parts: list[str | None], query: dict[str, list[str]]) -> str:
    film = parts[0] or query.get("v", [""])[0]
    if site == "youtube":
        if not re.fullmatch(_ID, film, re.ASCII):
            return ""
        start = _seconds((query.get("t") or query.get("start") or [""])[0])
        return f"https://www.youtube.com/embed/{film}" + (f"?start={start}" if start else "")
    if site == "vimeo":
        key = (parts[1] if len(parts) > 1 else None) or query.get("h", [""])[0]
        key = f"?h={key}" if re.fullmatch("[0-9a-f]{6,12}", key) else ""
        return f"https://player.vimeo.com/video/{film}{key}"
    if site == "naver":
        return f"https://tv.naver.com/embed/{film}"
    return f"https://tv.kakao.com/embed/player/cliplink/{film}"


def _seconds(time: str) -> int:
    """Seconds of `90`, `90s`, `1m30s` or `1h2m3s`; 0 for anything else."""
    found = _TIME.fullmatch(time)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds
