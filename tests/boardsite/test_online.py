"""Migration operations for big tables: on PostgreSQL none of their statements blocks writers."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from boardsite.databases.online import AddIndexOnline, AddUniqueOnline, RemoveIndexOnline

TABLE = Member._meta.db_table
INDEX = models.Index("last_login", name="member_last_login")
NAMES = models.UniqueConstraint(
    fields=["nickname"], condition=~models.Q(nickname=""), name="member_nickname"
)

pytestmark = pytest.mark.usefixtures("side_by_side")


@pytest.fixture(scope="module")
def before() -> ProjectState:
    return ProjectState.from_apps(apps)


def names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, TABLE))


def run(operation, before: ProjectState, *, back: bool = False) -> ProjectState:
    after = before.clone()
    operation.state_forwards("accounts", after)
    ways = (after, before) if back else (before, after)
    with (
        CaptureQueriesContext(connection) as captured,
        connection.schema_editor(atomic=False) as editor,
    ):
        move = operation.database_backwards if back else operation.database_forwards
        move("accounts", editor, *ways)
    if connection.vendor == "postgresql":
        statements = [query["sql"] for query in captured if " INDEX " in query["sql"]]
        assert statements
        # when it is applied to a live site
        if not (back and isinstance(operation, AddUniqueOnline)):
            assert all(" INDEX CONCURRENTLY " in statement for statement in statements)
    return after


def test_an_index_is_added_and_removed(before):
    after = run(AddIndexOnline("member", INDEX), before)
    assert INDEX.name in names()
    run(RemoveIndexOnline("member", INDEX.name), after)
    assert INDEX.name not in names()


def test_both_can_be_reversed(before):
    add = AddIndexOnline("member", INDEX)
    after = run(add, before)
    run(add, before, back=True)
    assert INDEX.name not in names()
    remove = RemoveIndexOnline("member", INDEX.name)
    run(remove, after, back=True)
    assert INDEX.name in names()
    run(remove, after)


def test_a_unique_constraint_is_added_and_removed(before):
    add = AddUniqueOnline("member", NAMES)
    run(add, before)
    assert NAMES.name in names()
    run(add, before, back=True)
    assert NAMES.name not in names()
