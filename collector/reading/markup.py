"""Processes the HTML of sources: its words, absolute links, first picture. Pure.

Nothing here makes HTML safe to show: `boardsite.text.richtext.clean` does that for every post. Each
pattern stops at the next `<`, so that no input makes it scan the rest repeatedly.
"""

import html as entities
import re
from collections.abc import Callable, Iterator

from boardsite.text import plaintext
from collector.reading.addresses import absolute

_MAX_LINKS = 300  # links and pictures of one body; each takes some 30 µs

_ATTRIBUTES = re.compile(
    r"""([^\s<>"'=/]++)(?:\s*+=\s*+("[^"<]*+"|'[^'<]*+'|[^\s<>"']++))?+|\s++|[^<>]"""
)
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+>)"""
    r"""|<!--|<[!?][^<>]*+>"""
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});", re.ASCII)
_SPACES = re.compile("[ \t\r\n\f\xa0]+")  # not U+3000: titles use it deliberately

_ADDRESSES = {
    "a": ("href",),
    "area": ("href",),
    "img": ("src",),
    "iframe": ("src",),
    "source": ("src",),
    "audio": ("src",),
    "video": ("src", "poster"),
}
# Attributes from which scripts load a picture lazily.
LATE_PICTURES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url")
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:^|;)\s*(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_COUNTERS = re.compile(
    r"//(?:feeds\.feedburner\.com/~|pixel\.|stats\.wordpress\.com/|b\.scorecardresearch\.com/"
    r"|(?:www\.)?google-analytics\.com/|(?:[\w-]+\.)*doubleclick\.net/)",
    re.ASCII,
)

_VOID = {"area", "br", "hr", "img", "input", "source", "wbr"}
_INVISIBLE = {"script", "style", "noscript", "template", "iframe", "object", "svg", "head"}
_BLOCKS = set(
    "p div br hr li ul ol dl dt dd tr td th table h1 h2 h3 h4 h5 h6 blockquote pre figure"
    " figcaption section article header footer aside".split()
)
# Markup in titles. Other words in <> are titles of films and books: <기생충>, <The Room>.
_TITLE_TAGS = set(
    "a abbr b big br cite code del div em font i img ins kbd mark p q rp rt ruby s small span"
    " strike strong sub sup tt u wbr".split()
)


def title_text(source: str, *, is_html: bool) -> str:
    """A title on one line. In HTML, entities are decoded once more and known tags dropped: `<기생충>`,
    `<The Room>` and a lone `<A>` are words, `<b>` is a tag."""
    if is_html:
        source = _unescaped(_TAG.sub(lambda found: _kept_in_title(found, source), source))
    return one_line(source)


def words(source: str, length: int) -> str:
    """The first words of HTML on one line: `length` characters or slightly more."""
    parts: list[str] = []
    total, end, hidden = 0, 0, ""
    for start, stop, closing, name, _attributes in _tags(source):
        if not hidden:
            parts.append(source[end:start])
            total += start - end
        end = stop
        if name in _BLOCKS:
            parts.append(" ")
        elif name in _INVISIBLE and not closing and not hidden:
            hidden = name
        elif closing and name == hidden:
            hidden = ""
        if total > 20 * length:
            return one_line(_unescaped("".join(parts)))
    if not hidden:
        parts.append(source[end:])
    return one_line(_unescaped("".join(parts)))


def one_line(text: str) -> str:
    return _SPACES.sub(" ", plaintext.without_unseen(text)).strip()


def with_absolute_addresses(source: str, base: str) -> str:
    """Makes links and pictures absolute, without tracking parameters, and removes tracking pixels.

    `srcset` is removed as well: `src` is enough. Invalid links lose their address. After the first
    _MAX_LINKS links and pictures only their text stays.
    """
    parts: list[str] = []
    end = count = 0
    for start, stop, closing, name, attributes in _tags(source):
        if closing and name in _VOID:  # browsers treat </br> as <br>
            parts.append(source[end:start])
        elif not closing and name in _ADDRESSES:
            count += 1
            tag = _tag_at(name, attributes, base) if count <= _MAX_LINKS else ""
            parts += (source[end:start], tag)
        else:
            continue
        end = stop
    return "".join((*parts, source[end:]))


def first_picture(source: str) -> str:
    """The address of the first picture in the result of `with_absolute_addresses`; "" without
    one."""
    for _start, _stop, closing, name, attributes in _tags(source):
        if name == "img" and not closing:
            src = dict(_read(attributes)).get("src", "")
            if src.startswith(("http://", "https://")):
                return src
    return ""


def with_pictures(source: str, written: Callable[[str, str], str]) -> str:
    """Replaces each picture by the result of `written`, called with its address and its alt
    text."""
    parts: list[str] = []
    end = 0
    for start, stop, closing, name, attributes in _tags(source):
        if name == "img" and not closing:
            values = dict(_read(attributes))
            parts += (source[end:start], written(values.get("src", ""), values.get("alt", "")))
            end = stop
    return "".join((*parts, source[end:]))


def _tags(source: str) -> Iterator[tuple[int, int, bool, str, str]]:
    """Yields start, end, whether it is a closing tag, name in lower case and attributes of each
    tag. Comments have no name. An unclosed comment hides the rest, as in a browser."""
    place = 0
    while found := _TAG.search(source, place):
        start, place = found.span()
        if found[0] == "<!--":
            close = source.find("-->", place)
            place = len(source) if close < 0 else close + 3
        yield start, place, found[1] == "/", (found[2] or "").lower(), (found[3] or "")[:-1]


def _read(attributes: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for found in _ATTRIBUTES.finditer(attributes):
        name = (found[1] or "").lower()
        if name and name not in seen:
            seen.add(name)
            value = found[2] or ""
            yield name, _unescaped(value[1:-1] if value[:1] in ('"', "'") else value)


def _tag_at(name: str, attributes: str, base: str) -> str:
    values = dict(_read(attributes))
    if name == "img":
        if not values.get("src") or values["src"].startswith("data:"):
            late = (values[other] for other in LATE_PICTURES if values.get(other))
            values["src"] = next(late, "")
        if _is_pixel(values):
            return ""
    values.pop("srcset", None)
    for key in _ADDRESSES[name]:
        if key in values:
            values[key] = _absolute_or_other(values[key], base)
    if name == "img" and not values["src"]:
        return ""
    inside = "".join(
        f' {key}="{entities.escape(value)}"'
        for key, value in values.items()
        if value or key not in _ADDRESSES[name]
    )
    return f"<{name}{inside}>"


def _absolute_or_other(address: str, base: str) -> str:
    """Keeps mailto: and tel: links; any other must lead to an http(s) address."""
    if address.strip().lower().startswith(("mailto:", "tel:")):
        return address
    return absolute(address, base)


def _is_pixel(values: dict[str, str]) -> bool:
    sizes = {values.get(side, "").strip().removesuffix("px") for side in ("width", "height")}
    return bool(
        sizes & {"0", "1"}
        or _UNSEEN_STYLE.search(values.get("style", "")[:300])
        or _COUNTERS.search(values.get("src", "")[:300])
    )


def _unescaped(text: str) -> str:
    """Decodes entities that end in `;`, once. `AT&T`, `R&D`, `a&copy=1` and `amp;` stay."""
    return _ENTITY.sub(lambda found: entities.unescape(found[0]), text) if "&" in text else text


def _kept_in_title(found: re.Match[str], title: str) -> str:
    name = found[2] or ""
    if not name:  # the start of a comment, or <!…>
        return "" if found[0] != "<!--" else found[0]
    if name.lower() not in _TITLE_TAGS:
        return found[0]
    is_word = name.isupper() and f"</{name}" not in title and found[3] == ">"
    if is_word:
        return found[0]
    return " " if name.lower() in _BLOCKS else ""
