"""Reads the metadata of an article's page: title, author, time, address, language, picture. Pure.

The sources are JSON-LD (schema.org), OpenGraph and other <meta>, then the visible text.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from collector.reading import markup, wording
from collector.reading.addresses import absolute, canonical, site_name
from collector.reading.articles.bylines import reporter_in
from collector.reading.articles.json_ld import json_article, listed, text_at
from collector.reading.charset import FORBIDDEN
from collector.reading.dates import read_date
from collector.reading.entries import MAX_TITLE
from collector.reading.lead_pictures import is_logo

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_META = 300
_MAX_HEADS = 20_000  # characters of the page that are searched for a visible title

_TIMES = (
    "article:published_time og:article:published_time og:regdate article:published datepublished"
    " pubdate publishdate publish-date parsely-pub-date sailthru.date dc.date.issued dc.date.created"
    " dc.date dcterms.created dable:published_time date"
).split()
_AUTHORS = "dable:author author dc.creator byl".split()
# Often the paper's name or its page at a social network.
_PUBLISHERS = "article:author og:article:author twitter:creator".split()
_DAY = re.compile(r"\d{4}\s?(?:[./-]|년)\s?\d{1,2}[^\n]{0,40}", re.ASCII)
_SAID = re.compile(
    r"(?:기사\s?)?(?:입력|등록|승인|송고|발행|게시|작성|보도)(?:\s?(?:일시|시간|일|시각))?\s{0,2}[:：]?\s{0,3}"
    r"(\d{4}\s?(?:[./-]|년)\s?\d{1,2}[^\n]{0,40})"
)
_PARTED = re.compile(r"(?:^|\s)(?:[|<>«»:]+|[\-–—])(?:\s|$)|\s?\|\s?")
_PARTING = set("|<>«»:：·-–—_/")
_AROUND = r"[\s|<>«»:：·\-–—_/\[\]ㅡ]"


@dataclass(frozen=True, slots=True)
class Facts:
    """Texts are plain, "" if not given."""

    title: str
    author: str
    published_at: datetime | None
    address: str
    """Canonical: the address that the page declares, if on the same site, else where it was
    read."""
    language: str
    picture: str
    """Absolute; the picture for link previews, never a logo."""
    text: str
    """The articleBody of JSON-LD, with its line breaks."""


def read_facts(page: "HtmlElement", address: str, base: str) -> Facts:
    """Reads the metadata of the page at `address`, whose links are relative to `base`.

    Removes scripts and styles from the page: nothing needs them afterwards.
    """
    from lxml import etree

    metas = _metas(page)
    article = json_article(page)
    etree.strip_elements(page, "script", "style", with_tail=False)
    return Facts(
        title=_title(page, metas, article),
        author=_author(page, metas, article),
        published_at=_published_at(page, metas, article),
        address=_address(page, metas, address, base),
        language=_language(page, metas, article),
        picture=_picture(metas, article, base),
        text=FORBIDDEN.sub("", text_at(article, "articleBody")),
    )


def _metas(page: "HtmlElement") -> dict[str, str]:
    """The content of each <meta> by name in lower case; the first one wins."""
    found: dict[str, str] = {}
    for meta in page.xpath("(//meta[@content])[position() <= $n]", n=_MAX_META):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = meta.get("content", "")[:5000].strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


# -- title -----------------------------------------------------------------------------------------
def _title(page: "HtmlElement", metas: dict[str, str], article: dict[str, Any]) -> str:
    """The title without the site's name at its beginning or end."""
    declared = _line(text_at(article, "headline")) or _line(metas.get("og:title", ""))
    written = _line("".join(page.xpath("string((//head//title)[1])"))[:5000])
    heads = [_line(each.text_content()[:5000]) for each in page.xpath("(//h1)[position() <= 10]")]
    title = declared or written
    for head in heads:
        # Prefer the heading above the article if the page's title only adds something to it.
        if len(head) >= 4 and head != title and _is_more(title, head):
            return wording.shortened(head, MAX_TITLE)
    sites = {metas.get("og:site_name", ""), metas.get("application-name", "")}
    sites.add(text_at(article.get("publisher"), "name"))
    if declared and written.startswith(declared):
        sites.add(re.sub(f"^{_AROUND}+", "", written[len(declared) :]))
    whole = title
    title = _without_site(title, {_line(site) for site in sites})
    if title == whole:
        title = _shown_part(page, title)
    return wording.shortened(title or next(filter(None, heads), ""), MAX_TITLE)


def _shown_part(page: "HtmlElement", title: str) -> str:
    """The part of a composite title that the page shows as a line of its own."""
    parts = [part for part in _PARTED.split(title) if len(part) >= 8]
    if not parts or parts == [title]:
        return title
    shown = {markup.one_line(text[:1000]) for text in page.xpath("//body//text()")}
    return title if title in shown else next((part for part in parts if part in shown), title)


