"""Operations of migrations that leave a big table open for reading and writing meanwhile.

On PostgreSQL an index comes or goes concurrently; the migration must say `atomic = False`.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations import AddIndex, RemoveIndex


class _Online:
    """Takes the concurrent way on PostgreSQL, and the plain one (`plain`) elsewhere."""

    concurrent: type
    plain: type

    def database_forwards(self, app_label, schema_editor, *states):
        self._way(schema_editor).database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(self, app_label, schema_editor, *states):
        self._way(schema_editor).database_backwards(self, app_label, schema_editor, *states)

    def _way(self, schema_editor) -> type:
        is_postgres = schema_editor.connection.vendor == "postgresql"
        return self.concurrent if is_postgres else self.plain


class AddIndexOnline(_Online, AddIndexConcurrently):
    concurrent, plain = AddIndexConcurrently, AddIndex


class RemoveIndexOnline(_Online, RemoveIndexConcurrently):
    concurrent, plain = RemoveIndexConcurrently, RemoveIndex
