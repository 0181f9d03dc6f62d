"""What happens in the demo community and when, before anything of it is written.

The same plan for the same day: chance comes from a fixed seed, only the dates move.
"""

import datetime
import math
import random
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from boards.demo import (
    content_archive,
    content_free,
    content_free_more,
    content_gallery,
    content_life,
    content_lunch,
    content_news,
    content_news_more,
    content_notice,
    content_questions,
    series,
)
from boards.demo.content import PEOPLE, Entry
from boards.demo.dates import latest
from boards.demo.markup import said

SEOUL = ZoneInfo("Asia/Seoul")
WRITTEN = (
    content_notice,
    content_free,
    content_free_more,
    content_questions,
    content_life,
    content_news,
    content_news_more,
    content_gallery,
    content_archive,
    content_lunch,
)

# How often a post of a board is read in the end, and liked, when its warmth is 1.
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
    """A post to be written, with all that follows from it."""

    at: datetime.datetime
    entry: Entry
    comments: list[Said] = field(default_factory=list)
    views: int = 0
    likers: list[str] = field(default_factory=list)


def plan(now: datetime.datetime) -> list[Planned]:
    """Every post, oldest first. `now` is aware; nothing is later than it."""
    now = now.astimezone(SEOUL)
    today = now.date()
    entries = [entry for file in WRITTEN for entry in file.ENTRIES]
    entries += [*series.walks(today), *series.markets(today), *series.auctions(today)]
    planned = []
    for entry in entries:
        rng = random.Random(entry.subject)  # its own, so that editing one post moves no other
        post = Planned(written_at(entry, now), entry)
        post.comments = conversation(entry, post.at, now, rng)
        post.likers = likers(entry, rng)
        post.views = views(post, now, rng)
        planned.append(post)
    return sorted(planned, key=lambda post: post.at)


def written_at(entry: Entry, now: datetime.datetime) -> datetime.datetime:
    """The entry's day and hour; a day earlier where that would still be to come."""
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
    """The comments in their order, minutes to hours apart, at hours when people are awake."""
    comments: list[Said] = []
    chain: list[Said] = []  # the comment last written at each depth
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
    """`at`, or the next morning where Seoul is asleep."""
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
    """Most of what a post is ever read, it is read in its first fortnight."""
    entry = post.entry
    if entry.is_secret:
        return 3 + 2 * len(post.comments)
    days = (now - post.at).total_seconds() / 86_400
    grown = 0.3 + 0.7 * (1 - math.exp(-days / 9))
    count = VIEWS[entry.board] * entry.warmth * grown * rng.lognormvariate(0, 0.3)
    return round(count) + 2 * len(post.likers) + 3 * len(post.comments)