def _line(text: str) -> str:
    return markup.title_text(text, is_html=True)


def _is_more(title: str, head: str) -> bool:
    """Whether `title` is `head` plus a name that a separator divides from it."""
    before, found, behind = title.partition(head)
    return bool(
        found
        and (not before or re.search(r"\s[|<>«»:\-–—]\s$|[|]\s?$", before[-3:]))
        and (not behind or re.match(r"\s[|<>«»:\-–—]+\s|\s?[|]", behind[:3]))
    )


def _without_site(title: str, sites: set[str]) -> str:
    """Removes the name only if a separator divides it from the rest."""
    for site in sorted(filter(None, sites), key=len, reverse=True):
        name, length = site.casefold(), len(site)
        before, behind = title[:-length].rstrip(), title[length:].lstrip()
        if title[-length:].casefold() == name and before[-1:] in _PARTING:
            return re.sub(f"{_AROUND}+$", "", before)
        if title[:length].casefold() == name and behind[:1] in _PARTING:
            return re.sub(f"^{_AROUND}+", "", behind)
    return title


# -- author and time -------------------------------------------------------------------------------
def _author(page: "HtmlElement", metas: dict[str, str], article: dict[str, Any]) -> str:
    names = []
    for one in listed(article.get("author")):
        name = one if isinstance(one, str) else text_at(one, "name")
        if name and "://" not in name:
            names.append(_line(name[:500]))
    if names:
        return wording.author(", ".join(dict.fromkeys(names)))
    return _named(metas, _AUTHORS) or _shown_author(page) or _named(metas, _PUBLISHERS)


def _named(metas: dict[str, str], keys: list[str]) -> str:
    for key in keys:
        name = _line(metas.get(key, ""))
        is_name = name and "://" not in name and "|" not in name and not name.startswith("@")
        if is_name and name != metas.get("og:site_name") and (author := wording.author(name)):
            return author
    return ""


def _shown_author(page: "HtmlElement") -> str:
    for each in page.xpath(
        "(//*[@itemprop='author' or @rel='author' or contains(@class, 'byline')"
        " or contains(@class, 'reporter') or contains(@class, 'journalist')])[position() <= 20]"
    ):
        line = _line(each.text_content()[:300])
        if found := reporter_in(line):
            return wording.author(found)
        if each.get("itemprop") == "author" or each.get("rel") == "author":
            if 0 < len(line) <= 40:
                return wording.author(line)
    return ""


def _published_at(
    page: "HtmlElement", metas: dict[str, str], article: dict[str, Any]
) -> datetime | None:
    written = [text_at(article, "datePublished"), text_at(article, "dateCreated")]
    written += [metas.get(key, "") for key in _TIMES]
    written += page.xpath("(//*[@itemprop='datePublished'])[1]/@datetime")
    written += page.xpath("(//article//time | //main//time)[1]/@datetime")
    written += page.xpath("(//time)[1]/@datetime")
    if moment := next(filter(None, map(read_date, filter(None, written))), None):
        return moment
    lines, length = [], 0
    for line in page.itertext():
        lines.append(line)
        length += len(line)
        if length > _MAX_HEADS:
            break
    text = "\n".join(lines)[:_MAX_HEADS]
    said = [found[1] for found in _SAID.finditer(text)]
    for each in page.xpath(
        "(//*[contains(@class, 'date') or contains(@class, 'time')])[position() <= 20]"
    ):
        if found := _DAY.search(each.text_content()[:200]):
            said.append(found[0])
    return next(filter(None, (read_date(each.strip()) for each in said)), None)


# -- address, language, picture --------------------------------------------------------------------
def _address(page: "HtmlElement", metas: dict[str, str], address: str, base: str) -> str:
    own = canonical(address)
    hrefs = page.xpath("(//link[contains(concat(' ', @rel, ' '), ' canonical ')])[1]/@href")
    for href in (*hrefs, metas.get("og:url", "")):
        named = canonical(absolute(href, base))
        if named and site_name(named) == site_name(own):
            parts, was = urlsplit(named), urlsplit(own)
            # Some systems declare the front page as the address of every page.
            if parts.path != "/" or parts.query or was.path == "/":
                return named
    return own


def _language(page: "HtmlElement", metas: dict[str, str], article: dict[str, Any]) -> str:
    candidates = (
        page.get("lang") or page.get("xml:lang") or "",
        metas.get("content-language", ""),
        text_at(article, "inLanguage"),
        metas.get("og:locale", ""),
    )
    return next(filter(None, map(wording.language, candidates)), "")


def _picture(metas: dict[str, str], article: dict[str, Any], base: str) -> str:
    candidates = [metas.get(key, "") for key in ("og:image", "og:image:url", "twitter:image")]
    for one in listed(article.get("image")):
        candidates.append(one if isinstance(one, str) else text_at(one, "url"))
    for each in candidates:
        address = absolute(each, base)
        if address and not is_logo(address):
            return address
    return ""
