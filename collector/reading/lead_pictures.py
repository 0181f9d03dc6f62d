"""Finds the lead picture of an article, with its caption and credit. Pure."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from collector.reading import captions, markup
from collector.reading.addresses import absolute
from collector.reading.entries import Picture

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 50  # pictures of a body that are examined
_SMALL = 100  # pixels
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:img|photo)?_?(?:cap(?:tion)?|desc)(?:$|[\s_-])|caption", re.I
)
_NO_PICTURE = re.compile(
    r"(?:^|[/_.-])(?:logo|default|no_?image|noimg|blank|spacer|placeholder|favicon|icon|share|sns|og)"
    r"(?:[/_.\d-]|$)|logo[._-]|[._-]logo",
    re.IGNORECASE | re.ASCII,
)
_CREDIT_CLASS = re.compile(r"credit|copyright|photo_?by|source", re.I)


def lead_picture(body: "HtmlElement", declared: str, base: str) -> Picture | None:
    """The first picture of `body`, or the one of the page's metadata (`declared`, absolute).

    The one in the body is preferred: only there are caption and credit.
    """
    seen = []
    for img in body.xpath("(.//img[@src])[position() <= $most]", most=_MOST):
        address = absolute(img.get("src"), base)
        if address and not _is_small(img) and not is_logo(address):
            seen.append((address, img))
    same = [each for each in seen if declared and _file(each[0]) == _file(declared)]
    for address, img in (*same, *seen):
        return Picture(address, *_words_of(img))
    return Picture(declared) if declared else None


def with_words(picture: Picture, page: "HtmlElement") -> Picture:
    """Adds caption and credit if the page shows the picture, perhaps outside the body."""
    for img in page.xpath("(//img)[position() <= $most]", most=4 * _MOST):
        written = img.get("src", "") or img.get("data-src", "")
        if _file(written) and _file(written) == _file(picture.address):
            return Picture(picture.address, *_words_of(img))
    return picture


def is_caption_element(element: "HtmlElement") -> bool:
    return element.tag == "figcaption" or bool(
        _CAPTION_CLASS.search(element.get("class", "")[:200])
    )


def is_logo(address: str) -> bool:
    """Whether the name of a picture shows that it belongs to the site and not to the article."""
    return _NO_PICTURE.search(urlsplit(address).path[-120:]) is not None


def _file(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2]


def _is_small(img: "HtmlElement") -> bool:
    for side in ("width", "height"):
        value = img.get(side, "").strip().removesuffix("px")
        if value.isascii() and value.isdigit() and int(value[:6]) < _SMALL:
            return True
    return False


def _words_of(img: "HtmlElement") -> tuple[str, str]:
    figure = next(img.iterancestors("figure"), None)
    if figure is not None:
        for element in figure.iter("figcaption"):
            return _parted(element)
    holder = img
    for _level in range(4):
        if words := _behind(holder):
            return words
        outer = holder.getparent()
        if outer is None or len(outer.xpath(".//img")) > 1:
            break
        holder = outer
        line = _line(holder)
        if len(line) > 400:
            break
        for element in holder.iterdescendants():
            if is_caption_element(element) and _line(element):
                return _parted(element)
        if line and (holder.tag in ("table", "figure") or captions.is_caption(line)):
            return captions.parted(line)
    return "", ""


def _behind(holder: "HtmlElement") -> tuple[str, str] | None:
    """The caption right after a picture: `<br>/로이터=뉴스1`, or a paragraph."""
    words = markup.one_line((holder.tail or "")[:1000])
    following = holder.getnext()
    while not words and following is not None and following.tag == "br":
        words = markup.one_line((following.tail or "")[:1000])
        following = following.getnext()
    if not words and following is not None:
        words = _line(following)
        if words and len(words) <= 400 and is_caption_element(following):
            return _parted(following)
    return captions.parted(words) if words and captions.is_caption(words) else None


def _parted(element: "HtmlElement") -> tuple[str, str]:
    """Caption and credit; the credit may have its own element."""
    line = _line(element)
    for inner in element.iterdescendants():
        if inner.tag in ("cite", "small") or _CREDIT_CLASS.search(inner.get("class", "")[:200]):
            credit = _line(inner)
            if credit and line.endswith(credit):
                caption, _none = captions.parted(line[: -len(credit)].rstrip(" /|"))
                return caption, captions.credit_in(credit)
    return captions.parted(line)


def _line(element: "HtmlElement") -> str:
    return markup.one_line(element.text_content()[:2000])
