"""Generated copies of agency reports, as papers print them, and unrelated reports. For the tests of
fingerprints, and for measuring them again (decision 0030).

The text is random, with the statistics of news: a few words are frequent, numbers and names change,
and reports on one subject share sentences from day to day.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

_SYLLABLES = (
    "가나다라마바사아자차카타파하고노도로모보소오조초구누두루무부수우주추강남동산선신정한국인"
)
_ENDINGS = "은 는 이 가 을 를 에 에서 으로 와 과 의 도 만 까지 부터".split()
_VERBS = "밝혔다 전했다 말했다 설명했다 내다봤다 덧붙였다 강조했다 보인다 나타났다 집계됐다".split()
_WORDS = 150


class Pair(NamedTuple):
    kind: str
    one: str
    other: str
    is_copy: bool


def pairs(seed: int, count: int) -> Iterator[Pair]:
    """`count` pairs of each kind."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(4_000)]
    writer = _Writer(chance, vocabulary)
    for _ in range(count):
        report = writer.report()
        for kind, change in _COPIES.items():
            yield Pair(kind, _text(report), _text(change(writer, report)), True)
        for kind, other in _OTHERS.items():
            one, two = other(writer)
            yield Pair(kind, _text(one), _text(two), False)


Sentence = list[str]


def _text(sentences: list[Sentence]) -> str:
    return " ".join(" ".join(sentence) + "." for sentence in sentences)


class _Writer:
    def __init__(self, chance: random.Random, vocabulary: list[str]):
        self.chance, self.vocabulary = chance, vocabulary
        # As in any language, the tenth word is a tenth as frequent as the first.
        self.weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
        self.boilerplate = [self.sentence() for _ in range(3)]

    def word(self) -> str:
        if self.chance.random() < 0.12:
            return str(self.chance.randint(1, 3_000)) + self.chance.choice("명원개건일%")
        (word,) = self.chance.choices(self.vocabulary, self.weights)
        return word + self.chance.choice(_ENDINGS)

    def sentence(self) -> Sentence:
        return [
            *(self.word() for _ in range(self.chance.randint(9, 17))),
            self.chance.choice(_VERBS),
        ]

    def report(self, words: int = _WORDS) -> list[Sentence]:
        sentences: list[Sentence] = []
        while sum(map(len, sentences)) < words:
            sentences.append(self.sentence())
        return sentences

    def changed(self, report: list[Sentence], words: int) -> list[Sentence]:
        """A copy in which this many randomly chosen words are replaced."""
        report = [[*sentence] for sentence in report]
        places = [(row, column) for row, line in enumerate(report) for column in range(len(line))]
        for row, column in self.chance.sample(places, words):
            report[row][column] = self.word()
        return report

    def next_day(self, words: int) -> tuple[list[Sentence], list[Sentence]]:
        """Reports on one subject from two days: the same sentences, but every fourth word is a
        different number."""
        frame = self.report(words)
        return tuple(
            [
                [
                    str(self.chance.randint(1, 30_000)) if place % 4 == 2 else word
                    for place, word in enumerate(sentence)
                ]
                for sentence in frame
            ]
            for _day in range(2)
        )


_COPIES = {
    "three words changed": lambda writer, report: writer.changed(report, 3),
    "a first sentence added": lambda writer, report: [writer.sentence(), *report],
    "three words and a first sentence": lambda writer, report: [
        writer.sentence(),
        *writer.changed(report, 3),
    ],
    "… and the last sentence cut": lambda writer, report: [
        writer.sentence(),
        *writer.changed(report, 3)[:-1],
    ],
    "… and a paper's lines below": lambda writer, report: [
        writer.sentence(),
        *writer.changed(report, 3)[:-1],
        *writer.boilerplate,
    ],
    "six words changed": lambda writer, report: writer.changed(report, 6),
    "the first seven tenths": lambda writer, report: report[: round(len(report) * 0.7)],
}
_OTHERS = {
    "another report": lambda writer: (writer.report(), writer.report()),
    "another report, the same lines below": lambda writer: (
        [*writer.report(60), *writer.boilerplate],
        [*writer.report(60), *writer.boilerplate],
    ),
    "the same beat, another day": lambda writer: writer.next_day(_WORDS),
    "the same beat, another day, short": lambda writer: writer.next_day(60),
    "a follow-up that repeats three sentences": lambda writer: _follow_up(writer),
}


def _follow_up(writer: _Writer) -> tuple[list[Sentence], list[Sentence]]:
    first = writer.report()
    return first, [*writer.report(110), *first[-3:]]


class Found(NamedTuple):
    """The result of one way of comparing."""

    copies: dict[str, float]
    """Kind of copy → share that was found."""
    others: dict[str, float]
    """Kind of unrelated report → share that was taken for a copy."""
    precision: float
    recall: float


def found_among(pairs: Iterable[Pair], are_one_story: Callable[[str, str], bool]) -> Found:
    kinds: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair in pairs:
        kinds[pair.is_copy, pair.kind].append(are_one_story(pair.one, pair.other))
    shares = {key: sum(found) / len(found) for key, found in kinds.items()}
    right, wrong, copies = (
        sum(map(sum, (found for (is_copy, _kind), found in kinds.items() if is_copy))),
        sum(map(sum, (found for (is_copy, _kind), found in kinds.items() if not is_copy))),
        sum(len(found) for (is_copy, _kind), found in kinds.items() if is_copy),
    )
    return Found(
        {kind: share for (is_copy, kind), share in shares.items() if is_copy},
        {kind: share for (is_copy, kind), share in shares.items() if not is_copy},
        right / ((right + wrong) or 1),
        right / copies,
    )
