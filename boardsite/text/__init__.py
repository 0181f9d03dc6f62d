"""Limits and normalisation of text from outside. Pure.

CPython sorts a run of combining marks by insertion, so normalising costs the square of the run's
length: 240 kB of marks occupy a worker for half a minute. `normalize` first shortens such runs,
which no written language needs. Nothing else may call `unicodedata.normalize` (a test checks this).

Attack cases 49 (stacked marks) and 96 (the time that they take)."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

# marks above and below one letter; every living script except Tibetan needs two at most
MAX_STACK = 3
MAX_RUN = 12  # marks of any kind behind one letter; Burmese needs six
RAW_LENGTH = 4  # submitted characters per stored one: NFD writes a syllable in three
MAX_PATH = 1_000  # decoded characters of a path
MAX_QUERY = 8_000  # encoded characters of a query string

# The planes and blocks of Unicode that have combining marks. The unified ideographs, the Hangul
# syllables, the private use areas and the other planes have none. A test checks all of Unicode.
_PLACES = (
    range(0x300, 0x3400),
    range(0xA000, 0xAC00),
    range(0xD7A4, 0xD800),
    range(0xF900, 0x1F000),
)
_VARIATIONS = range(0xE0100, 0xE01F0)


def _is_stacked(char: str) -> bool:
    """Whether it is drawn onto the letter before it, or sorted with its neighbours by
    normalisation.

    Normalisation sorts marks of any category, and the half-width (han)dakuten, which NFKC turns
    into marks."""
    if unicodedata.category(char) in ("Mn", "Me") or unicodedata.combining(char):
        return True
    parts = unicodedata.decomposition(char) and unicodedata.normalize("NFKD", char)
    return bool(parts) and unicodedata.combining(parts[0]) > 0


def _ranges(codes: Iterable[int]) -> str:
    """The inside of a character class. Ranges, because the engine tries those of high planes one by
    one."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_CODES = [code for place in (*_PLACES, _VARIATIONS) for code in place]
_STACKED_CODES = [code for code in _CODES if _is_stacked(chr(code))]
_ANY_CODES = sorted({*_STACKED_CODES, *(n for n in _CODES if unicodedata.category(chr(n)) == "Mc")})
_STACKED, _ANY = _ranges(_STACKED_CODES) + "\u200c\u200d", _ranges(_ANY_CODES)
_STACK = re.compile(f"([{_STACKED}]{{{MAX_STACK}}})[{_STACKED}]+")
_RUN = re.compile(f"([{_ANY}]{{{MAX_RUN}}})[{_ANY}]+")
# A fast first test for possibly too many marks. The engine looks up the first 65,536 characters in
# a table and compares others with one range after the other, so here all of the others count as
# marks.
_LOW_MARKS = _ranges(code for code in _ANY_CODES if code < 0x10000)
_PERHAPS = re.compile(
    f"[{_LOW_MARKS}\u200c\u200d\U00010000-\U0001efff\U000e0100-\U000e01ef]{{{MAX_STACK + 1},}}"
)
MARKS = _ranges(_STACKED_CODES)
"""The inside of a character class: marks that are drawn onto a letter."""


def without_stacked_marks(text: str) -> str:
    """`text` with at most MAX_STACK marks on each letter, and MAX_RUN in a row."""
    return text if text.isascii() else _PERHAPS.sub(_lowered, text)


def _lowered(found: re.Match[str]) -> str:
    return _RUN.sub(r"\1", _STACK.sub(r"\1", found[0]))


def normalize(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """`text` in the Unicode normal `form`, without excess marks, in linear time."""
    return unicodedata.normalize(form, without_stacked_marks(text))


def is_too_long_address(path: str, query: str) -> bool:
    """Whether it is longer than any address of this site, so that it need not be processed."""
    return len(path) > MAX_PATH or len(query) > MAX_QUERY


def id_in(text: str) -> int:
    """The id of a row that a form or an address names; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def raw_limit(length: int | None) -> int:
    """How many characters may be submitted for a text of at most `length` (None: any length)."""
    return RAW_LENGTH * (length or 250)
