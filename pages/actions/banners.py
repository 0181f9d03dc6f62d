"""Deleting banners, and counting their impressions and clicks.

Counts are exact under concurrency: the database adds."""

from collections.abc import Mapping
from datetime import date

from django.db import connections, router, transaction

from pages.actions.images import delete_unused_image
from pages.models import Banner, BannerDay


@transaction.atomic
def delete_banner(*, banner: Banner) -> None:
    """Deletes the banner with its counts, and its picture unless something else shows it."""
    image = banner.image_id
    banner.delete()
    if image is not None:
        delete_unused_image(pk=image)


def count_impressions(counts: Mapping[tuple[int, date], int]) -> None:
    """Adds to the impressions of banners (by key) on days. Those of deleted banners are dropped."""
    _add([(banner, day, count, 0) for (banner, day), count in sorted(counts.items())])


def count_click(*, banner: Banner, day: date) -> None:
    """The caller filters repeated clicks."""
    _add([(banner.pk, day, 0, 1)])


def _add(rows: list[tuple[int, date, int, int]]) -> None:
    """In the order of the keys, so that concurrent workers cannot deadlock."""
    using = router.db_for_write(BannerDay)
    days, banners = BannerDay._meta.db_table, Banner._meta.db_table
    adapt = connections[using].ops.adapt_datefield_value
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {days} (banner_id, day, impressions, clicks)"
            f" SELECT id, %s, %s, %s FROM {banners} WHERE id = %s"
            " ON CONFLICT (banner_id, day) DO UPDATE"
            f" SET impressions = {days}.impressions + excluded.impressions,"
            f" clicks = {days}.clicks + excluded.clicks",
            [(adapt(day), shown, clicks, banner) for banner, day, shown, clicks in rows],
        )
