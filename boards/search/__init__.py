"""Full-text search: two indexes, of posts and of comments, in the site's own database.

Written in the transaction of the deed itself; the actions decide what is findable. Answers are ids,
the newest first. Which boards may be seen is part of the question.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from boards.search import postgres, sqlite
from boards.search.documents import Document, Field, Question
from boards.search.patience import PATIENCE, TooSlow
from boardsite import korean

__all__ = [
    "Document",
    "Index",
    "Question",
    "Results",
    "TooSlow",
    "ask",
    "comments",
    "create_tables",
    "drop_tables",
    "find_verified",
    "posts",
]

COUNT_CAP = 1_000  # counts are exact up to here
RESULT_LIMIT = 10_000  # results that can be paged through
CHECK_LIMIT = 2_000  # answers whose text is checked for one page
CHECK_BATCH = 100  # after the first


def ask(
    query: str,
    *,
    field: Field = "all",
    boards: Iterable[int] | None = None,
    without_boards: Iterable[int] = (),
    author_id: int | None = None,
) -> Question:
    """A question from what a visitor typed. `boards`: ids of those he may see, None for all but
    `without_boards`.

    Name the fewer of them: each costs a list as long as its board to walk along.
    """
    return Question(
        words=tuple(korean.query_words(query)),
        field=field,
        boards=None if boards is None else frozenset(boards),
        without_boards=frozenset(without_boards),
        author_id=author_id,
    )


@dataclass(frozen=True)
class Index:
    """One of the indexes; `table` is its table in the database."""

    table: str

    def add(self, document: Document) -> None:
        """Raises IntegrityError when it is there already."""
        _storage().insert(self.table, document)

    def remove(self, document: Document) -> None:
        """Take out a document, given as it was added. One that is not there is no error."""
        _storage().delete(self.table, document)

    def replace(self, old: Document, new: Document) -> None:
        """Put `new` in the place of `old` (the same id); costs nothing when no piece differs."""
        if set(old.pieces) != set(new.pieces):
            _storage().replace(self.table, old, new)

    def clear(self) -> None:
        _storage().clear(self.table)

    # -- making it anew, from the newest down; see manage.py reindex ---------------------------
    def begin_anew(self) -> int:
        """The highest id that it holds now, 0 for none. SQLite's is empty from here on."""
        return _storage().begin_anew(self.table)

    def held(self, first: int, below: int) -> set[int]:
        """The ids that it holds, first ≤ id < below."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {self.table} WHERE rowid >= %s AND rowid < %s", [first, below]
            )
            return {pk for (pk,) in cursor.fetchall()}

    def renew(self, documents: Iterable[Document], held: set[int]) -> int:
        """Makes one stretch of ids hold `documents` and no others; how many rows that moved.

        `held`: what it held before the documents were read. What came after is right already.
        """
        return _storage().renew(self.table, list(documents), held)

    def find(self, question: Question, *, limit: int, offset: int = 0) -> list[int]:
        """Ids, the newest first. May hold ones that lack a word of `question.to_check`.

        Raises TooSlow when the database has not answered after PATIENCE seconds.
        """
        if not question.clauses:
            return []
        return _storage().newest(self.table, question, limit, offset)

    def count(self, question: Question, *, cap: int = COUNT_CAP) -> tuple[int, bool]:
        """How many `find` would find, at most `cap`, and whether there are more."""
        counted = len(self.find(question, limit=cap + 1))
        return min(counted, cap), counted > cap


posts = Index("boards_post_search")
comments = Index("boards_comment_search")


@dataclass(frozen=True)
class Results:
    """A page of ids, and how many there are: `total`, or more when `is_capped` (`1,000건 이상`)."""

    ids: list[int]
    total: int
    is_capped: bool


def find_verified(
    index: Index,
    question: Question,
    load_texts: Callable[[list[int]], dict[int, str]],
    *,
    page: int = 1,
    page_size: int = 20,
) -> Results:
    """A page (from 1) of exact results.

    `load_texts(ids)` gives the plain texts that the question looks into (title and text; the title
    alone for field "title"), in which words of three syllables or more are checked; ids it leaves
    out are dropped. Checking stops where the next page begins: the total grows as one pages on; or
    when PATIENCE is at an end. The first batch is what suffices if most candidates are hits.
    Raises TooSlow, as Index.find does.
    """
    if (page - 1) * page_size >= RESULT_LIMIT:
        return Results([], RESULT_LIMIT, True)
    start = (page - 1) * page_size
    end = start + page_size
    if not question.to_check:
        # Rows and count at once: a thousand ids are read as soon as they are counted.
        cap = max(COUNT_CAP, end + 10 * page_size)
        found = index.find(question, limit=cap + 1)
        return Results(found[start:end], min(len(found), cap), len(found) > cap)

    batch_size = min(end + page_size, CHECK_BATCH)
    candidates, are_all = index.find(question, limit=batch_size + 1), False
    hits: dict[int, None] = {}
    checked, until = 0, time.monotonic() + PATIENCE
    while checked < len(candidates) and len(hits) <= end and time.monotonic() < until:
        if checked and not are_all:  # what came meanwhile moves some into the next batch
            candidates, are_all = index.find(question, limit=CHECK_LIMIT), True
        batch = candidates[checked : checked + batch_size]
        checked += len(batch)
        batch_size = CHECK_BATCH
        texts = load_texts(batch)
        hits |= dict.fromkeys(
            pk for pk in batch if pk in texts and korean.contains(texts[pk], question.to_check)
        )
    is_capped = checked < len(candidates) or checked == CHECK_LIMIT
    return Results(list(hits)[start:end], len(hits), is_capped)


def create_tables(schema_editor: BaseDatabaseSchemaEditor) -> None:
    for index in (posts, comments):
        _storage(schema_editor.connection).create_table(schema_editor, index.table)


def drop_tables(schema_editor: BaseDatabaseSchemaEditor) -> None:
    for index in (posts, comments):
        schema_editor.execute(f"DROP TABLE {index.table}")


def _storage(connection=connection):
    return {"sqlite": sqlite, "postgresql": postgres}[connection.vendor]
