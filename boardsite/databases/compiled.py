"""Querysets whose SQL is compiled once, for pages that are requested all the time.

Django compiles the SQL of a queryset at each execution; for a page of a list that takes several times
as long as the database does. `Compiled` keeps the SQL, reads the same rows and builds the same instances by
`Model.from_db`: with what `select_related` joins, and with what `only` leaves out deferred
(tests/boardsite/test_compiled.py compares them).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, router
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.expressions import RawSQL

from boardsite.databases.prepared import prepared_cursor

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """Stands in a queryset for a value that each call passes, in the form the database takes."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


def part_of(rows: QuerySet, limit: Slot, offset: Slot) -> RawSQL:
    """The ids of `limit` of the `rows` from `offset` on, for `pk__in`: slices take no slots."""
    sql, params = rows.values("pk").query.sql_with_params()
    return RawSQL(f"{sql} LIMIT %s OFFSET %s", [*params, limit, offset])  # noqa: S611 (no input in it)


@dataclass
class _Maker:
    """Builds the instances of one model from rows, and those of the models joined to it."""

    model: type[Model]
    names: Sequence[str]
    start: int
    end: int
    pk: int  # the place of a column that is NULL only where nothing was joined
    joined: Sequence[tuple["_Maker", Callable, Callable]]
    annotations: Sequence[tuple[str, int]] = ()

    def make(self, row: Sequence[Any], using: str) -> Model | None:
        if row[self.pk] is None:
            return None
        made = self.model.from_db(using, self.names, row[self.start : self.end])
        for maker, set_here, set_there in self.joined:
            other = maker.make(row, using)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        for name, place in self.annotations:
            setattr(made, name, row[place])
        return made


@dataclass
class _Plan:
    sql: str
    params: Sequence[Any]  # values, and Slots
    converters: Sequence[tuple[int, Sequence[Callable], Expression]]
    maker: _Maker


class Compiled(Generic[M]):
    """Call it with a value for each Slot of the queryset that `make` returns: its rows, as a list.

    `make` is called once for each database. `by_key`: whatever the values are, the rows are found by a
    key, so that PostgreSQL may plan the statement once (`prepared_cursor`). The queryset may have no
    prefetch_related and no values().
    """

    def __init__(self, make: Callable[[], QuerySet[M]], *, by_key: bool = False):
        self._make, self._by_key = make, by_key
        self._plans: dict[str, _Plan] = {}
        self._model: type[Model] | None = None

    def __call__(self, **values: Any) -> list[M]:
        if self._model is None:
            self._model = self._make().model
        using = router.db_for_read(self._model)
        plan = self._plans.get(using)
        if plan is None:
            plan = self._plans[using] = _plan(self._make(), using)
        params = [values[each.name] if type(each) is Slot else each for each in plan.params]
        connection = connections[using]
        with prepared_cursor(using) if self._by_key else connection.cursor() as cursor:
            cursor.execute(plan.sql, params)
            rows = cursor.fetchall()
        make = plan.maker.make
        found: list[Any] = []
        for row in map(list, rows):
            for place, converters, expression in plan.converters:
                value = row[place]
                for convert in converters:
                    value = convert(value, expression, connection)
                row[place] = value
            found.append(make(row, using))
        return found

    def first(self, **values: Any) -> M | None:
        """The first of the rows; the queryset should ask for one only."""
        found = self(**values)
        return found[0] if found else None


def _plan(rows: QuerySet, using: str) -> _Plan:
    compiler = rows.query.get_compiler(using)
    sql, params = compiler.as_sql()
    expressions = [each[0] for each in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(expressions)
    maker = _maker(compiler.klass_info, compiler.select)
    maker.annotations = list((compiler.annotation_col_map or {}).items())
    return _Plan(
        sql, params, [(place, found, about) for place, (found, about) in converters.items()], maker
    )


def _maker(info: dict, select: Sequence) -> _Maker:
    places = info["select_fields"]
    start, end = places[0], places[-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    joined = [
        (_maker(each, select), each["local_setter"], each["remote_setter"])
        for each in info.get("related_klass_infos", [])
    ]
    pk = start + names.index(info["model"]._meta.pk_fields[0].attname)
    return _Maker(info["model"], names, start, end, pk, joined)
