"""Operations of migrations that leave a big table open for reading and writing meanwhile.

On PostgreSQL an index comes or goes concurrently; the migration must say `atomic = False`.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.migrations import AddConstraint, AddIndex, RemoveIndex


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


class AddUniqueOnline(AddConstraint):
    """For a UniqueConstraint with a condition, which is an index in both databases."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        name = schema_editor.quote_name(self.constraint.name)
        # One that was cut off stays behind as an invalid index.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", params=None)
        made = str(self.constraint.create_sql(model, schema_editor))
        made = made.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1)
        schema_editor.execute(made, params=None)
