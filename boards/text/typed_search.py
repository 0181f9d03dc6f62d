"""Reads what a visitor typed into the search: words, "phrases" and -exclusions. Pure.

A phrase's words follow each other, whatever stands between them. A minus excludes only at the
beginning of a word (LG-전자 has none), and only beside something to find: `-10도` alone is a search for
10도.
"""

import re
from dataclasses import dataclass

from boardsite.text import korean

Term = tuple[str, ...]
"""Words that follow each other."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟", '"'))
_PART = re.compile(r'(?P<minus>(?<!\S)-(?=["\w]))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Typed:
    """`words` and `phrases` must all be found, none of `without` may be."""

    words: tuple[str, ...]
    phrases: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()


def read(query: str) -> Typed:
    """At most korean.QUERY_WORDS of each kind, of the first korean.QUERY_LIMIT characters."""
    query = korean.fold(query[: korean.QUERY_LIMIT * 10])[: korean.QUERY_LIMIT]
    phrases: dict[Term, None] = {}
    without: dict[Term, None] = {}

    def take(part: re.Match) -> str:
        term = tuple(korean.query_words(part["phrase"] or part["word"] or ""))
        if term and part["minus"]:
            without[term] = None
        elif term and part["phrase"]:
            phrases[term] = None
        else:
            return part[0]
        return " "

    words = tuple(korean.query_words(_PART.sub(take, query.translate(_QUOTES))))
    if not words and not phrases:
        return Typed(tuple(korean.query_words(query)))
    return Typed(words, _first(phrases), _first(without))


def _first(terms: dict[Term, None]) -> tuple[Term, ...]:
    return tuple(list(terms)[: korean.QUERY_WORDS])
