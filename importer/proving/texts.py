"""Texts of both sites in a form in which they can be compared. Pure.

The rules, which the report names:

- Letters: all that a reader sees, without tags, comments and what is never shown (scripts, styles), entities
  as the characters that they stand for, and without white space and invisible characters. Two sanitisers
  may put spaces and line breaks elsewhere, but never letters.
- Source: line breaks as \\n, without NUL and lone surrogates. Addresses of the old site's files and posts are
  replaced by what they name, on both sides.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

import nh3

from boards.models.slugs import RESERVED_SLUGS
from boardsite.text import normalize, richtext

_NOT_STORED = re.compile("[\ud800-\udfff\0]")
_UNSEEN = re.compile(
    "[\\s\0-\x1f\x7f-\x9f\xad\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ufdd0\ud800-\udfff\uffa0]+"
)
_NEVER_SHOWN = set(
    "script style title noscript noembed noframes template svg math object select xmp iframe".split()
)
_TAG = re.compile("<[^<>]*>")
_ATTRIBUTE = re.compile(r"""\s(src|href)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_OLD_FILE = re.compile(
    r"/data/((?:editor|cheditor4)/[0-9]{4}/[^/?#]+|file/[A-Za-z0-9_]+/[^/?#]+)\Z"
)
_NEW_FILE = re.compile(r"/files/([0-9]{1,18})/(?:picture/)?\Z")
_OLD_PAGES = re.compile(r"/bbs/[a-z_]+\.php\Z")


def plain(text: str) -> str:
    """A text as both databases can hold it, with our line breaks."""
    return _NOT_STORED.sub("", text).replace("\r\n", "\n")


def letters_of_html(source: str) -> str:
    """What a reader sees of HTML."""
    if source.count("<") > richtext.MAX_TAGS:  # nh3 takes quadratic time for nested elements
        shown = _TAG.sub("", source)
    else:
        shown = nh3.clean(source, tags=set(), clean_content_tags=_NEVER_SHOWN)
    return letters(html.unescape(shown))


def letters(text: str) -> str:
    """The visible characters of a plain text."""
    return _UNSEEN.sub("", normalize("NFC", text))


def tags_of(source: str) -> set[str]:
    """The names of all elements, to say what a sanitiser has removed."""
    return {name.lower() for name in re.findall(r"<([A-Za-z][A-Za-z0-9:-]*)", source)}


def addresses_in(source: str) -> list[str]:
    """The values of all `src` and `href`, in their order."""
    return [_value(match[2]) for match in _ATTRIBUTE.finditer(source)]


def comparable(source: str) -> str:
    """A source in which every address is replaced by what it names."""
    return _ATTRIBUTE.sub(
        lambda match: f' {match[1].lower()}="{meant(_value(match[2]))}"', plain(source)
    )


def meant(address: str) -> str:
    """What an address of the old site or of this one names; others stay as they are."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if _OLD_FILE.search(parts.path) or (not parts.netloc and _NEW_FILE.match(parts.path)):
        return "file"
    return _page(parts.path, dict(parse_qsl(parts.query)), parts.netloc) or address


def old_files_in(source: str) -> Iterator[tuple[int, str]]:
    """The place of each address among all of them, and its path below `data/`, for files of the old site."""
    for place, address in enumerate(addresses_in(source)):
        try:
            found = _OLD_FILE.search(urlsplit(address).path)
        except ValueError:
            continue
        if found and ".." not in found[1]:
            yield place, unquote(found[1])


def new_file(address: str) -> int:
    """The id of the attachment that an address of ours names, or 0."""
    found = _NEW_FILE.match(urlsplit(address).path)
    return int(found[1]) if found else 0


def _page(path: str, query: dict[str, str], host: str) -> str:
    """A page of the old site's or of ours, as board and number."""
    if _OLD_PAGES.search(path):
        board, number = query.get("bo_table", ""), query.get("wr_id", "")
        if board.lower() in RESERVED_SLUGS or board.isdigit():  # such a board has another address
            board = f"{board[:18]}_2"
        if path.endswith("/board.php") and board:
            return f"page {board} {number}".strip()
        return f"page {path.rpartition('/')[2]} {sorted(query.items())}"
    if not host and (found := re.match(r"/([A-Za-z0-9_]{1,20})/(?:([0-9]{1,9})/?)?\Z", path)):
        return f"page {found[1]} {found[2] or ''}".strip()
    return ""


def _value(written: str) -> str:
    text = written[1:-1] if written[:1] in "\"'" else written
    return html.unescape(text).strip()
