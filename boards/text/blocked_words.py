"""Finds a board's blocked words in a text, however they are spaced or disguised. Pure."""

import re
from collections.abc import Iterable

from boardsite.text import normalize

# Characters that may separate the letters of such a word: spaces, punctuation, symbols, combining
# marks, and invisible ones (zero-width characters, Hangul fillers).
_BETWEEN = re.compile("[\\W_\u115f\u1160\u3164\uffa0]+")
_UNSEEN = re.compile(
    "[\xad\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)


def words_of(lines: str) -> list[str]:
    """The words of a board's list, one per line."""
    return [word for line in lines.splitlines() if (word := line.strip())]


def blocked_word(words: Iterable[str], text: str) -> str:
    """The first of `words` that occurs in `text`, spelled as in the list; "" if none does.

    Ignores full-width forms, case, accents, decomposed Hangul, and everything between the letters
    but letters and digits. A word of symbols alone is searched for literally.
    """
    plain = _folded(text)
    letters = _letters(plain)
    for word in words:
        folded = _folded(word)
        wanted = _letters(folded)
        if wanted in letters if wanted else folded and folded in plain:
            return word
    return ""


def _folded(text: str) -> str:
    return normalize("NFKC", _UNSEEN.sub("", text)).casefold()


def _letters(folded: str) -> str:
    """The letters without accents, which are combining marks after decomposition."""
    parts = normalize("NFKD", folded)
    return normalize("NFKC", _BETWEEN.sub("", parts))
