"""Full-text search: an index of posts and an index of comments, in the site's own database.

The indexes are updated in the action's transaction; the actions decide what is searchable. Queries
return ids, the newest first, and restrict the boards themselves.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from boards.search import postgres, sqlite
from boards.search.documents import Document, Field, Question
from boards.search.patience import PATIENCE, TooSlow
from boards.text import typed_search

COUNT_CAP = 1_000  # counts are exact up to this number
RESULT_LIMIT = 10_000  # results that can be paged through
CHECK_LIMIT = 2_000  # candidates whose text is checked for one page
LOOSE_CHECK_LIMIT = 300  # the same for words with spaces inside, whose candidates are worse
CHECK_BATCH = 100  # texts per query after the first batch


def ask(
    query: str,
    *,
    field: Field = "all",
    boards: Iterable[int] | None = None,
    without_boards: Iterable[int] = (),
    author_id: int | None = None,
    opened_by: Iterable[str] | None = (),
) -> Question:
    """Builds a Question from what a visitor typed.

    `boards`: the ids of boards that they may see, or None for all but `without_boards`. Pass the
    shorter of the two: each board costs a walk along the list of its documents. `opened_by`: the
    pieces that give access to secret documents (documents.written_by, of_board), or None if all are
    readable.
    """
    typed = typed_search.read(query)
    return Question(
        words=typed.words,
        phrases=typed.phrases,
        without=typed.without,
        field=field,
        boards=None if boards is None else frozenset(boards),
        without_boards=frozenset(without_boards),
        author_id=author_id,
        opened_by=None if opened_by is None else frozenset(opened_by),
    )


@dataclass(frozen=True)
class Index:
    """An index; `table` is its database table."""

    table: str

    def add(self, document: Document) -> None:
        """Raises IntegrityError if the document exists."""
        _storage().insert(self.table, document)

    def add_many(self, documents: Iterable[Document]) -> None:
        """As add, for rows that are new in this transaction, and so in no index."""
        _storage().insert_many(self.table, list(documents))

    def remove(self, document: Document) -> None:
        """Removes a document, which must have the same values as when it was added. Ignores a
        missing one."""
        _storage().delete(self.table, document)

    def replace(self, old: Document | None, new: Document | None) -> None:
        """Replaces `old` by `new`, which has the same id; None is a document that is not searchable.
        No query if their pieces are equal."""
        if old is not None and new is not None:
            if set(old.pieces) != set(new.pieces):
                _storage().replace(self.table, old, new)
        elif old is not None:
            self.remove(old)
        elif new is not None:
            self.add(new)

    def clear(self) -> None:
        _storage().clear(self.table)

    # -- rebuilding it, from the newest down; see manage.py reindex -----------------------------
    def begin_rebuild(self) -> int:
        """The highest id in the index, or 0. On SQLite, this empties the index."""
        return _storage().begin_rebuild(self.table)

    def held(self, first: int, below: int) -> set[int]:
        """The ids in the index, first ≤ id < below."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {self.table} WHERE rowid >= %s AND rowid < %s", [first, below]
            )
            return {pk for (pk,) in cursor.fetchall()}

    def renew(self, documents: Iterable[Document], held: set[int]) -> int:
        """Makes a range of ids hold exactly `documents`; returns how many rows changed.

        `held`: the ids in the index before the documents were read. Later ones are up to date.
        """
        return _storage().renew(self.table, list(documents), held)

    def find(self, question: Question, *, limit: int, offset: int = 0) -> list[int]:
        """Ids, the newest first. Candidates may lack what `question.holds` checks.

        Raises TooSlow if the database takes more than PATIENCE seconds.
        """
        if not question.clauses:
            return []
        return _storage().newest(self.table, question, limit, offset)

    def count(self, question: Question, *, cap: int = COUNT_CAP) -> tuple[int, bool]:
        """The number of results of `find`, at most `cap`, and whether there are more."""
        counted = len(self.find(question, limit=cap + 1))
        return min(counted, cap), counted > cap


@contextmanager
def writing_much() -> Iterator[None]:
    """For imports: both indexes take many rows faster, and searches meanwhile are slower. After a crash the
    next one ends it."""
    with _storage().writing_much([posts.table, comments.table]):
        yield


posts = Index("boards_post_search")
comments = Index("boards_comment_search")


@dataclass(frozen=True)
class Results:
    """A page of ids and the total, which is a lower bound if `is_capped` (`1,000건 이상`)."""

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

    `load_texts(ids)` returns the plain texts to search (title and text, or the title alone for the
    field "title"), which `question.holds` checks; ids that it omits are dropped. The check stops
    where the next page begins, so that the total grows while paging, or after PATIENCE seconds. The
    first batch suffices if most candidates match. Raises TooSlow like Index.find.
    """
    if (page - 1) * page_size >= RESULT_LIMIT:
        return Results([], RESULT_LIMIT, True)
    start = (page - 1) * page_size
    end = start + page_size
    if question.is_exact:
        # Rows and count in one query: reading a thousand ids costs as much as counting them.
        cap = max(COUNT_CAP, end + 10 * page_size)
        found = index.find(question, limit=cap + 1)
        return Results(found[start:end], min(len(found), cap), len(found) > cap)

    check_limit = LOOSE_CHECK_LIMIT if question.is_loose else CHECK_LIMIT
    batch_size = min(end + page_size, CHECK_BATCH)
    candidates, are_all = index.find(question, limit=batch_size + 1), False
    hits: dict[int, None] = {}
    checked, until = 0, time.monotonic() + PATIENCE
    while checked < len(candidates) and len(hits) <= end and time.monotonic() < until:
        # Documents written meanwhile move some candidates into the next batch.
        if checked and not are_all:
            candidates, are_all = index.find(question, limit=check_limit), True
        batch = candidates[checked : checked + batch_size]
        checked += len(batch)
        batch_size = CHECK_BATCH
        texts = load_texts(batch)
        hits |= dict.fromkeys(pk for pk in batch if pk in texts and question.holds(texts[pk]))
    is_capped = checked < len(candidates) or checked == check_limit
    return Results(list(hits)[start:end], len(hits), is_capped)


def create_tables(schema_editor: BaseDatabaseSchemaEditor) -> None:
    for index in (posts, comments):
        _storage(schema_editor.connection).create_table(schema_editor, index.table)


def drop_tables(schema_editor: BaseDatabaseSchemaEditor) -> None:
    for index in (posts, comments):
        schema_editor.execute(f"DROP TABLE {index.table}")


def _storage(connection=connection):
    return {"sqlite": sqlite, "postgresql": postgres}[connection.vendor]
