"""The search indexes. Not models: a virtual table in SQLite, a side table in PostgreSQL."""

from django.db import migrations

from boards import search


def create_tables(apps, schema_editor):
    search.create_tables(schema_editor)


def drop_tables(apps, schema_editor):
    search.drop_tables(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("boards", "0001_initial")]

    operations = [migrations.RunPython(create_tables, drop_tables)]
