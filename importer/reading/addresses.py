"""What an address of gnuboard5 asks for. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from boards.models.slugs import RESERVED_SLUGS

BOARD = r"(?P<board>[A-Za-z0-9_]{1,20})"
LONGEST = 1_000  # characters of a path
LONGEST_SLUG = 20
SCRIPTS = ("/bbs/", "/data/", "/index.php")
"""What paths begin with that only gnuboard5 has."""


def board_slug(name: str) -> str:
    """The address here of the board `bo_table`. It stays what it was, unless the site itself has pages there, or
    our form would refuse it."""
    is_free = name.lower() not in RESERVED_SLUGS and not name.isdigit()
    return name[:LONGEST_SLUG] if is_free else f"{name[: LONGEST_SLUG - 2]}_2"


@dataclass(frozen=True)
class Old:
    """`kind` names what is asked for; the rest is as far as the address says it."""

    kind: str
    board: str = ""
    number: int = 0
    name: str = ""  # a slug, an 아이디, a group, a file
    page: int = 0
    category: str = ""
    words: str = ""


_FILE = re.compile(r"(?:/?data/)?((?:editor|cheditor4)/[0-9]{4}/[^/]{1,255})\Z")
_SCRIPT = re.compile(r"/bbs/(?P<script>[a-z_]{1,40})\.php\Z")
_PATHS = (
    (re.compile(rf"/{BOARD}/(?P<number>[1-9][0-9]{{0,8}})/?\Z"), "post"),
    (re.compile(rf"/rss/{BOARD}/?\Z"), "feed"),
    (re.compile(r"/content/(?P<name>[^/]{1,255})/?\Z"), "content"),
    (re.compile(rf"/data/file/{BOARD}/(?P<name>[^/]{{1,255}})\Z"), "file"),
    (re.compile(r"/data/(?P<name>(?:editor|cheditor4)/[0-9]{4}/[^/]{1,255})\Z"), "data_file"),
    (re.compile(r"/data/(?P<name>(?:qa|content|faq)/[^/]{1,255})\Z"), "data_file"),
    (re.compile(r"/data/member(?:_image)?/[^/]{2}/(?P<name>[A-Za-z0-9_]{1,20})\.gif\Z"), "picture"),
    (re.compile(rf"/{BOARD}/(?P<name>[^/]{{1,255}})/?\Z"), "slug"),
)
# Pages that exist once: the script, and the name of our address.
_PAGES = {
    "search": "search",
    "new": "new_posts",
    "current_connect": "list_present",
    "memo": "list_messages",
    "memo_form": "write_message",
    "logout": "account_logout",
    "member_leave": "leave_site",
    "scrap": "list_scraps",
    "point": "list_points",
    "login": "account_login",
    "register": "account_signup",
    "register_form": "account_signup",
    "password_lost": "account_reset_password",
    "member_confirm": "edit_profile",
}
PAGE_NAMES = frozenset(_PAGES.values())


def parse(path: str, query: Mapping[str, str]) -> Old | None:
    """What the path and its query ask for; None for what gnuboard5 never had. A path of ours that looks like
    one of gnuboard5's (`/free/12/`) is parsed too: ask only for paths that lead nowhere here."""
    if len(path) > LONGEST:
        return None
    if script := _SCRIPT.match(path):
        return _of_script(script["script"], query)
    if path == "/index.php":
        return Old("page", name="front")
    for pattern, kind in _PATHS:
        if found := pattern.match(path):
            parts = found.groupdict()
            return Old(
                kind,
                board=parts.get("board", ""),
                number=int(parts.get("number") or 0),
                name=unquote(parts.get("name", "")),
            )
    return None


def _of_script(script: str, query: Mapping[str, str]) -> Old | None:
    board, number = _board(query.get("bo_table", "")), _number(query.get("wr_id", ""))
    member = query.get("mb_id", "")[:20].lower()
    if script in _PAGES and not (script == "new" and member):
        words, only = query.get("stx", "")[:100], _board(query.get("onetable", ""))
        return Old("page", only, name=_PAGES[script], words=words)
    match script:
        case "board" if board and (slug := query.get("wr_seo_title", "")[:255]):
            return Old("slug", board, name=slug)
        case "board" if board and number:
            return Old("post", board, number)
        case "board" if board:
            return Old(
                "list",
                board,
                page=_number(query.get("page", "")),
                category=query.get("sca", "")[:255],
                words=query.get("stx", "")[:100],
            )
        case "write" if board:
            return Old("write", board, number, name=query.get("w", "")[:1])
        case "link" | "good" | "delete" | "scrap_popin" | "password" if board and number:
            return Old("post", board, number)
        case "download" if board and number:
            return Old("download", board, number, name=str(_number(query.get("no", ""))))
        case "view_image" if found := _FILE.match(query.get("fn", "")):
            return Old("data_file", name=found[1])
        case "view_image" if board:
            return Old("file", board, name=query.get("fn", "").rpartition("/")[2][:255])
        case "rss" if board:
            return Old("feed", board)
        case "group":
            return Old("group", name=query.get("gr_id", "")[:20])
        case "content":
            name = query.get("co_id", "") or query.get("co_seo_title", "")
            return Old("content", name=name[:255])
        case "new" | "profile" | "member_profile" | "formmail":
            return Old("member", name=member)
        case "memo_view":
            return Old("message", number=_number(query.get("me_id", "")))
        case "faq":
            words = query.get("stx", "")[:100]
            return Old("faq", number=_number(query.get("fm_id", "")), words=words)
        case "qalist":
            return Old("inquiries")
        case "qawrite":
            return Old("inquiries", name="write")
        case "qadownload":
            file = _number(query.get("no", ""))
            return Old("download", number=_number(query.get("qa_id", "")), name=str(file))
        case "qaview":
            return Old("inquiry", number=_number(query.get("qa_id", "")))
        case "poll_result" | "poll_update":
            return Old("poll", number=_number(query.get("po_id", "")))
    return None


def _board(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_]{1,20}", text, re.ASCII) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
