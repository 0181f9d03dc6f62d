"""What a search that found nothing may have meant. Pure."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from boardsite.text import jamo, korean, particles

SPLITS = 4  # places of a word where a space is tried


class Retry(NamedTuple):
    """Another query, and why it is tried."""

    query: str
    reason: Literal["particles", "spaces", "hangul", "latin"]


def retries(query: str) -> Iterator[Retry]:
    """The likeliest first: without particles, a compound as two words, typed on the other keyboard. At
    most SPLITS + 3."""
    if (shorter := particles.without_particles(query)) not in ("", " ".join(query.split())):
        yield Retry(shorter, "particles")
    yield from (Retry(words, "spaces") for words in _divided(query.strip()))
    if hangul := jamo.in_hangul(query):
        yield Retry(hangul, "hangul")
    if latin := jamo.in_latin(query):
        yield Retry(latin, "latin")


def _divided(word: str) -> list[str]:
    """One word of syllables as two of at least two syllables, divided near the middle first."""
    if not korean.has_only_hangul(word):
        return []
    places = sorted(range(2, len(word) - 1), key=lambda place: abs(2 * place - len(word)))
    return [f"{word[:place]} {word[place:]}" for place in places[:SPLITS]]
