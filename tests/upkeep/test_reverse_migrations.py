"""Every migration can be taken back on a site with data, and applied again: a rollback relies on it."""

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
ONE_STEP = """
call_command("demo", verbosity=0)
from boards.models import Post
from boards.repair import recount

graph = MigrationLoader(connection).graph
before, posts = shape(), Post.objects.count()
assert posts
for label in OURS:
    [(_label, leaf)] = graph.leaf_nodes(label)
    [*_others, previous] = [name for app, name in graph.forwards_plan((label, leaf))
                            if app == label and name != leaf] or [None]
    if previous is not None:
        migrate(label, previous)
        assert not is_installed()  # its triggers are about the newest tables
        migrate()
        assert is_installed()
        print(label, previous)
after = shape()
assert after == before, [each for each in before if before[each] != after.get(each)]
assert Post.objects.count() == posts
assert recount(repairs=False) == []
"""
TO_ZERO = """
before = shape()
for label in OURS:
    migrate(label, "zero")
    print(label)
left = {each for each in before if each.partition("_")[0] in OURS} & shape().keys()
assert not left, left
migrate()
after = shape()
assert after == before, [each for each in before if before[each] != after.get(each)]
assert is_installed()
"""


@pytest.fixture
def site(new_site):
    site = new_site()
    site.data.mkdir()
    return site


def run(program, site):
    return output_of(program, site.folder, seconds=900, **site.variables)


def test_the_newest_migration_of_each_app_goes_back_and_forward(site):
    said = run(BEGIN + ONE_STEP, site)
    assert "boards 0" in said
    assert "boardsite 0" in said


def test_all_migrations_go_back_to_nothing_and_forward_again(site):
    assert len(run(BEGIN + TO_ZERO, site).split()) == 8
