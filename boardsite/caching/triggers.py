"""The database triggers that move versions (boardsite.caching.versions).

Apps declare the tables that pages show (`watch`). `migrate` drops the triggers before it changes tables
and creates them afterwards (docs/decisions/0035).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from boardsite.caching.versions import SITE, TABLE
from boardsite.models import ScopeVersion
from boardsite.site_identity import note_version

PREFIX = "moves_version"
# On PostgreSQL the rows of a scope are collapsed into one when there are more; those of a part, which
# is one of many.
COLLAPSED, COLLAPSED_PART = 64, 4


@dataclass(frozen=True)
class Watched:
    """A table that pages show, and the version that a change of its rows moves.

    `scope`: SQL for the scope of the row {row}; NULL moves none. `columns`: those whose UPDATE counts,
    None: all. `if_`: an SQL condition about {row}. `on`: which statements count. `part`: SQL for the part
    of the scope that shows the row (boardsite.caching.versions), whose version moves too.
    """

    table: str
    name: str
    scope: str
    columns: Sequence[str] | None = None
    if_: str = ""
    on: Sequence[str] = ("INSERT", "UPDATE", "DELETE")
    part: str = ""

    def moves(self, statement: str, differs: str) -> Iterator[tuple[str, str]]:
        """The scopes of a row that an INSERT, UPDATE or DELETE moves, each with an SQL condition or "".

        An UPDATE moves the scopes of the old row and of the new one, each once: `differs` is the
        database's operator for that.
        """
        for scope in [self.scope, self.part] if self.part else [self.scope]:
            old, new = scope.format(row="OLD"), scope.format(row="NEW")
            if statement != "INSERT":
                yield old, self.if_.format(row="OLD")
            if statement == "INSERT" or (statement == "UPDATE" and self.if_):
                yield new, self.if_.format(row="NEW")
            elif statement == "UPDATE":
                yield new, f"{new} {differs} {old}"


def columns_of(model: type[Model], *, except_: Sequence[str] = ()) -> list[str]:
    """All columns of a table but those."""
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if field.column and not field.generated
    ]
    return [column for column in columns if column not in except_]


_watched: list[Watched] = []


def watch(*tables: Watched) -> None:
    """For an app's `ready`: declares tables. The next `migrate` creates their triggers."""
    _watched.extend(tables)


def watched() -> Sequence[Watched]:
    return _watched


def install(using: str = "default") -> None:
    """Creates, replaces and drops triggers as declared; safe to call again."""
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
        # Caches may have missed a change meanwhile.
        cursor.execute(maker.MOVE_SITE)


def is_installed(using: str = "default") -> bool:
    """Whether the triggers are as declared."""
    maker = _maker(using)
    return _found(using).keys() == {
        name for each in _watched for name, _sql in maker.triggers(each)
    }


def uninstall(using: str = "default") -> None:
    """Drops all triggers, so that tables can be altered."""
    with connections[using].cursor() as cursor:
        for name, table in _found(using).items():
            cursor.execute(_maker(using).drop(name, table))


def before_migrate(sender, using: str, plan: Sequence = (), **kwargs) -> None:
    """Neither database lets a migration drop or recreate what a trigger names."""
    if plan and _is_home(using):
        uninstall(using)


def after_migrate(sender, using: str, plan: Sequence | None = None, **kwargs) -> None:
    """Only after the last migration: between two of them columns may be missing, and so are tables
    after a migration backward, also when there was nothing left to do. `flush`, which has no plan,
    changes no table."""
    if _is_home(using) and (plan is None or _is_newest(using)):
        install(using)
        note_version()


def _is_newest(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _is_home(using: str) -> bool:
    return router.allow_migrate_model(using, ScopeVersion)


def _maker(using: str) -> "_Sqlite | _Postgres":
    return _Sqlite() if connections[using].vendor == "sqlite" else _Postgres()


def _found(using: str) -> dict[str, str]:
    """The existing triggers, each with its table."""
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
        for statement in watched.on:
            moves = [
                self.MOVE.format(scope=scope, condition=f"{scope} IS NOT NULL AND {if_ or 'true'}")
                for scope, if_ in watched.moves(statement, "IS NOT")
            ]
            body = f"ON {watched.table} BEGIN {' '.join(moves)} END"
            when = _when(statement, watched.columns)
            name = _name(watched, statement, body + when)
            yield name, f"CREATE TRIGGER {name} AFTER {when} {body}"

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER {name}"


class _Postgres:
    """Each statement adds a row of its own for each scope, so that no writer waits for another.

    When a scope has many rows, a writer collapses the older ones into its own. It takes only rows that
    are not locked, and the sum, which is the version, stays the same.
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
            IF FOUND AND (SELECT count(*) FROM {TABLE} WHERE scope = moved)
                    > (CASE WHEN moved < 0 THEN {COLLAPSED_PART} ELSE {COLLAPSED} END) THEN
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
        for statement in watched.on:
            moves = []
            for scope, if_ in watched.moves(statement, "IS DISTINCT FROM"):
                move = f"PERFORM {PREFIX}_of(({scope})::integer);"
                moves.append(f"IF {if_} THEN {move} END IF;" if if_ else move)
            body = " ".join(moves)
            when = _when(statement, watched.columns)
            name = _name(watched, statement, self.FUNCTION + body + when)
            yield (
                name,
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body} RETURN NULL; "
                f"END $$ LANGUAGE plpgsql; CREATE TRIGGER {name} AFTER {when} ON {watched.table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()",
            )

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()"


def _when(statement: str, columns: Sequence[str] | None) -> str:
    return f"UPDATE OF {', '.join(columns)}" if statement == "UPDATE" and columns else statement


def _name(watched: Watched, statement: str, body: str) -> str:
    """Holds a hash of the trigger's body, so that a changed rule gives another name."""
    mark = hashlib.sha256(body.encode()).hexdigest()[:8]
    return f"{PREFIX}_{watched.name}_{statement.lower()}_{mark}"
