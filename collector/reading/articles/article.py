"""Parses the page of an article into an Entry. Pure: nothing is fetched.

Pages are untrusted: any input gives an Entry or raises NotAnArticle within about a second. `html`
is not safe to show; write_post cleans it like the input of members. It is the page's own HTML and
not a rewritten version, so quotes, brackets and entities stay as they were.

facts.py reads the metadata, bodies.py finds the body, clutter.py and lines.py remove what does not
belong to it, lead_pictures.py finds its picture. trafilatura and lxml (32 MiB) are imported on
first use: only the collector's process needs them.
"""

import copy
import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from boardsite.text import plaintext
from collector.reading import captions, markup, wording
from collector.reading.addresses import canonical
from collector.reading.articles import bodies, bylines, clutter, facts
from collector.reading.articles.figures import set_figures
from collector.reading.entries import (
    MAX_CAPTION,
    MAX_HTML,
    MAX_SUMMARY,
    MAX_TITLE,
    UNTITLED,
    Entry,
    Picture,
)
from collector.reading.lead_pictures import is_caption_element, lead_picture, with_words
from collector.reading.pages import base_of, read_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

logger = logging.getLogger(__name__)

_LEAD = 20_000  # characters that an excerpt is made from
_CUT_TITLE = ("…", "...", "‥")


class NotAnArticle(ValueError):
    """The page has no article. The message is a Korean sentence for the owner."""


def read_article(
    body: bytes,
    *,
    content_type: str,
    address: str,
    body_rule: str = "",
    cut_rules: Sequence[str] = (),
) -> Entry:
    """Parses the page at `address`; the guid of the entry is its canonical address.

    `body_rule` and `cut_rules` are CSS selectors. Raises only NotAnArticle.
    """
    try:
        return _read(body, content_type, address, body_rule, cut_rules)
    except NotAnArticle:
        raise
    except Exception as error:  # lxml and trafilatura do not document what they raise
        logger.exception("An article's page could not be read")
        raise NotAnArticle(_("기사 페이지를 읽지 못했습니다.")) from error


def completed(entry: Entry, page: Entry) -> Entry:
    """Merges an entry of a feed or a listing with its page. Guid and address are those of `entry`.

    The page's title replaces one that is truncated or that comes without text (from a listing). The
    page's text replaces one that is not longer.
    """
    is_cut = entry.title.endswith(_CUT_TITLE) or not entry.html
    has_more = len(markup.words(entry.html, MAX_HTML)) > len(markup.words(page.html, MAX_HTML))
    picture = entry.picture
    if picture is None or (page.picture and not picture.caption and not picture.credit):
        picture = page.picture or picture
    return replace(
        entry,
        title=page.title if is_cut else entry.title,
        html=entry.html if has_more else page.html,
        summary=entry.summary or page.summary,
        author=entry.author or page.author,
        published_at=entry.published_at or page.published_at,
        picture=picture,
        language=page.language or entry.language,
    )


def _read(
    body: bytes, content_type: str, address: str, body_rule: str, cut_rules: Sequence[str]
) -> Entry:
    page = read_page(body, content_type)
    if page is None:
        raise NotAnArticle(_("받은 페이지가 비어 있거나 글이 아닙니다."))
    if not canonical(address):
        raise NotAnArticle(_("기사 주소가 잘못되었습니다."))
    base = base_of(page, address)
    metadata = facts.read_facts(page, address, base)
    bodies.cut_by_rules(page, cut_rules)
    text = bodies.find_body(page, body_rule)
    if text is None and not metadata.text.strip():
        if body_rule:
            raise NotAnArticle(_("본문 자리로 정한 곳에 글이 없습니다."))
        raise NotAnArticle(_("페이지에서 본문을 찾지 못했습니다. 본문 자리를 정해 주세요."))
    author = metadata.author
    picture = Picture(metadata.picture) if metadata.picture else None
    if text is not None:
        reporter = clutter.cut_clutter(text, metadata.title)
        text = clutter.narrowed(text)
        set_figures(text)
        picture = lead_picture(text, metadata.picture, base)
        author = author or reporter
        if picture and not picture.caption and not picture.credit:
            picture = with_words(picture, page)
        # Before `to_html`, which drops the attributes that identify captions.
        summary = markup.words(bodies.to_html(_without_captions(text))[:_LEAD], MAX_SUMMARY)
        html = bodies.to_html(text)
    if text is None or (not body_rule and len(metadata.text) > 2 * clutter.text_length(text)):
        html = plaintext.to_html(metadata.text[:MAX_HTML])
        summary = markup.words(html[:_LEAD], MAX_SUMMARY)
    html = markup.with_absolute_addresses(html[:MAX_HTML], base)
    title = metadata.title or wording.shortened(summary, UNTITLED)
    if not title:
        raise NotAnArticle(_("기사에 제목도 글도 없습니다."))
    return Entry(
        guid=metadata.address,
        address=metadata.address,
        title=wording.shortened(title, MAX_TITLE),
        html=html,
        summary=wording.excerpt(summary, MAX_SUMMARY),
        author=author or bylines.reporter_before(summary),
        published_at=metadata.published_at,
        picture=picture,
        language=metadata.language,
    )


def _without_captions(body: "HtmlElement") -> "HtmlElement":
    """A copy for the excerpt, which must not start with the captions of pictures."""
    body = copy.deepcopy(body)
    for element in list(body.iterdescendants()):
        if element.getparent() is None or not isinstance(element.tag, str):
            continue
        if element.tag == "figure" or is_caption_element(element) or _is_framed(element):
            element.drop_tree()
    for element in list(islice(body.iter(), _LEAD // 20)):
        for kind in ("text", "tail"):
            words = (getattr(element, kind) or "").strip()
            if words and len(words) <= 80 and captions.is_credit(words):
                setattr(element, kind, None)
    return body


def _is_framed(element: "HtmlElement") -> bool:
    """A table that contains only a picture and its caption."""
    is_table = element.tag == "table" and len(element.text_content()) <= MAX_CAPTION
    return is_table and next(element.iter("img"), None) is not None
