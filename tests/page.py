"""A parsed page: its text in order, headings, links, rows of a list."""

from functools import cached_property
from html.parser import HTMLParser

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class Element:
    """An element with its attributes; `children` are elements and texts in document order."""

    def __init__(self, tag: str, attributes: dict[str, str]):
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def all(self, tag: str = "", **attributes: str) -> list["Element"]:
        """The descendants with this tag and these attributes (`class_`: one of the classes)."""
        wanted_class = attributes.pop("class_", "")
        return [
            element
            for element in self._below()
            if (not tag or element.tag == tag)
            and (not wanted_class or wanted_class in element.classes)
            and attributes.items() <= element.attributes.items()
        ]

    def one(self, tag: str = "", **attributes: str) -> "Element":
        (found,) = self.all(tag, **attributes)
        return found

    def _below(self):
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()

    @property
    def text(self) -> str:
        """The text as a screen reader reads it, with visually hidden text and the alt text of
        pictures."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self):
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag == "img":
                yield child.attributes.get("alt", "")
            else:
                yield from child._texts()


class Page(Element, HTMLParser):
    """A parsed page; `.text` is the text of its body."""

    def __init__(self, html: bytes | str):
        Element.__init__(self, "", {})
        HTMLParser.__init__(self)
        self.html = html.decode() if isinstance(html, bytes) else html
        self._open: list[Element] = [self]
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag, attributes):
        element = Element(tag, {name: value or "" for name, value in attributes})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        closed = self._open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}> in line {self.getpos()[0]}"

    def handle_data(self, data):
        self._open[-1].children.append(data)

    @cached_property
    def text(self) -> str:
        return self.one("body").text

    @property
    def title(self) -> str:
        return self.one("title").text

    @property
    def headings(self) -> list[tuple[int, str]]:
        """(level, text) in order."""
        return [
            (int(element.tag[1]), element.text)
            for element in self.all()
            if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}
        ]

    @property
    def meta(self) -> dict[str, str]:
        named = [
            (m.attributes.get("name") or m.attributes.get("property"), m) for m in self.all("meta")
        ]
        return {name: element["content"] for name, element in named if name}

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of a list of posts: column → text, and `url`."""
        return [
            {cell.classes[0]: cell.text for cell in row.all("td")}
            | {
                "url": row.one("a", class_="title")["href"],
                "title": row.one("a", class_="title").text,
            }
            for row in self.all("tr")
            if row.all("td")
        ]


def follow(text: str, words: list[str]) -> None:
    """Asserts that `words` occur in `text` in this order."""
    place = 0
    for word in words:
        found = text.find(word, place)
        assert found >= 0, f"{word!r} is not in: {text[place : place + 400]!r}"
        place = found + len(word)


def policy_of(response) -> dict[str, str]:
    """The Content-Security-Policy: directive → allowed sources."""
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: allowed for name, _blank, allowed in parts if name}
