"""What the indexes hold and how they are asked, in pieces: the same lists on both databases. Pure.

Filters are pieces too, so that they are part of the query and never a sieve behind its LIMIT. A
mark in front tells the kinds apart: a lone Korean letter, which no piece of a text can hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from boardsite import korean

TITLE, NAME, BOARD, AUTHOR = "ㅌ", "ㅁ", "ㅂ", "ㅇ"

Field = Literal["all", "title", "text", "author"]


@dataclass(frozen=True)
class Document:
    """A post or a comment as an index sees it: plain texts, without tags. A comment has no title.

    To take one out again, give the same values it was put in with (see boards.search.sqlite).
    """

    id: int
    board_id: int
    author_id: int | None
    author_name: str
    title: str
    text: str

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """Each piece once. Costs about 0.15 ms for 600 characters: ask before the transaction."""
        title = korean.pieces(self.title)
        found = dict.fromkeys([f"{BOARD}{self.board_id}"])
        if self.author_id:
            found[f"{AUTHOR}{self.author_id}"] = None
        found |= dict.fromkeys(_marked(NAME, self.author_name))
        found |= dict.fromkeys(_marked(TITLE, self.title))
        return tuple(found | dict.fromkeys(title) | dict.fromkeys(korean.pieces(self.text)))


def _marked(mark: str, text: str) -> list[str]:
    """The pieces of a title or name, and each single syllable of it."""
    return [mark + piece for piece in korean.pieces(text) + korean.syllables(text)]


@dataclass(frozen=True)
class Question:
    """A search: words and where to look for them.

    A single syllable (빵) is looked for in titles and names only; beside longer words it is checked
    on the text. The answer of an index is exact but for `to_check`.
    """

    words: tuple[str, ...]
    field: Field = "all"
    boards: frozenset[int] | None = None  # None: every board
    without_boards: frozenset[int] = frozenset()
    author_id: int | None = None

    @cached_property
    def clauses(self) -> list[list[str]]:
        """An AND of ORs of pieces. Empty when nothing can be found."""
        pieces = list(self._pieces())
        if not pieces or (self.boards is not None and not self.boards):
            return []
        clauses = [[piece] for piece in dict.fromkeys(pieces)]
        if self.boards is not None:
            clauses.append([f"{BOARD}{board}" for board in sorted(self.boards)])
        if self.author_id is not None:
            clauses.append([f"{AUTHOR}{self.author_id}"])
        return clauses

    @cached_property
    def excluded(self) -> list[str]:
        """Pieces none of which may be there."""
        return [f"{BOARD}{board}" for board in sorted(self.without_boards)]

    @cached_property
    def to_check(self) -> list[str]:
        """Words that an answer may lack: their pieces are there, but perhaps not in a row."""
        if self.field == "author":
            return []  # names are too short for that
        if self.field == "text":
            return list(self.words)  # the index does not tell a text from its title
        return [
            word
            for word in self.words
            if korean.is_syllables(word)
            and (len(word) > 2 or (len(word) == 1 and self.field == "all" and not self.titles_only))
        ]

    @cached_property
    def titles_only(self) -> bool:
        """A search of everything for single syllables, which looks at titles."""
        return self.field == "all" and all(map(_is_single, self.words))

    def _pieces(self) -> Iterator[str]:
        mark = {"all": "", "text": "", "title": TITLE, "author": NAME}[self.field]
        if self.titles_only:
            mark = TITLE
        for word in self.words:
            if not _is_single(word):
                yield from (mark + piece for piece in korean.pieces(word))
            elif mark:
                yield mark + word


def _is_single(word: str) -> bool:
    return len(word) == 1 and korean.is_syllables(word)
