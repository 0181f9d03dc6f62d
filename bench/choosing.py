"""Chooses the posts and searches that are requested, in the same way in each run. Pure.

A cache speeds up only some of them, so each kind is a separate row of the report.
"""

import random
from collections.abc import Iterator
from urllib.parse import quote

from bench.corpus import corpus_of

FEW = 500
MANY = 20_000
"""Maximum number of URLs of one kind; before a page is requested again, every cache has dropped
it."""


def posts(last: int, seed: int = 1) -> dict[str, list[int]]:
    """Choices among `last` posts, numbered from 1: as people choose them, a few popular ones, any
    of them, and one that everybody reads."""
    rng = random.Random(seed)
    some = rng.sample(range(1, last + 1), min(FEW, last))
    return {
        "post, Zipf": list(zipf(last, MANY, rng)),
        f"post, of {FEW}": some,
        "post, any": rng.sample(range(1, last + 1), min(MANY, last)),
        "post, one": [max(some)],
    }


def zipf(last: int, draws: int, rng: random.Random) -> Iterator[int]:
    """Numbers from 1 to `last` by Zipf's law: the nth newest is n times rarer than the newest."""
    for _each in range(draws):
        yield last + 1 - int((last + 1) ** rng.random())


def searches(prefix: str) -> dict[str, list[str]]:
    """Search URLs that begin with `prefix`, for frequent and for rare words."""
    words = corpus_of(1).words
    return {
        "search, common": [prefix + quote(word) for word in words[:20]],
        "search, rare": [
            prefix + quote(word) for word in random.Random(1).sample(words[2000:], 100)
        ],
    }


def far_pages(last: int) -> list[int]:
    """Pages in the last tenth of `last` pages."""
    rng = random.Random(1)
    last = max(1, last)
    return [rng.randint(last - last // 10, last) for _ in range(FEW)]
