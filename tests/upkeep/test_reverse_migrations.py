"""Every migration can be taken back on a site with data, and applied again: a rollback relies on it.

Django renders the models of all migrations for each plan, which takes longer than all statements. So
the newest migrations go forward again together, and all of them go back in as few plans as possible:
from the app on which the others depend.
"""

import pytest

from tests.programs import output_of
from tests.upkeep.sites import SETUP

pytestmark = pytest.mark.django_db(transaction=True)
BEGIN = (
    SETUP
    + """
import json
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from boardsite.caching.triggers import is_installed

OURS = ["upkeep", "importer", "pages", "visits", "collector", "boards", "accounts", "boardsite"]


def migrate(*words):
    call_command("migrate", *words, verbosity=0, interactive=False)


def shape():
    "The columns, indexes and constraints of all tables."
    with connection.cursor() as cursor:
        return {
            table: (
                sorted(map(repr, connection.introspection.get_table_description(cursor, table))),
                sorted(map(repr, (
                    (found["columns"], found["unique"], found["index"], found["foreign_key"])
                    for found in connection.introspection.get_constraints(cursor, table).values()
                ))),
            )
            for table in connection.introspection.table_names(cursor)
        }


migrate()
"""
)
PROGRAM = """
from boards.models import Post
from boards.repair import recount
from tests.databases.filling import fill

fill()
graph = MigrationLoader(connection).graph
before, posts = shape(), Post.objects.count()
assert posts and is_installed()


def require_the_same():
    after = shape()
    assert after == before, [each for each in before if before[each] != after.get(each)]
    assert is_installed()


for label in OURS:
    [(_label, leaf)] = graph.leaf_nodes(label)
    [*_others, previous] = [name for app, name in graph.forwards_plan((label, leaf))
                            if app == label and name != leaf] or [None]
    if previous is not None:
        migrate(label, previous)
        assert not is_installed()  # its triggers are about the newest tables
        print("step", label, previous)
migrate()
require_the_same()
assert Post.objects.count() == posts
assert recount(repairs=False) == []

for label in reversed(OURS):
    migrate(label, "zero")
    print("zero", label)
left = {each for each in before if each.partition("_")[0] in OURS} & shape().keys()
assert not left, left
migrate()
require_the_same()
"""


def test_they_go_back_by_one_and_to_nothing_and_forward_again(new_site):
    site = new_site()
    site.prepare()
    said = output_of(BEGIN + PROGRAM, site.folder, seconds=900, **site.variables)
    assert "step boards 0" in said
    assert "step boardsite 0" in said
    assert said.count("zero ") == 8
