"""The content of the indexes and the queries, as lists of pieces that are the same on both
databases. Pure.

Filters are pieces too, so that the index evaluates them before LIMIT applies. A prefix marks the
kind of a filter: a single Korean letter, which is never a piece of a text.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from boards.text.typed_search import Term
from boardsite.text import korean

TITLE, NAME, BOARD, AUTHOR = "ㅌ", "ㅁ", "ㅂ", "ㅇ"
MASKED = "ㅅ1"

Field = Literal["all", "title", "text", "author"]


@dataclass(frozen=True)
class Document:
    """The indexed content of a post or a comment: plain texts. A comment has no title.

    To remove a document, pass the same values as when it was added (see boards.search.sqlite).
    """

    id: int
    board_id: int
    author_id: int | None
    author_name: str
    title: str
    text: str
    is_secret: bool = False

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Each piece once. Takes about 0.15 ms for 600 characters, so call it before the
        transaction."""
        title = korean.pieces(self.title)
        found = dict.fromkeys([f"{BOARD}{self.board_id}"])
        if self.author_id:
            found[f"{AUTHOR}{self.author_id}"] = None
        if self.is_secret:
            found[MASKED] = None
        found |= dict.fromkeys(_marked(NAME, self.author_name))
        found |= dict.fromkeys(_marked(TITLE, self.title))
        return tuple(found | dict.fromkeys(title) | dict.fromkeys(korean.pieces(self.text)))

    def with_pieces(self, pieces: Iterable[str]) -> "Document":
        """The same document, whose pieces another process has computed; its text is not needed any more."""
        copy = replace(self)
        copy.__dict__["pieces"] = tuple(pieces)
        return copy

    def with_id(self, pk: int) -> "Document":
        """The same document for another row. Its pieces, if they are known, are not computed again."""
        copy = replace(self, id=pk)
        if "pieces" in self.__dict__:
            copy.__dict__["pieces"] = self.pieces
        return copy


def written_by(member: int) -> str:
    """The piece that all documents of a member (an id) have."""
    return f"{AUTHOR}{member}"


def of_board(board: int) -> str:
    """The piece that all documents of a board (an id) have."""
    return f"{BOARD}{board}"


def _marked(mark: str, text: str) -> list[str]:
    """The pieces of a title or name, and each single syllable of it."""
    return [mark + piece for piece in korean.pieces(text) + korean.syllables(text)]


