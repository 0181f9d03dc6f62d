"""Converts typed tags to the names that posts share. Pure: no Django, no database.

One tag has one page, however it was typed: `#봄 나들이, Python` are the tags 봄, 나들이, python.
"""

import re

from boardsite.text import normalize
from boardsite.text.plaintext import cut, is_blank, without_unseen

LENGTH = 30  # characters of a name
COUNT = 10  # tags of a post

# A slash would make another address, also as %2F; browsers treat a backslash as a slash.
_BETWEEN = re.compile(r"[\s,#/\\、，＃]+")


def clean_tags(text: str) -> list[str]:
    """The tags in `text`, separated by spaces, commas or '#', in order, each once, at most COUNT.

    Normalised to NFKC and lower case, without invisible characters, cut at LENGTH. A tag needs a
    letter or digit.
    """
    names: dict[str, None] = {}
    for part in _BETWEEN.split(_plain(text)):
        name = cut(part, LENGTH)
        if any(letter.isalnum() for letter in name) and not is_blank(name):
            names.setdefault(name)
    return list(names)[:COUNT]


def _plain(text: str) -> str:
    """Two rounds, because case folding may leave a letter decomposed, and composing it may yield a
    capital."""
    text = re.sub(r"[\t\n\r\f\v\x85\u2028\u2029]", " ", text)
    for _round in range(2):
        text = normalize("NFKC", without_unseen(text)).casefold()
    return normalize("NFKC", text)
