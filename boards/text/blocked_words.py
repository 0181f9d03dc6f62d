"""Words that a board does not take, found however they are spaced or dressed up. Pure."""

import re
import unicodedata
from collections.abc import Iterable

# What people put between the letters of such a word: spaces, punctuation, signs, marks, and what
# nobody sees (zero-width characters, Hangul fillers).
_BETWEEN = re.compile("[\\W_\u115f\u1160\u3164\uffa0]+")
_UNSEEN = re.compile(
    "[\xad\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)


def words_of(lines: str) -> list[str]:
    """The words of a board's list, one a line."""
    return [word for line in lines.splitlines() if (word := line.strip())]


def blocked_word(words: Iterable[str], text: str) -> str:
    """The first of `words` that stands in `text`, as its list writes it; "" when there is none.

    Full-width letters, capitals, accents and decomposed Hangul make no difference, nor does anything but
    letters and digits between the letters. A word made of signs alone is looked for as it is.
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
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()


def _letters(folded: str) -> str:
    """Without accents too: apart from their letters they are marks like all others."""
    parts = unicodedata.normalize("NFKD", folded)
    return unicodedata.normalize("NFKC", _BETWEEN.sub("", parts))
