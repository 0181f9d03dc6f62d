"""Banners (배너) in the frame of pages, and in blocks.

Where several take turns in a slot, the slot is a placeholder: each response draws lots, without a
query. One alone is part of the cached page. Robots get none. See decision 0060.
"""

import random
from collections.abc import Callable, Sequence

from django.http import HttpRequest

from boardsite import frame
from boardsite.caching import page_cache
from boardsite.jinja import draw
from boardsite.visitors.identity import user_agent
from boardsite.visitors.user_agents import is_robot
from pages.models import Banner, Devices
from pages.queries.banners import ShownBanner, live_banners

PLACEHOLDER = "banner"


def show_banners(request: HttpRequest, slot: str) -> str:
    """The HTML of `slot`, one of Banner.Slot, on the page that is being built; "" if it is empty."""
    live = _live_on(request)
    banners = [banner for banner in live if banner.slot == slot] if live else ()
    if not banners:
        return ""
    if len(banners) == 1:
        return _draw(slot, banners)
    return page_cache.placeholder(request, PLACEHOLDER, slot)


def render_placeholder(request: HttpRequest, slot: str) -> str:
    banners = [banner for banner in _live_on(request) if banner.slot == slot]
    return _draw(slot, banners) if banners else ""


def _live_on(request: HttpRequest) -> Sequence[ShownBanner]:
    """The banners of this moment. Computed once for a page, which has many slots."""
    known = request.__dict__.get("live_banners")
    if known is None:
        known = live_banners()
        if known and is_robot(user_agent(request)):
            known = ()
        request.live_banners = known  # type: ignore[attr-defined] # kept with the request
    return known


def register() -> None:
    """Called once, by AppConfig.ready."""
    page_cache.register(PLACEHOLDER, render_placeholder)
    for slot in Banner.Slot:
        if slot != Banner.Slot.BLOCK:
            frame.register(slot, _renderer(slot))


def _renderer(slot: str) -> Callable[..., str]:
    return lambda request, **words: show_banners(request, slot)


def _draw(slot: str, banners: Sequence[ShownBanner]) -> str:
    """Draws lots, for wide and narrow windows separately where they have different banners."""
    wide = [each for each in banners if each.devices != Devices.PHONE]
    narrow = [each for each in banners if each.devices != Devices.PC]
    if wide == narrow:
        drawn = [(Devices.ALL, wide)]
    else:
        drawn = [(Devices.PC, wide), (Devices.PHONE, narrow)]
    chosen = [(devices.value, _one_of(each)) for devices, each in drawn if each]
    return draw("pages/_banners.jinja", banners=chosen, slot=slot)


def _one_of(banners: Sequence[ShownBanner]) -> ShownBanner:
    return random.choices(banners, [each.weight for each in banners])[0]  # noqa: S311 (no secret)
