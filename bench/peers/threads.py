"""The same kind of posts and comments as `bench.filling` writes, as threads and replies. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.corpus import corpus_of, name
from bench.proportions import (
    BATCH,
    BEGIN,
    SENTENCES,
    SPAN,
    comment_count,
    member_count,
    member_of,
    paragraphs,
)


@dataclass(frozen=True, slots=True)
class Text:
    author: int  # a place in Threads.names
    said: str
    html: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    title: str
    texts: list[Text]
    """What opens the thread, then its replies in the order of time."""


class Threads:
    """So many of one seed: the same ones each time."""

    def __init__(self, count: int, seed: int = 1):
        self.count, self.rng, self.corpus = count, random.Random(f"threads {seed}"), corpus_of(seed)
        self.names = [f"{name(self.rng)}{place}" for place in range(member_count(count))]

    def __iter__(self) -> Iterator[Thread]:
        for place in range(self.count):
            at = BEGIN + SPAN * (place / self.count)
            texts = [self._text(self.corpus.some(self.rng, SENTENCES), at)]
            for _each in range(comment_count(self.count, self.rng)):
                at += timedelta(minutes=self.rng.randint(1, 300))
                texts.append(self._text(self.corpus.some(self.rng, 1), at))
            yield Thread(self.corpus.title(self.rng), texts)

    def batches(self) -> Iterator[list[Thread]]:
        batch = []
        for thread in self:
            batch.append(thread)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _text(self, places: list[int], at: datetime) -> Text:
        sentences = [self.corpus.sentences[place] for place in places]
        author = member_of(len(self.names), self.rng)
        return Text(author, " ".join(sentences), paragraphs(sentences), at)
