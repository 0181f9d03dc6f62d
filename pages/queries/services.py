"""The services of other companies that the owner uses."""

from dataclasses import dataclass

from django.db import router

from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.prepared import prepared_cursor
from pages.models import Ad, ServiceSettings

_ANY = (
    f"SELECT EXISTS(SELECT 1 FROM {ServiceSettings._meta.db_table}),"
    f" EXISTS(SELECT 1 FROM {Ad._meta.db_table})"
)


@dataclass(frozen=True)
class Services:
    settings: ServiceSettings
    ads: tuple[Ad, ...]


def _load() -> Services | None:
    with prepared_cursor(router.db_for_read(Ad)) as cursor:
        cursor.execute(_ANY)
        if not any(cursor.fetchone()):
            return None
    settings = ServiceSettings.objects.filter(pk=1).first() or ServiceSettings()
    return Services(settings, tuple(Ad.objects.filter(is_on=True)))


services_in_use: VersionedCache[Services | None] = VersionedCache(
    _load, seconds=60, is_setting=True
)
"""None for a site that has never used any: that takes one cheap query after a change."""
