"""Operations of migrations that leave a big table open for reading and writing meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations


class AddIndexOnline(AddIndexConcurrently):
    """As AddIndex; on PostgreSQL concurrently. The migration must say `atomic = False`."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        way = _way(schema_editor, AddIndexConcurrently, migrations.AddIndex)
        way.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        way = _way(schema_editor, AddIndexConcurrently, migrations.AddIndex)
        way.database_backwards(self, app_label, schema_editor, from_state, to_state)


class RemoveIndexOnline(RemoveIndexConcurrently):
    """As RemoveIndex; on PostgreSQL concurrently. The migration must say `atomic = False`."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        way = _way(schema_editor, RemoveIndexConcurrently, migrations.RemoveIndex)
        way.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        way = _way(schema_editor, RemoveIndexConcurrently, migrations.RemoveIndex)
        way.database_backwards(self, app_label, schema_editor, from_state, to_state)


def _way(schema_editor, concurrent: type, plain: type) -> type:
    return concurrent if schema_editor.connection.vendor == "postgresql" else plain
