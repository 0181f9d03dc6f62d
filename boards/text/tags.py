"""Tags: from what a person types to the names that posts share. Pure: no Django, no database.

One name has one page, however it was typed: `#봄 나들이, Python` are the tags 봄, 나들이, python.
"""

import re
import unicodedata

from boards.text.plaintext import cut, is_blank, without_unseen

LENGTH = 30  # characters of a name
COUNT = 10  # tags of a post

# A slash would be another address, also as %2F; a backslash is a slash to browsers.
_BETWEEN = re.compile(r"[\s,#/\\、，＃]+")


def clean_tags(text: str) -> list[str]:
    """The names in `text`, parted by spaces, commas or '#', in their order, each once, at most COUNT.

    NFKC, letters folded to small ones, nothing unseen, cut at LENGTH; what has no letter or digit
    is no tag.
    """
    names: dict[str, None] = {}
    for part in _BETWEEN.split(_plain(text)):
        name = cut(part, LENGTH)
        if any(letter.isalnum() for letter in name) and not is_blank(name):
            names.setdefault(name)
    return list(names)[:COUNT]


def _plain(text: str) -> str:
    """Two rounds: folding a letter may leave it decomposed, and composing it may bring a capital."""
    text = re.sub(r"[\t\n\r\f\v\x85\u2028\u2029]", " ", text)
    for _round in range(2):
        text = unicodedata.normalize("NFKC", without_unseen(text)).casefold()
    return unicodedata.normalize("NFKC", text)
