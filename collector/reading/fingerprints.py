"""Detects texts with nearly the same words. Pure.

A fingerprint is trafilatura's simhash: one number, in which similar texts differ by few bits. It is
compared quickly with all numbers of a week and finds candidates. A sketch then decides: the
smallest hashes of a text's shingles of four words (MinHash), which estimate how much of the shorter
text is contained in the longer one. Single words, as the simhash uses them, cannot tell one day's
stock report from the next, because Korean reports on one subject share their words. Decision 0030
has the measurements. trafilatura (32 MiB) is imported on first use.
"""

import hashlib
import struct

from boardsite.text import korean

MIN_WORDS = 30  # a shorter text has too few words to compare
MAX_WORDS = 400  # the rest is ignored; so many take some 4 ms
NEAR = 9
"""Bits (of 64) by which nearly equal texts may differ if there is no sketch."""
MAYBE = 23
"""Bits by which copies with a different first sentence and footer may differ. One in sixty pairs of
unrelated texts is as close."""
SHARED = 0.6
"""Minimum share of the shorter text that is contained in a copy. Copies have 0.7 and more, other
reports 0.5 and less."""
OF_SIZE = 0.6
"""A text below this share of the longer one is not the same story but a part of it."""

_ROW = 4  # words per shingle
_HASH = 4  # bytes per hash
_SKETCH_SIZE = 64  # hashes per sketch
_MAX_READ = 20_000  # characters
_UNSIGNED = 2**64 - 1


def fingerprint(text: str) -> int | None:
    """A signed 64-bit number; None for a text of fewer than MIN_WORDS.

    Spaces, punctuation, quotes and case make no difference.
    """
    rows = _rows_of(text)
    if not rows:
        return None
    from trafilatura.deduplication import Simhash

    number = Simhash(" ".join(rows)).hash
    return number - 2**64 if number >= 2**63 else number


def sketch(text: str) -> bytes | None:
    """The number of different shingles and the smallest hashes of them; None as for
    `fingerprint`."""
    rows = {*_rows_of(text)}
    if not rows:
        return None
    hashes = sorted(hashlib.blake2b(row.encode(), digest_size=_HASH).digest() for row in rows)
    return struct.pack(">H", len(rows)) + b"".join(hashes[:_SKETCH_SIZE])


def _rows_of(text: str) -> list[str]:
    """The shingles: each four consecutive words; [] for a text of fewer than MIN_WORDS."""
    words = korean.runs(text[:_MAX_READ])[:MAX_WORDS]
    if len(words) < MIN_WORDS:
        return []
    return ["".join(row) for row in zip(*(words[start:] for start in range(_ROW)), strict=False)]


def is_near(one: int, other: int) -> bool:
    """Whether two fingerprints belong to nearly equal texts."""
    return ((one ^ other) & _UNSIGNED).bit_count() <= NEAR


def may_be_near(one: int, other: int) -> bool:
    """Whether two fingerprints are close enough to compare their sketches."""
    return ((one ^ other) & _UNSIGNED).bit_count() <= MAYBE


def is_copy(one: bytes, other: bytes) -> bool:
    """Whether two sketches belong to one report: the longer text contains most of the shorter one.

    The smallest hashes of both are a random sample of all their shingles. The share of the sample
    that both have is their resemblance (Jaccard index), which gives the containment.
    """
    (count, hashes), (other_count, other_hashes) = _unpacked(one), _unpacked(other)
    least, most = sorted((count, other_count))
    if least < most * OF_SIZE:
        return False
    sample = sorted(hashes | other_hashes)[:_SKETCH_SIZE]
    resemblance = sum(each in hashes and each in other_hashes for each in sample) / len(sample)
    in_both = resemblance / (1 + resemblance) * (least + most)
    return in_both >= least * SHARED


def _unpacked(sketch: bytes) -> tuple[int, set[bytes]]:
    return struct.unpack(">H", sketch[:2])[0], {
        sketch[place : place + _HASH] for place in range(2, len(sketch), _HASH)
    }
