"""Repairs and shortens the XML of a broken feed, so that a strict parser accepts it. Pure.

A bare `&`, `&nbsp;`, `<br>`, an undeclared `dc:` or a truncated download must not lose a whole
feed. feedparser's own fallback for broken XML takes quadratic time, so it never gets any. Removed
are: everything after MAX_ENTRIES complete entries, elements that no entry needs, document types,
comments, and characters that XML forbids. Long values are cut.
"""

import re
from xml.sax.saxutils import escape

from collector.reading.entries import MAX_ENTRIES
from collector.reading.feeds.references import cut, referenced

_MAX_TOKENS = 60_000  # tags, comments and stray "<"
_MAX_TEXT = 2_500_000  # characters of text in total
_MAX_DEPTH = 100
_MAX_PARTS = 100  # elements of an entry, without those of its HTML
_MAX_ATTRIBUTES = 30
_MAX_TAG = 20_000  # characters
_MAX_VALUE = 2_000  # characters of an attribute

# The elements of a feed, and how many characters of each are read. Namespaces by their usual
# prefix.
_WORDS = 300
_NAMES = 120  # feedparser searches them for a mail address in quadratic time
_LINK = 2_000
_BODY = 200_000
_READ = {
    **dict.fromkeys("rss rdf:rdf channel feed item entry".split(), _WORDS),
    **dict.fromkeys("link guid id feedburner:origlink enclosure".split(), _LINK),
    **dict.fromkeys("author name email uri managingeditor dc:creator".split(), _NAMES),
    **dict.fromkeys("pubdate published issued created updated modified dc:date".split(), _WORDS),
    **dict.fromkeys("media:content media:group media:thumbnail".split(), _LINK),
    **dict.fromkeys("media:title media:credit language dc:language".split(), _WORDS),
    "title": 5_000,
    **dict.fromkeys("description summary content content:encoded".split(), _BODY),
    **dict.fromkeys("media:description body xhtml:body fullitem".split(), _BODY),
}
# These may contain HTML, in which every element stays.
_MARKED_UP = {name for name, limit in _READ.items() if limit > _LINK}
_ROOTS = {"rss", "rdf:rdf", "feed", "channel"}
_ENTRIES = {"item", "entry"}
# HTML has no such elements: whatever is open before them was never closed.
_NEVER_HTML = set(
    "guid pubdate published updated issued description content:encoded enclosure dc:date dc:creator"
    " media:content media:group media:thumbnail".split()
)
_VOID = set("area br col embed hr img input meta param source track wbr".split())

_SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
# Descriptions of a picture, with names that feedparser does not confuse with others.
_OF_PICTURES = {
    "media:description": "picture_caption",
    "media:title": "picture_title",
    "media:credit": "picture_credit",
}
_USUAL_PREFIX = {uri.lower(): prefix for prefix, uri in _SPACES.items()} | {
    "http://search.yahoo.com/mrss": "media",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://backend.userland.com/rss2": "",
}
_NOT_TO_BIND = {"xmlns:xml", "xmlns:xmlns"}

_NAME = r"(?:[A-Za-z_][A-Za-z0-9_.-]*+:)?+[A-Za-z_][A-Za-z0-9_.-]*+"
_TAG = re.compile(
    rf"""<(/?)({_NAME})(?=[\s/>])((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+>)""", re.ASCII
)
_ATTRIBUTE = re.compile(
    rf"""({_NAME})(?:\s*+=\s*+("[^"<]*+"|'[^'<]*+'|[^\s<>"']++))?+|\s++|[^\s<>]""", re.ASCII
)
_DECLARATION = re.compile(r"<[!?][^<>]*+>")
_SPACE = re.compile(r"\s")
_LINK_AHEAD = re.compile(r"\s*+(?:<!\[CDATA\[\s*+)?https?://", re.IGNORECASE)


class DeclaresEntities(ValueError):
    """The document declares entities: the basis of entity bombs and of XXE file disclosure."""


