"""How often what people see has changed: what is remembered is good until then.

The database counts by itself. Triggers on the tables that pages are made of move the count of a
board, or of the SITE as a whole, in the transaction of the writing; so every way of writing moves
it (the site, the admin, the collector, an importer, a command, SQL by hand), and nobody reads a new
count before the new rows, nor keeps an old one after them (docs/decisions/0035).

While somebody reads (`reading`), the counts are asked for once; `Unchanged` and boardsite.pagecache
compare what they have kept with them. Elsewhere nothing is kept: a command or a deed sees what is.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from boardsite.models import ScopeVersion

T = TypeVar("T")

SITE = 0  # the scope of what stands on every page; a board's is its id
ALL = -1  # asks for the sum of all: what is put together from many boards
PREFIX = "moves_version"
FOLDED = 64  # on PostgreSQL the rows of a scope become one when there are more

TABLE = ScopeVersion._meta.db_table


class Versions:
    """The counts as they were when they were first asked for."""

    def __init__(self) -> None:
        self._known: dict[int, int] | None = None

    def of(self, scope: int) -> tuple[int, int]:
        """What a page about `scope` hangs on: the site's count and its own (ALL: that of all)."""
        if self._known is None:
            self._known = _read()
        known = self._known
        return known.get(SITE, 0), known[ALL] if scope == ALL else known.get(scope, 0)


def _read() -> dict[int, int]:
    """The counts where this request reads its pages, so that neither runs ahead of the other."""
    with connections[router.db_for_read(ScopeVersion)].cursor() as cursor:
        cursor.execute(f"SELECT scope, SUM(number) FROM {TABLE} GROUP BY scope")
        known = {scope: int(number) for scope, number in cursor.fetchall()}
    known[ALL] = sum(known.values())
    return known


_current: ContextVar[Versions | None] = ContextVar("versions", default=None)


def current() -> Versions | None:
    """The counts while somebody reads; None while anything may be written."""
    return _current.get()


@contextmanager
def reading() -> Iterator[Versions]:
    """For a request that only reads: what has been kept for these counts is good."""
    versions = Versions()
    token = _current.set(versions)
    try:
        yield versions
    finally:
        _current.reset(token)


class Unchanged(Generic[T]):
    """Call it as `load`: while somebody reads, it answers with what `load` has returned to the same
    arguments for the same version of `scope(*args)`, at most `seconds` ago; else it loads.

    Not to be changed by who gets it, and nothing of one visitor unless he is among the arguments.
    The `size` latest are kept. `get` is for what takes more to load than to name.
    """

    _all: ClassVar[list["Unchanged"]] = []

    def __init__(
        self,
        load: Callable[..., T] | None = None,
        *,
        scope: Callable[..., int] = lambda *args: SITE,
        seconds: float = 10,
        size: int = 256,
    ):
        self.load, self.scope, self.seconds, self.size = load, scope, seconds, size
        self._kept: OrderedDict[tuple[Any, ...], tuple[tuple[int, int], float, T]] = OrderedDict()
        self._lock = threading.Lock()
        Unchanged._all.append(self)

    def __call__(self, *args: Any) -> T:
        return self.get(args, lambda: self.load(*args))

    def get(self, args: tuple[Any, ...], load: Callable[[], T]) -> T:
        """What has been loaded for `args`; else what `load` returns."""
        versions = current()
        if versions is None:
            return load()
        version, now = versions.of(self.scope(*args)), time.monotonic()
        found = self._kept.get(args)
        if found is not None and found[0] == version and now - found[1] < self.seconds:
            return found[2]
        loaded = load()
        with self._lock:
            self._kept[args] = version, now, loaded
            self._kept.move_to_end(args)
            if len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return loaded

    @staticmethod
    def forget_all() -> None:
        """For tests: a test's rows go without a word, and their counts with them."""
        for each in Unchanged._all:
            with each._lock:
                each._kept.clear()


# -- The triggers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Watched:
    """A table whose rows are shown, and which version each of them moves.

    `scope`: SQL for the scope of a row that is called {row}, NULL where it moves none. `columns`:
    those whose change counts; None: all of them. `if_`: SQL about {row}, without which it moves
    nothing. `on`: which deeds count.
    """

    table: str
    name: str
    scope: str
    columns: Sequence[str] | None = None
    if_: str = ""
    on: Sequence[str] = ("INSERT", "UPDATE", "DELETE")


def columns_of(model: type[Model], *, except_: Sequence[str] = ()) -> list[str]:
    """All columns of a table but those."""
    columns = [field.column for field in model._meta.concrete_fields if field.column]
    return [column for column in columns if column not in except_]


_watched: list[Watched] = []


def watch(*tables: Watched) -> None:
    """For an app's `ready`: these tables are shown. The triggers come with the next `migrate`."""
    _watched.extend(tables)


def watched() -> Sequence[Watched]:
    return _watched


def install(using: str = "default") -> None:
    """Makes the triggers of the database `using` as they should be; safe to call again."""
    connection = connections[using]
    maker = _maker(using)
    with connection.cursor() as cursor:
        wanted = {
            name: (each.table, sql) for each in _watched for name, sql in maker.triggers(each)
        }
        found = _found(using)
        if found.keys() == wanted.keys():
            return
        for name in found.keys() - wanted.keys():
            cursor.execute(maker.drop(name, found[name]))
        if maker.FUNCTION:
            cursor.execute(maker.FUNCTION)
        for name in wanted.keys() - found.keys():
            cursor.execute(wanted[name][1])
        # What is remembered may have missed a change meanwhile.
        cursor.execute(maker.MOVE_SITE)


