"""The banners of a slot, and how often they were shown and followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, router
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.safestring import SafeString

from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled, Slot
from boardsite.jinja import draw
from pages.models import Banner, BannerDay
from pages.models.timed import is_now


@dataclass(frozen=True)
class ShownBanner:
    """A banner as HTML, and what decides where and when it is shown."""

    pk: int
    slot: str
    devices: str
    weight: int
    starts_at: datetime
    ends_at: datetime | None
    html: SafeString


def live_banners() -> Sequence[ShownBanner]:
    """Those of all slots at this moment."""
    planned = _planned()
    if not planned:  # no further cost where there is none
        return ()
    now = timezone.now()
    return [each for each in planned if is_now(each.starts_at, each.ends_at, now)]


def is_live(pk: int) -> bool:
    return any(banner.pk == pk for banner in live_banners())


def with_counts(banners: QuerySet[Banner]) -> QuerySet[Banner]:
    """With `impressions` and `clicks` of all days."""
    days = BannerDay.objects.filter(banner=OuterRef("pk")).order_by().values("banner")
    return banners.annotate(
        **{
            name: Coalesce(Subquery(days.annotate(sum=Sum(name)).values("sum")), 0)
            for name in ("impressions", "clicks")
        }
    )


_planned_now = Compiled(
    lambda: (
        Banner.objects.planned(Slot("now", DateTimeField()))
        .exclude(image=None)
        .select_related("image")
    )
)


def _read() -> tuple[ShownBanner, ...]:
    now = connections[router.db_for_read(Banner)].ops.adapt_datetimefield_value(timezone.now())
    return tuple(
        ShownBanner(
            banner.pk,
            banner.slot,
            banner.devices,
            banner.weight,
            banner.starts_at,
            banner.ends_at,
            draw("pages/_banner.jinja", banner=banner),
        )
        for banner in _planned_now(now=now)
    )


_planned: VersionedCache[tuple[ShownBanner, ...]] = VersionedCache(_read, is_setting=True)
"""Those that are or will be shown. The table moves the site's version."""
