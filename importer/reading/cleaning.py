"""Cleans texts and finds what the search index holds of them, which takes longer than anything else of an import.
Pure, so that a process of its own can do it (importer.actions.ahead)."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from boards.search.documents import Document
from boardsite.text import richtext
from importer.reading.values import without_tags

SIGNS = re.compile("[&<>]")


class Text(NamedTuple):
    """The text of a post or a comment. A `document` without a text is that of a post: it gets the text of the
    cleaned HTML."""

    source: str
    format: str
    document: Document


class Cleaned(NamedTuple):
    """Its HTML, and the pieces of its document with spaces between: one text is handed over faster than many."""

    html: str
    pieces: str


def clean(text: Text) -> Cleaned:
    html = rendered(text.source, text.format)
    document = text.document
    if not document.text:
        document = replace(document, text=richtext.text_of(html))
    return Cleaned(html, " ".join(document.pieces))


def clean_all(texts: Iterable[Text]) -> list[Cleaned]:
    return list(map(clean, texts))


def rendered(source: str, format: str) -> str:
    """The cleaned HTML. What is too long or too deep for the cleaner is shown as plain text, without
    signs of markup if even that has too many."""
    try:
        return richtext.render(source, format)
    except richtext.TooComplex:
        text = without_tags(source[: richtext.MAX_SOURCE])
    try:
        return richtext.from_plain(text)
    except richtext.TooComplex:
        return richtext.from_plain(SIGNS.sub("", text))
