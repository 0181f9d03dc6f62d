"""How much is written, by whom, how long: for the filled site and its peers alike. Pure."""

import math
import random
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2012, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=365 * 14)
BATCH = 2_000  # posts that are made and written at once
SENTENCES = 24  # of a post, at most
COMMENTS = 2  # a post, on the average
MOST_COMMENTS = 10_000  # of one post
MOST_MEMBERS = 50_000  # each is held in memory: a larger site has no more of them


def member_count(posts: int) -> int:
    return min(max(20, posts // 20), MOST_MEMBERS)


def member_of(count: int, rng: random.Random) -> int:
    """The place of one of `count` members: few write much."""
    return int(count * rng.random() ** 3)


def comment_count(posts: int, rng: random.Random) -> int:
    """Of one of so many posts: Zipf over all of them, whose ranks are drawn by lot."""
    rank = 1 + int(rng.random() * posts)
    expected = min(COMMENTS * posts / rank / _sum_of_inverses(posts), MOST_COMMENTS)
    return int(expected + rng.random())


def paragraphs(sentences: list[str]) -> str:
    parts = (" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4))
    return "".join(f"<p>{part}</p>" for part in parts)


def _sum_of_inverses(count: int) -> float:
    """1 + 1/2 + … + 1/count, nearly."""
    return math.log(max(count, 2)) + 0.577