def is_installed(using: str = "default") -> bool:
    """Whether the triggers are as they should be."""
    maker = _maker(using)
    return _found(using).keys() == {
        name for each in _watched for name, _sql in maker.triggers(each)
    }


def uninstall(using: str = "default") -> None:
    """Takes the triggers away, so that tables can be changed under them."""
    with connections[using].cursor() as cursor:
        for name, table in _found(using).items():
            cursor.execute(_maker(using).drop(name, table))


def before_migrate(sender, using: str, plan: Sequence = (), **kwargs) -> None:
    """Neither database lets a migration drop or make anew what a trigger speaks of."""
    if plan and _is_home(using):
        uninstall(using)


def after_migrate(sender, using: str, plan: Sequence = (), **kwargs) -> None:
    """Where all migrations have run: in the midst of them columns may lack."""
    if not _is_home(using):
        return
    executor = MigrationExecutor(connections[using])
    if not plan or not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        install(using)


def _is_home(using: str) -> bool:
    return router.allow_migrate_model(using, ScopeVersion)


def _maker(using: str) -> "_Sqlite | _Postgres":
    return {"sqlite": _Sqlite, "postgresql": _Postgres}[connections[using].vendor]()


def _found(using: str) -> dict[str, str]:
    """The triggers that are there, each with its table."""
    with connections[using].cursor() as cursor:
        cursor.execute(_maker(using).FIND, [PREFIX + "%"])
        return dict(cursor.fetchall())


class _Sqlite:
    FIND = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    FUNCTION = ""
    MOVE = (
        f"INSERT INTO {TABLE} (scope, xact, moment, number) "
        "SELECT {scope}, 0, 0, 1 WHERE {condition} "
        "ON CONFLICT (scope, xact, moment) DO UPDATE SET number = number + 1;"
    )
    MOVE_SITE = MOVE.format(scope=SITE, condition="true")

    def triggers(self, watched: Watched) -> Iterator[tuple[str, str]]:
        for deed in watched.on:
            rows = {"INSERT": ["NEW"], "DELETE": ["OLD"]}.get(deed, ["OLD", "NEW"])
            moves = []
            for row in rows:
                scope = watched.scope.format(row=row)
                condition = f"{scope} IS NOT NULL"
                if watched.if_:
                    condition += f" AND {watched.if_.format(row=row)}"
                moves.append(self.MOVE.format(scope=scope, condition=condition))
            body = f"ON {watched.table} BEGIN {' '.join(moves)} END"
            when = _when(deed, watched.columns)
            name = _name(watched, deed, body + when)
            yield name, f"CREATE TRIGGER {name} AFTER {when} {body}"

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER {name}"


class _Postgres:
    """Each statement adds a row of its own for each scope, so that no writer waits for another.

    When there are many, one of them puts the rows of those before it together. It takes only what nobody
    else is taking, and the sum stays what it would be.
    """

    FIND = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE tgname LIKE %s AND relnamespace = current_schema()::regnamespace"
    )
    FUNCTION = f"""
        CREATE OR REPLACE FUNCTION {PREFIX}_of(moved integer) RETURNS void AS $$
        DECLARE
            mine bigint := pg_current_xact_id()::text::bigint;
            now_ bigint := extract(epoch FROM statement_timestamp()) * 1000000;
            gone bigint;
        BEGIN
            IF moved IS NULL THEN
                RETURN;
            END IF;
            INSERT INTO {TABLE} (scope, xact, moment, number) VALUES (moved, mine, now_, 1)
                ON CONFLICT (scope, xact, moment) DO NOTHING;
            IF FOUND AND (SELECT count(*) FROM {TABLE} WHERE scope = moved) > {FOLDED} THEN
                WITH old AS (
                    DELETE FROM {TABLE} WHERE scope = moved AND (xact, moment) IN (
                        SELECT xact, moment FROM {TABLE}
                        WHERE scope = moved AND (xact, moment) <> (mine, now_)
                        FOR UPDATE SKIP LOCKED
                    ) RETURNING number
                ) SELECT COALESCE(SUM(number), 0) INTO gone FROM old;
                UPDATE {TABLE} SET number = number + gone
                    WHERE scope = moved AND xact = mine AND moment = now_;
            END IF;
        END $$ LANGUAGE plpgsql"""
    MOVE_SITE = f"SELECT {PREFIX}_of({SITE})"

    def triggers(self, watched: Watched) -> Iterator[tuple[str, str]]:
        for deed in watched.on:
            rows = {"INSERT": ["NEW"], "DELETE": ["OLD"]}.get(deed, ["OLD", "NEW"])
            moves = []
            for row in rows:
                move = f"PERFORM {PREFIX}_of(({watched.scope.format(row=row)})::integer);"
                if watched.if_:
                    move = f"IF {watched.if_.format(row=row)} THEN {move} END IF;"
                moves.append(move)
            body = " ".join(moves)
            when = _when(deed, watched.columns)
            name = _name(watched, deed, self.FUNCTION + body + when)
            yield (
                name,
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body} RETURN NULL; "
                f"END $$ LANGUAGE plpgsql; CREATE TRIGGER {name} AFTER {when} ON {watched.table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()",
            )

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()"


def _when(deed: str, columns: Sequence[str] | None) -> str:
    return f"UPDATE OF {', '.join(columns)}" if deed == "UPDATE" and columns else deed


def _name(watched: Watched, deed: str, body: str) -> str:
    """With a mark of what it does, so that one that does something else is another."""
    mark = hashlib.sha256(body.encode()).hexdigest()[:8]
    return f"{PREFIX}_{watched.name}_{deed.lower()}_{mark}"