@dataclass(frozen=True)
class Question:
    """A search: the words and the filters.

    Secret documents match only if `opened_by` gives access to them; otherwise they are not counted
    either.

    A single syllable (빵) is searched in titles and names only; together with longer words it is
    checked in the text. The results of an index are exact if `is_exact`, else `holds` checks texts.
    """

    words: tuple[str, ...]
    field: Field = "all"
    boards: frozenset[int] | None = None  # None: every board
    without_boards: frozenset[int] = frozenset()
    author_id: int | None = None
    # The pieces that give access to a secret document; None if all secrets are readable.
    opened_by: frozenset[str] | None = frozenset()
    phrases: tuple[Term, ...] = ()  # words that follow each other
    without: tuple[Term, ...] = ()  # phrases that a result must not contain
    is_loose: bool = False  # `words` are also found with spaces inside them

    @cached_property
    def clauses(self) -> list[list[str]]:
        """A conjunction of disjunctions of pieces; empty if nothing can match."""
        clauses = [list(clause) for clause in dict.fromkeys(self._clauses_of_words())]
        if not clauses or (self.boards is not None and not self.boards):
            return []
        if self.boards is not None:
            clauses.append([f"{BOARD}{board}" for board in sorted(self.boards)])
        if self.author_id is not None:
            clauses.append([f"{AUTHOR}{self.author_id}"])
        return clauses

    @cached_property
    def excluded(self) -> list[list[str]]:
        """Pieces that a result must not have all together."""
        boards = [[f"{BOARD}{board}"] for board in sorted(self.without_boards)]
        return boards + [
            self._pieces_of(term) for term in self.without if term not in self._checked_without
        ]

    @cached_property
    def is_exact(self) -> bool:
        """Whether pieces tell everything, so that no text needs to be checked."""
        return not self._wanted and not self._unwanted

    def holds(self, text: str) -> bool:
        """Whether a text has what the pieces cannot tell."""
        folded = korean.fold(text)
        return all(pattern.search(folded) for pattern in self._wanted) and not any(
            pattern.search(folded) for pattern in self._unwanted
        )

    @cached_property
    def loosened(self) -> "Question | None":
        """The same question with spaces allowed inside its words; None if that changes nothing."""
        if self.is_loose or self.field == "author" or not any(map(_is_long, self.words)):
            return None
        return replace(self, is_loose=True)

    def shown_in(self, text: str) -> list[str]:
        """The words to highlight in a text, as they are written there (가로등 켜는: two words)."""
        if not self.is_loose:
            return self._all_words
        folded = korean.fold(text)
        hits = (_pattern((word,), True).search(folded) for word in self.words if _is_long(word))
        return self._all_words + [part for hit in hits if hit for part in hit[0].split()]

    @cached_property
    def titles_only(self) -> bool:
        """Whether all words are single syllables, so that only titles are searched."""
        return self.field == "all" and all(map(_is_single, self._all_words))

    @cached_property
    def _all_words(self) -> list[str]:
        return [*self.words, *itertools.chain.from_iterable(self.phrases)]

    @cached_property
    def _wanted(self) -> list[re.Pattern]:
        """Patterns of what may match by its pieces although the text does not have it."""
        if self.field == "author":
            return []  # names are too short for that
        words = [(word,) for word in self.words if not self._is_piece(word)]
        phrases = [term for term in self.phrases if len(term) > 1 or not self._is_piece(term[0])]
        return [_pattern(term, self.is_loose) for term in words] + [
            _pattern(term, False) for term in phrases
        ]

    @cached_property
    def _unwanted(self) -> list[re.Pattern]:
        return [_pattern(term, False) for term in self._checked_without]

    @cached_property
    def _checked_without(self) -> list[Term]:
        if self.field == "author":
            return []
        return [term for term in self.without if len(term) > 1 or not self._is_piece(term[0])]

    def _is_piece(self, word: str) -> bool:
        """Whether documents with the word's piece are exactly those that a search for it means."""
        if self.field == "text":
            return False  # the index does not distinguish a text from its title
        if not korean.is_syllables(word):
            return not korean.groups(word)
        return len(word) == 2 or (len(word) == 1 and (self.field == "title" or self.titles_only))

    @cached_property
    def _mark(self) -> str:
        """The prefix of the pieces to look for."""
        if self.titles_only:
            return TITLE
        return {"all": "", "text": "", "title": TITLE, "author": NAME}[self.field]

    def _pieces_of(self, term: Term) -> list[str]:
        return [
            self._mark + piece
            for word in term
            for piece in ([word] if _is_single(word) else korean.pieces(word))
        ]

    def _clauses_of_words(self) -> Iterator[tuple[str, ...]]:
        for word in self._all_words:
            if _is_single(word):
                if self._mark:
                    yield (self._mark + word,)
                continue
            pieces = [self._mark + piece for piece in korean.pieces(word)]
            if number := korean.groups(word):
                yield from ((*pieces, self._mark + group) for group in number)
            elif self.is_loose and word in self.words and _is_long(word):
                yield from itertools.pairwise(
                    self._mark + first + second for first, second in itertools.pairwise(word)
                )
            else:
                yield from ((piece,) for piece in pieces)


def _pattern(term: Term, is_loose: bool) -> re.Pattern:
    return korean.pattern(term, is_loose=is_loose)


def _is_single(word: str) -> bool:
    return len(word) == 1 and korean.is_syllables(word)


def _is_long(word: str) -> bool:
    """Whether it has a piece left where a space divides it."""
    return len(word) > 2 and korean.is_syllables(word)
