"""The search indexes of a move. They have nothing in common but their pieces: PostgreSQL's rows hold
them, those of SQLite cannot be read and are made from the posts again."""

from collections.abc import Iterable, Iterator

from boards.management.commands.reindex import KINDS
from boards.search.postgres import era_of
from upkeep.moving.sides import BATCH, SEARCH, Postgres, Side, Sqlite
from upkeep.moving.values import Row

COLUMNS = ("rowid", "pieces")


def move_indexes(source: Side, target: Side) -> Iterator[tuple[str, int]]:
    """The name of each index and the number of its rows."""
    for kind, table in zip(KINDS.values(), SEARCH, strict=True):
        count = 0

        def counted(rows: Iterable) -> Iterator:
            nonlocal count
            for row in rows:
                count += 1
                yield row

        if isinstance(source, Postgres) and isinstance(target, Sqlite):
            rows = ((pk, _without_era(pk, pieces)) for pk, pieces in _pieces(source, table))
            _write_fts(target, table, counted(rows))
        elif isinstance(target, Postgres):
            target.write(table, COLUMNS, (), counted(_vectors(kind)))
        yield table, count


def _vectors(kind) -> Iterator[Row]:
    after = 0
    while True:
        pks = list(
            kind.model.objects.filter(pk__gt=after)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not pks:
            return
        for document in kind.documents(kind.model.objects.filter(pk__gt=after, pk__lte=pks[-1])):
            pieces = [*document.pieces, era_of(document.id)]
            yield str(document.id), " ".join(map(_quoted, pieces))
        after = pks[-1]


def _quoted(piece: str) -> str:
    """A lexeme as the text form of a tsvector has it."""
    return "'" + piece.replace("\\", "\\\\").replace("'", "''") + "'"


def _pieces(source: Postgres, table: str) -> Iterator[tuple[int, str]]:
    """The ids and their pieces, which contain no space."""
    query = f"SELECT rowid, array_to_string(tsvector_to_array(pieces), ' ') FROM {table}"
    with source.connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        for pk, pieces in copy.rows():
            yield int(pk), pieces or ""


def _without_era(pk: int, pieces: str) -> str:
    era = era_of(pk)
    return " ".join(piece for piece in pieces.split(" ") if piece != era)


def _write_fts(target: Sqlite, table: str, rows: Iterable) -> None:
    statement = f"INSERT INTO {table}(rowid, pieces) VALUES (?, ?)"
    target.connection.execute("BEGIN")
    target.connection.executemany(statement, rows)
    target.connection.execute("COMMIT")
