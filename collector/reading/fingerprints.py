"""Whether two texts say nearly the same words. Pure.

A fingerprint is trafilatura's simhash, of which nearly equal texts differ in few bits. Of a text's
single words, as trafilatura takes them, it cannot tell one day's stocks from the next one's: Korean
reports of a beat share their words. So it is given each four words that stand in a row; decision 0030 has
the numbers. trafilatura is imported when it is needed: 32 MiB.
"""

from boardsite import korean

MIN_WORDS = 30  # of shorter texts a few bits say nothing
MAX_WORDS = 400  # behind them nothing is looked at; so many take some 4 ms
NEAR = 9
"""Bits, of 64, in which nearly equal texts may differ."""

_ROW = 4  # words
_MAX_READ = 20_000  # characters
_UNSIGNED = 2**64 - 1


def fingerprint(text: str) -> int | None:
    """A signed number of 64 bits; None for a text of fewer than MIN_WORDS, which cannot be told from
    another. The same for other spaces, punctuation, quotes and case.
    """
    words = korean.runs(text[:_MAX_READ])[:MAX_WORDS]
    if len(words) < MIN_WORDS:
        return None
    from trafilatura.deduplication import Simhash

    rows = zip(*(words[start:] for start in range(_ROW)), strict=False)
    number = Simhash(" ".join("".join(row) for row in rows)).hash
    return number - 2**64 if number >= 2**63 else number


def is_near(one: int, other: int) -> bool:
    """Whether the texts of two fingerprints are nearly the same."""
    return ((one ^ other) & _UNSIGNED).bit_count() <= NEAR
