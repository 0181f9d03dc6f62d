"""Makes HTML from users safe to show. Pure: no database, no request.

A body is cleaned once, when it is written, and printed as trusted HTML from then on: `clean` for
what the editor sends, `from_plain` and `comment_html` for what a textarea sends. nh3 parses and
drops tags; this module and `boardsite.text.inline_styles` decide about attribute values.

Attack cases covered: 41 and 43 markup as text, 44 addresses, 45 players, 47 captions, 48 control
characters, 49 styles and stacked marks, 83 bombs.
"""

import html as entities
import re

import nh3
from django.utils.translation import gettext_lazy as _

from boardsite.text import plaintext
from boardsite.text.inline_styles import clean_colour, clean_style
from boardsite.text.plaintext import clean_text, without_unseen
from boardsite.text.players import is_player, kind_of, silent, with_players

__all__ = [
    "CLEANER_VERSION",
    "TooComplex",
    "clean",
    "clean_text",
    "comment_html",
    "excerpt",
    "from_plain",
    "is_blank",
    "picture_ids",
    "render",
    "text_of",
    "with_sizes",
]

# Increment it whenever the same source would yield different HTML, and tell owners to run
# `manage.py reclean`.
CLEANER_VERSION = 3

MAX_SOURCE = 200_000  # characters
MAX_TAGS = 10_000  # nh3 takes 0.2 s for this many nested <div>, and 0.8 s for twice as many
MAX_ENTITIES = 30_000  # nh3 takes quadratic time: 0.1 s for this many, 1.2 s for 200,000
MAX_DEPTH = 200  # levels in the result; browsers stop at 512
ROUNDS = 6

_SCHEMES = {"http", "https", "mailto", "tel"}

_TAGS = (
    "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em"
    " figcaption figure font h3 h4 h5 h6 hr i iframe img ins kbd li mark ol p pre q rp rt ruby s"
    " samp small span strike strong sub summary sup table tbody td tfoot th thead tr u ul var wbr"
).split()
_DROPPED_WHOLE = (
    "script style title noscript noembed noframes template svg math object select xmp".split()
)
# Formatting elements that the HTML parser reopens in each later block until they are closed: 5,000
# of them before 5,000 paragraphs become 25 million. nh3 gets them under meaningless names.
_REOPENED = "b big code em font i nobr s small strike strong tt u".split()
_CELL = {"colspan", "rowspan", "width", "height"}
_CLEANER = nh3.Cleaner(
    tags={f"x-{tag}" if tag in _REOPENED else tag for tag in _TAGS},
    clean_content_tags=set(_DROPPED_WHOLE),
    attributes={
        "*": {"lang", "style"},
        "a": {"href"},
        "abbr": {"title"},
        "col": {"span", "width"},
        "colgroup": {"span", "width"},
        "details": {"open"},
        "iframe": {"src", "width", "height"},
        "img": {"src", "alt", "width", "height"},
        "ol": {"start"},
        "table": {"width"},
        "td": _CELL,
        "th": _CELL,
        "x-font": {"color", "size"},
    },
    tag_attribute_values={
        tag: {"align": {"left", "center", "right", "justify"}}
        for tag in ("p", "div", "h3", "h4", "table", "tr", "td", "th")
    },
    attribute_filter=lambda tag, name, value: _attribute(
        tag, name, without_unseen(value.replace(_NBSP, "\xa0"))
    ),
    url_schemes=_SCHEMES,
    link_rel=None,
)
# Attributes of every picture, player and link, set after cleaning.
_PICTURE_EXTRAS = ' loading="lazy" decoding="async" referrerpolicy="no-referrer"'
_PLAYER_EXTRAS = (
    ' loading="lazy" allowfullscreen=""'
    ' sandbox="allow-scripts allow-same-origin allow-popups allow-presentation"'
    ' referrerpolicy="strict-origin-when-cross-origin"'
)
_PLAYER_TITLES = {"film": "동영상", "sound": "음악", "map": "지도"}
_PLAYER_SRC = re.compile(r' src="([^"]*)"')
_LINK_EXTRAS = ' rel="nofollow ugc noopener"'

# Stands for &nbsp; while nh3 works: a noncharacter, which no text contains. See MAX_ENTITIES.
_NBSP = "\ufdd0"

_ASCII_I = re.ASCII | re.IGNORECASE
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*(?:>|\Z)", re.DOTALL)
_OPENING = re.compile(r"<[a-z]", re.IGNORECASE | re.ASCII)
_RENAME = re.compile(rf"<(/?)({'|'.join(_REOPENED)})(?=[\s/>])", re.IGNORECASE | re.ASCII)
_HEADING = re.compile(r"<(/?)h[12](?=[\s/>])", re.IGNORECASE | re.ASCII)

