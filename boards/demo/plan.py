"""Plans what happens in the demo community and when, before anything is written.

The same day yields the same plan: random numbers come from a fixed seed.
"""

import datetime
import math
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from boards.demo import series
from boards.demo.content import PEOPLE, Entry
from boards.demo.dates import latest
from boards.demo.markup import said

SEOUL = ZoneInfo("Asia/Seoul")
POSTS = Path(__file__).parent / "posts"

# Final views and likes of a post of each board whose warmth is 1.
VIEWS = {
    "notice": 240,
    "free": 95,
    "qna": 80,
    "life": 110,
    "economics": 55,
    "gallery": 105,
    "archive": 90,
}
LIKES = {
    "notice": 3.0,
    "free": 4.2,
    "qna": 1.6,
    "life": 3.5,
    "economics": 1.8,
    "gallery": 5.0,
    "archive": 3.5,
}


@dataclass(eq=False)
class Said:
    """A comment to be written."""

    at: datetime.datetime
    by: str
    text: str
    parent: "Said | None"


@dataclass(eq=False)
class Planned:
    """A post to be written, with its comments, views and likes."""

    at: datetime.datetime
    entry: Entry
    comments: list[Said] = field(default_factory=list)
    views: int = 0
    likers: list[str] = field(default_factory=list)


def plan(now: datetime.datetime) -> list[Planned]:
    """Every post, oldest first. `now` is aware; nothing is later than it."""
    now = now.astimezone(SEOUL)
    today = now.date()
    entries = list(written_entries())
    entries += [*series.walks(today), *series.markets(today), *series.auctions(today)]
    planned = []
    for entry in entries:
        # A seed of its own, so that editing one post changes no other.
        rng = random.Random(entry.subject)
        post = Planned(written_at(entry, now), entry)
        post.comments = conversation(entry, post.at, now, rng)
        post.likers = likers(entry, rng)
        post.views = views(post, now, rng)
        planned.append(post)
    return sorted(planned, key=lambda post: post.at)


def written_entries() -> Iterator[Entry]:
    """The posts in the files of posts/."""
    for file in sorted(POSTS.glob("*.toml")):
        for row in tomllib.loads(file.read_text("utf-8"))["post"]:
            fields: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in row.items()
            }
            yield Entry(**fields)


def written_at(entry: Entry, now: datetime.datetime) -> datetime.datetime:
    """The day and time of the entry; a day earlier if that would be in the future."""
    today = now.date()
    day = latest(entry.on, today) if entry.on else today - datetime.timedelta(days=entry.ago)
    hour, minute = (int(part) for part in entry.at.split(":"))
    at = datetime.datetime.combine(day, datetime.time(hour, minute), SEOUL)
    seconds = datetime.timedelta(seconds=len(entry.text) % 60)
    if at > now - datetime.timedelta(hours=1):
        at -= datetime.timedelta(days=1)
    return at + seconds


def conversation(
    entry: Entry, start: datetime.datetime, now: datetime.datetime, rng: random.Random
) -> list[Said]:
    """The comments in their order, minutes to hours apart, at times when people are awake."""
    comments: list[Said] = []
    chain: list[Said] = []  # the latest comment at each depth
    at = start
    for depth, by, text in said(entry.comments):
        at = awake(at + datetime.timedelta(minutes=rng.lognormvariate(3.4, 1.1)), rng)
        comment = Said(at, by, text, chain[depth - 1] if depth else None)
        chain[depth:] = [comment]
        comments.append(comment)
    if comments and at > now:
        share = (now - start) * 0.9 / (at - start)
        for comment in comments:
            comment.at = start + (comment.at - start) * share
    return comments


def awake(at: datetime.datetime, rng: random.Random) -> datetime.datetime:
    """`at`, or the next morning if it is night in Seoul."""
    if at.hour < 6:
        return at.replace(hour=7) + datetime.timedelta(minutes=rng.uniform(0, 150))
    return at


def likers(entry: Entry, rng: random.Random) -> list[str]:
    if entry.is_secret:
        return []
    people = [
        person.nickname for person in PEOPLE if not person.is_robot and person.nickname != entry.by
    ]
    wanted = round(LIKES[entry.board] * entry.warmth * rng.uniform(0.5, 1.4))
    return rng.sample(people, min(wanted, len(people)))


def views(post: Planned, now: datetime.datetime, rng: random.Random) -> int:
    """A post gets most of its views within two weeks."""
    entry = post.entry
    if entry.is_secret:
        return 3 + 2 * len(post.comments)
    days = (now - post.at).total_seconds() / 86_400
    grown = 0.3 + 0.7 * (1 - math.exp(-days / 9))
    count = VIEWS[entry.board] * entry.warmth * grown * rng.lognormvariate(0, 0.3)
    return round(count) + 2 * len(post.likers) + 3 * len(post.comments)
