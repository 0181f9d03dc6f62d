"""The tags of services of other companies in the frame of pages (boardsite.frame)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from boardsite import content_policy, frame
from boardsite.caching import page_cache
from boardsite.jinja import draw
from boardsite.views import site
from pages.models import Ad, ServiceSettings
from pages.public_pages import is_counted, sees_ads, shows_public_things_only
from pages.queries.services import services_in_use
from pages.services import AD_SOURCES, analytics_of
from pages.text.lines import split_groups
from pages.text.verification import ENGINES

NOTHING = ""


def render_head(request: HttpRequest, **shown: Any) -> str:
    """Ownership tags on the front page; statistics and what ads need on pages for everybody.

    It is rendered before the other slots, for which it notes the page's ads in the request."""
    is_front = request.path_info == "/"
    used = services_in_use() if is_front or page_cache.is_for_everybody(request) else None
    if used is None:
        return NOTHING
    known, ads = used.settings, used.ads
    codes, analytics = codes_of(known) if is_front else [], list(analytics_of(known))
    if not (codes or analytics or ads):
        return NOTHING
    if (analytics or ads) and not shows_public_things_only(request, **shown):
        analytics, ads = [], ()
    if not is_counted(request, known):
        analytics = []
    request.ads = ads = ads if sees_ads(request, known) else ()  # type: ignore[attr-defined] # kept with the request
    data = {"respects": "yes"} if known.respects_do_not_track else {}
    for service in analytics:
        data |= service.data
        content_policy.allow(request, service.sources)
    return draw(
        "pages/_services_head.jinja", codes=codes, data=data if analytics else {}, has_ads=bool(ads)
    )


def codes_of(known: ServiceSettings) -> list[tuple[str, str]]:
    """The names and contents of the ownership tags."""
    pasted = ((engine, getattr(known, f"{engine.key}_verification")) for engine in ENGINES)
    return [(engine.meta, code) for engine, code in pasted if code and not engine.is_file(code)]


def ad_slot(place: Ad.Place) -> Callable[..., str]:
    """The renderer of the slot of that name."""

    def render_ads(request: HttpRequest, **shown: Any) -> str:
        ads = [ad for ad in getattr(request, "ads", ()) if ad.place == place]
        if not ads:
            return NOTHING
        for ad in ads:
            content_policy.allow(request, AD_SOURCES[ad.kind])
        publisher = ServiceSettings.known().adsense_publisher
        return draw("pages/_ads.jinja", ads=ads, place=place, publisher=publisher)

    return render_ads


def render_end(request: HttpRequest, **shown: Any) -> str:
    """The script that starts the ads of this page, if any needs one."""
    if all(ad.kind == Ad.Kind.HTML for ad in getattr(request, "ads", ())):
        return NOTHING
    respects = ServiceSettings.known().respects_do_not_track
    return draw("pages/_ads_script.jinja", respects=respects)


def register() -> None:
    """For the app's `ready`."""
    frame.register("head", render_head)
    for place in Ad.Place:
        frame.register(place, ad_slot(place))
    frame.register("end", render_end)
    site.more_robots_lines.append(more_robots_lines)


def more_robots_lines() -> tuple[list[str], list[str]]:
    return split_groups(ServiceSettings.known().robots_lines)