# nh3 writes attributes in double quotes and every other < and > as an entity, so a simple pattern
# matches whole tags and nothing else in its output.
_TAG = re.compile(r"<[^<>]*>")
_VOID = re.compile(r"<(?:br|col|hr|img|wbr)\b")
_IFRAME = re.compile(r"<iframe([^<>]*)>.*?</iframe>", re.DOTALL)
_A_OR_IMG = re.compile(r"<(a|img)((?: [^<>]*)?)>")
_EMPTY_FIGURE = re.compile(r"<figure[^<>]*>\s*</figure>")
_OWN_LINK = re.compile(r' href="(?:#|/(?!/))')
_PICTURE_ID = re.compile(r'<img[^<>]* src="/files/(\d{1,18})/picture/["?]')
_PICTURE = re.compile(r'<img((?: [^<>]*)? src="/files/(\d{1,18})/picture/[^<>]*>)')
_OWN_PICTURE = re.compile(
    r"/(?:files/\d{1,18}/picture|content/pictures/\d{1,18})/(?:\?\S*)?", re.ASCII
)
_PARTS = re.compile("(<[^<>]*>)")
_UNLINKED = re.compile("</?(?:a|code|pre)[ >]")
_SEEN = re.compile(r"<(?:img|iframe|table)[ >]")
_BLOCK = re.compile(
    r"</?(?:p|div|h[3-6]|ul|ol|li|dl|dt|dd|blockquote|pre|figure|figcaption|table|caption|tr"
    r"|details|summary)(?: [^<>]*)?>|<[bh]r(?: [^<>]*)?>"
)


class TooComplex(ValueError):
    """The HTML is longer or deeper than the limits. The message is a sentence for the author."""


def render(source: str, format: str) -> str:
    """The HTML of a body; `format` is "html" from the editor, "text" from the bare textarea."""
    if format == "html":
        return clean(source)
    html = from_plain(source)
    return _settle(with_players(html)) if "://" in html else html


def clean(source: str) -> str:
    """The allowed part of an author's HTML. `clean(clean(x)) == clean(x)`.

    Raises TooComplex above MAX_SOURCE, MAX_TAGS or MAX_DEPTH, before any expensive work.
    """
    _check_length(source)
    source = _COMMENT.sub("", source)
    if sum(1 for _found in _OPENING.finditer(source)) > MAX_TAGS:
        raise TooComplex(_("글의 서식이 너무 복잡합니다. 서식을 지우고 다시 붙여 넣어 주세요."))
    html = _settle(source)
    return _settle(with_players(_with_links(html))) if "://" in html else html


def from_plain(text: str) -> str:
    """Converts plain text to HTML: paragraphs, line breaks and double spaces stay, addresses become
    links.

    Raises TooComplex above MAX_SOURCE.
    """
    _check_length(text)
    return _settle(plaintext.to_html(text))


def comment_html(text: str) -> str:
    """Converts a comment, which is always plain text, to HTML. Raises TooComplex above MAX_SOURCE."""
    return from_plain(text)


def text_of(html: str) -> str:
    """The text of cleaned HTML: one line per block, no blank lines, entities decoded."""
    text = _BLOCK.sub("\n", html).replace("</td>", " ").replace("</th>", " ")
    lines = (" ".join(line.split()) for line in entities.unescape(_TAG.sub("", text)).split("\n"))
    return "\n".join(line for line in lines if line)


def excerpt(html: str, length: int = 120) -> str:
    """The beginning of cleaned HTML on one line, at most `length` characters including the '…'."""
    text = text_of(html).replace("\n", " ")
    return text if len(text) <= length else plaintext.cut(text, length - 1).rstrip() + "…"


def picture_ids(html: str) -> list[int]:
    """The ids of the attachments shown inside cleaned HTML, in order, each once."""
    return list(dict.fromkeys(int(number) for number in _PICTURE_ID.findall(html)))


def with_sizes(html: str, sizes: dict[int, tuple[int, int]]) -> str:
    """Cleaned HTML in which the site's own pictures have a width and a height.

    `sizes` contains them in pixels by id. The browser reserves the space while a picture loads.
    """

    def sized(found: re.Match[str]) -> str:
        size = sizes.get(int(found[2]))
        if size is None or ' width="' in found[0]:
            return found[0]
        return f'<img width="{size[0]}" height="{size[1]}"{found[1]}'

    return _PICTURE.sub(sized, html)


def is_blank(html: str) -> bool:
    """Whether the cleaned HTML shows nothing: no letter, no picture, no player, no table."""
    return not _SEEN.search(html) and plaintext.is_blank(text_of(html))


def _check_length(source: str) -> None:
    if len(source) > MAX_SOURCE:
        sentence = _("글이 너무 깁니다. %(limit)s자 안으로 줄여 주세요.")
        raise TooComplex(sentence % {"limit": f"{MAX_SOURCE:,}"})


