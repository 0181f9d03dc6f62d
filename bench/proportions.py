"""The number of posts, comments and members and their lengths, for each filled site. Pure."""

import math
import random
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2012, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=365 * 14)
BATCH = 2_000  # posts that are created and written at once
SENTENCES = 24  # of a post, at most
COMMENTS = 2  # per post on average
MOST_COMMENTS = 10_000  # of one post
MOST_MEMBERS = 50_000  # each is in memory, so a larger site has no more


def member_count(posts: int) -> int:
    return min(max(20, posts // 20), MOST_MEMBERS)


def member_of(count: int, rng: random.Random) -> int:
    """The index of one of `count` members: few write much."""
    return int(count * rng.random() ** 3)


def comment_count(posts: int, rng: random.Random) -> int:
    """The number of comments of one post: Zipf's law over all posts, in random order."""
    rank = 1 + int(rng.random() * posts)
    expected = min(COMMENTS * posts / rank / _sum_of_inverses(posts), MOST_COMMENTS)
    return int(expected + rng.random())


def paragraphs(sentences: list[str]) -> str:
    parts = (" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4))
    return "".join(f"<p>{part}</p>" for part in parts)


def _sum_of_inverses(count: int) -> float:
    """1 + 1/2 + … + 1/count, approximately."""
    return math.log(max(count, 2)) + 0.577
