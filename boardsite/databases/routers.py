"""Which database a table is in, or is read from: the cache's own SQLite file, the replica."""

from boardsite.databases import replica


def _is_cache(model) -> bool:
    return model._meta.app_label == "django_cache"


class CacheRouter:
    """Only Django's cache table (app label `django_cache`) lives in the database `cache`."""

    def db_for_read(self, model, **hints):
        return "cache" if _is_cache(model) else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return (db == "cache") == (app_label == "django_cache")


class ReplicaRouter:
    """Pages of anonymous visitors are read from the replica (boardsite.databases.replica), everything is written to the
    primary. Stands before CacheRouter, whose tables are none of its business."""

    def db_for_read(self, model, **hints):
        return None if _is_cache(model) else replica.database_to_read()

    def db_for_write(self, model, **hints):
        # Said here, or Django would write what was read from the replica back to it.
        return None if _is_cache(model) else replica.PRIMARY

    def allow_relation(self, one, other, **hints):
        both = {one._state.db, other._state.db}
        return True if both <= {replica.PRIMARY, replica.REPLICA} else None

    def allow_migrate(self, db, app_label, **hints):
        return False if db == replica.REPLICA else None