def _check_depth(html: str) -> None:
    depth = 0
    for tag in _TAG.findall(html) if html.count("<") > MAX_DEPTH else ():
        if not _VOID.match(tag):
            depth += -1 if tag[1] == "/" else 1
        if depth > MAX_DEPTH:
            raise TooComplex(_("글의 서식이 너무 깊이 겹쳐 있습니다. 서식을 지워 주세요."))


def _settle(source: str) -> str:
    """Cleans until the result no longer changes; two rounds as a rule.

    Dropping a tag can change how the rest is parsed. Mutation attacks exploit such a difference
    between two parses.
    """
    if source.count("&") - source.count("&nbsp;") > MAX_ENTITIES:
        raise TooComplex(_("글에 &, <, > 같은 기호가 너무 많습니다. 나누어 써 주세요."))
    html = _clean_once(source)
    for _round in range(ROUNDS):
        _check_depth(html)
        before, html = html, _clean_once(html)
        if html == before:
            return html
    return from_plain(text_of(html))


def _with_links(html: str) -> str:
    """Turns typed addresses into links, except in code and in links."""
    parts, inside = _PARTS.split(html), 0
    for place, part in enumerate(parts):
        if place % 2:
            inside += _UNLINKED.match(part) is not None and (-1 if part[1] == "/" else 1)
        elif not inside and "://" in part:
            parts[place] = plaintext.linked(entities.unescape(part))
    return "".join(parts)


def _clean_once(source: str) -> str:
    source = without_unseen(source).replace(_NBSP, "").replace("&nbsp;", _NBSP)
    source = _HEADING.sub(r"<\1h3", source.replace("\xa0", _NBSP))  # h1 and h2 belong to the page
    html = _CLEANER.clean(_RENAME.sub(r"<\1x-\2", source)).replace(_NBSP, "&nbsp;")
    html = _IFRAME.sub(_finish_player, html).replace("<x-", "<").replace("</x-", "</")
    html = _EMPTY_FIGURE.sub("", _A_OR_IMG.sub(_finish_tag, html))
    return without_unseen(html)


def _finish_player(found: re.Match[str]) -> str:
    """A player without content; nothing if its address was refused."""
    src = _PLAYER_SRC.search(found[1])
    if src is None:
        return ""
    title = _PLAYER_TITLES[kind_of(src[1])]
    return f'<iframe{found[1]} title="{title}"{_PLAYER_EXTRAS}></iframe>'


def _finish_tag(found: re.Match[str]) -> str:
    tag, attributes = found.groups()
    if tag == "img":
        alt = "" if ' alt="' in attributes else ' alt=""'
        return f"<img{attributes}{alt}{_PICTURE_EXTRAS}>" if ' src="' in attributes else ""
    if ' href="' not in attributes:
        return f"<a{attributes}>"
    target = "" if _OWN_LINK.search(attributes) else ' target="_blank"'
    return f"<a{attributes}{target}{_LINK_EXTRAS}>"


def _attribute(tag: str, name: str, value: str) -> str | None:
    """nh3 calls this for every attribute that it would keep; None drops the attribute."""
    match name:
        case "href":
            return _link(value)
        case "src":
            return _player(value) if tag == "iframe" else _picture(value)
        case "style":
            return clean_style(tag, value)
        case "color":
            return clean_colour(value)
        case "size":  # of the obsolete <font>; browsers know seven
            return value if re.fullmatch(r"[1-7]|[+-][1-6]", value, re.ASCII) else None
        case "width" | "height":
            found = re.fullmatch(r"(\d{1,4})(?:px)?|(?:\d{1,2}|100)%", value.strip(), re.ASCII)
            return found and (found[1] or found[0])
        case "lang":  # screen readers choose the voice by it
            return (
                value if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", value, _ASCII_I) else None
            )
        case "colspan" | "rowspan" | "span" | "start":
            return value if re.fullmatch(r"\d{1,3}", value, re.ASCII) else None
    return value


def _address(value: str) -> str:
    """The address as a browser reads it: without line breaks, tabs and surrounding spaces."""
    return re.sub(r"[\t\n\r]", "", value).strip()


def _link(value: str) -> str | None:
    value = _address(value)
    if len(value) > plaintext.MAX_ADDRESS:
        return None
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", value, re.IGNORECASE | re.ASCII)
    return None if scheme and scheme[1].lower() not in _SCHEMES else value


def _picture(value: str) -> str | None:
    """A picture of this site, or an external one over https (the content policy blocks all others).

    Other addresses of this site are refused, because requesting a page as a picture costs the
    server work for each reader.
    """
    value = re.sub(r"^(?:https?:)?//", "https://", _address(value), flags=re.IGNORECASE)
    return value if _OWN_PICTURE.fullmatch(value) or re.match(r"https://[^/\\]", value) else None


def _player(value: str) -> str | None:
    value = silent(re.sub("^//", "https://", _address(value)))
    return value if is_player(value) else None