class RepairedFeed:
    """The text of a feed, made well-formed.

    `root` is "" if the text has no element of a feed. `count` is the number of complete entries.
    `is_whole` says that the end, or MAX_ENTRIES, was reached. Raises DeclaresEntities.
    """

    def __init__(self, text: str):
        self.root = ""
        self.count = 0
        self.is_whole = False
        self._text = text
        self._parts: list[str] = []
        self._open: list[tuple[str, str, str]] = []  # name, key in _READ, name in the output
        self._whole: tuple[int, list[str]] = (0, [])  # part count, elements open after them
        self._skipped = ""  # the element that is being left out,
        self._skipped_depth = 0  # and its nesting depth
        self._left = 0  # characters that may still be read of this element
        self._budget = _MAX_TEXT
        self._spaces = dict(_SPACES)
        self._declared: set[str] = set()  # prefixes that the root declares
        self._part_count = 0  # of this entry
        self._is_described = False  # of this entry
        self._said: set[str] = set()  # descriptions of this entry's pictures
        self._walk()

    @property
    def xml(self) -> str:
        parts, opened = self._whole if self._open else (len(self._parts), [])
        closing = "".join(f"</{name}>" for name in reversed(opened))
        return "".join(('<?xml version="1.0" encoding="utf-8"?>\n', *self._parts[:parts], closing))

    def _walk(self) -> None:
        text, place = self._text, 0
        for _token in range(_MAX_TOKENS):
            start = text.find("<", place)
            if start < 0:
                break
            self._write(referenced(text[place : min(start, place + max(self._left, 0))]))
            place = self._token(start)
            if place < 0 or self._budget < 0:
                break
        self.is_whole = self.is_whole or self.count >= MAX_ENTRIES

    def _token(self, start: int) -> int:
        """Consumes the token at `start`; returns its end, or -1 at the end of the feed."""
        text = self._text
        if text.startswith("<![CDATA[", start):
            end = text.find("]]>", start)
            self._write(escape(text[start + 9 : min(end, start + 9 + max(self._left, 0))]))
            return end + 3 if end >= 0 else -1
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            return end + 3 if end >= 0 else -1
        if text[start : start + 8].upper() == "<!ENTITY":
            raise DeclaresEntities
        if found := _TAG.match(text, start):
            if found[1]:
                self._end(found[2])
            else:
                inside = found[3][:_MAX_TAG] + found[3][_MAX_TAG:][-2:]
                if found[2].lower() in ("guid", "id") and not _LINK_AHEAD.match(text, found.end()):
                    # feedparser would turn `<guid>7</guid>` into a link.
                    inside = f' isPermaLink="false"{inside[-2:]}'
                self._start(found[2], inside)
            is_over = self.root and not self._open
            self.is_whole = self.is_whole or bool(is_over)
            return -1 if is_over or self.count >= MAX_ENTRIES else found.end()
        if found := _DECLARATION.match(text, start):
            return found.end()
        self._write("&lt;")
        return start + 1

    # -- elements ----------------------------------------------------------------------------------
    def _start(self, name: str, inside: str) -> None:
        key = self._key(name)
        is_empty = inside.endswith("/>")
        if key in _ENTRIES and not self._is_in(_MARKED_UP - {"title"}):
            self._skipped = ""
            self._end_left_open()
            self._part_count, self._is_described, self._said = 0, False, set()
        if key in _NEVER_HTML or (key == "link" and self._is_in({"title"})):
            while self._is_in(_MARKED_UP):
                self._pop()
        if self._skipped:
            self._skipped_depth += name == self._skipped and not is_empty
            return
        written = name
        if not self._open:
            if key not in _ROOTS:
                return
            self.root = key
        elif not self._is_in(_MARKED_UP):
            self._part_count += 1
            written = self._written_as(name, key)
            if not written:
                self._skipped, self._skipped_depth = ("" if is_empty else name), 1
                return
            if written != name:
                inside = inside[-2:] if is_empty else ">"
            self._left = _READ[key]
            is_text = written == name and key in _MARKED_UP - {"title"}
            self._is_described = self._is_described or is_text
        elif key in _VOID:
            is_empty = True
        if len(self._open) >= _MAX_DEPTH:
            return
        self._parts.append(f"<{written}{self._attributes(written, inside)}{'/' * is_empty}>")
        if not is_empty:
            self._open.append((name, key, written))
        if len(self._open) == 1:
            self._note_whole()

    def _written_as(self, name: str, key: str) -> str:
        """The output name of an element; "" for one to leave out.

        feedparser takes the title and description of a picture for those of the entry.
        """
        if key not in _READ or self._part_count > _MAX_PARTS:
            return ""
        is_second = key == "media:description" and self._is_described
        if key in _OF_PICTURES and (is_second or self._is_in({"media:content"})):
            is_first = key not in self._said
            self._said.add(key)
            return _OF_PICTURES[key] if is_first else ""
        if key == "media:credit":
            return _OF_PICTURES[key]
        return "" if key == "media:title" else name

    def _end(self, name: str) -> None:
        if self._skipped:
            self._skipped_depth -= name == self._skipped
            if self._skipped_depth and self._key(name) not in _ENTRIES | _ROOTS:
                return
            was, self._skipped = self._skipped, ""
            if name == was:
                return
        if not any(name == full for full, _key, _written in self._open):
            return
        while self._pop() != name:
            pass

    def _end_left_open(self) -> None:
        """Closes an open entry, because the next one begins."""
        while self._is_in(_ENTRIES):
            self._pop()

    def _pop(self) -> str:
        name, key, written = self._open.pop()
        self._parts.append(f"</{written}>")
        if key in _ENTRIES and not self._is_in(_MARKED_UP):
            self.count += 1
            self._note_whole()
        return name

    def _note_whole(self) -> None:
        self._whole = len(self._parts), [written for _name, _key, written in self._open]

    def _is_in(self, keys: set[str]) -> bool:
        return any(key in keys for _name, key, _written in self._open)

    def _key(self, name: str) -> str:
        prefix, _colon, local = name.lower().rpartition(":")
        usual = _USUAL_PREFIX.get(self._spaces.get(prefix, "").lower(), prefix)
        return f"{usual}:{local}" if usual else local

    # -- attributes and text -----------------------------------------------------------------------
    def _attributes(self, name: str, inside: str) -> str:
        values: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(inside):
            key, value = found[1], found[2]
            if not value or key in values or key in _NOT_TO_BIND or len(values) >= _MAX_ATTRIBUTES:
                continue
            value = value[1:-1] if value[0] in "\"'" else value.removesuffix("/")
            value = referenced(value[:_MAX_VALUE]).replace('"', "&quot;")
            if key.startswith("xmlns"):
                value = value.strip()
                if not value or _SPACE.search(value):  # expat would stop there
                    continue
            values[key] = value
        spaces = {key[6:]: value for key, value in values.items() if key.startswith("xmlns:")}
        self._spaces |= spaces
        if not self._open:
            self._declared = set(spaces)
        for prefix in {full.rpartition(":")[0] for full in (name, *values)}:
            if prefix and prefix not in {"xml", "xmlns"} | self._declared:
                uri = self._spaces.get(prefix) or f"urn:undeclared:{prefix}"
                values.setdefault(f"xmlns:{prefix}", uri)
        return "".join(f' {key}="{value}"' for key, value in values.items())

    def _write(self, text: str) -> None:
        """Writes text that is valid XML already."""
        if text and self._open and not self._skipped and self._left > 0:
            self._parts.append(text if len(text) <= self._left else cut(text, self._left))
            self._left -= len(text)
            self._budget -= len(text) + 4 * text.count("\n")  # expat reports each line separately
