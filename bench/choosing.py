"""Which posts and words are asked for, of the site and of its peers alike. Pure.

A cache makes some of these fast and not others, so each kind has a row of its own.
"""

import random
from collections.abc import Iterator
from urllib.parse import quote

from bench.corpus import corpus_of

FEW = 500
MANY = 20_000
"""Addresses of one kind at most; a page that is asked for again after so many is in no cache."""


def posts(last: int, seed: int = 1) -> dict[str, list[int]]:
    """Of `last` posts, numbered from 1: as people choose them, of some that are talked about, of all,
    and one that everybody reads."""
    rng = random.Random(seed)
    some = rng.sample(range(1, last + 1), min(FEW, last))
    return {
        "post, Zipf": list(zipf(last, MANY, rng)),
        f"post, of {FEW}": some,
        "post, any": rng.sample(range(1, last + 1), min(MANY, last)),
        "post, one": [max(some)],
    }


def zipf(last: int, draws: int, rng: random.Random) -> Iterator[int]:
    """Numbers from 1 to `last`, the newest most: the nth newest n times more rarely than the newest."""
    for _each in range(draws):
        yield last + 1 - int((last + 1) ** rng.random())


def searches(prefix: str) -> dict[str, list[str]]:
    """Addresses that begin with `prefix`, for words in most posts and for words in few."""
    words = corpus_of(1).words
    return {
        "search, common": [prefix + quote(word) for word in words[:20]],
        "search, rare": [
            prefix + quote(word) for word in random.Random(1).sample(words[2000:], 100)
        ],
    }


def far_pages(last: int) -> list[int]:
    """Of `last` pages, in the last tenth."""
    rng = random.Random(1)
    last = max(1, last)
    return [rng.randint(last - last // 10, last) for _ in range(FEW)]
