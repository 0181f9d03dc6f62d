"""Keeps the cache's table in its own SQLite file, and everything else out of it."""


class CacheRouter:
    """Only Django's cache table (app label `django_cache`) lives in the database `cache`."""

    def db_for_read(self, model, **hints):
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read

    def allow_migrate(self, db, app_label, **hints):
        return (db == "cache") == (app_label == "django_cache")
