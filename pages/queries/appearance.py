"""The site's look as pages use it: a stylesheet, and what stands in the slots of every page."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases.compiled import Compiled
from boardsite.jinja import draw
from boardsite.mail.letters import Brand
from boardsite.models import OneRow, SiteSettings
from pages import colours, css
from pages.models import Appearance, AppearanceDraft, Looks
from pages.preview import is_previewing

LOGO_HEIGHT = 36  # pixels, as in the header of pages
SLOTS = ("head", "brand", "icons", "share", "top", "footer")


@dataclass(frozen=True, slots=True)
class Look:
    """`style` is the text of the stylesheet and `version` its hash, "" without one; `icon` is the
    name of the icon's file, and `mails` is how mails look. The rest is HTML of the slots."""

    mails: Brand
    style: str
    version: str
    icon: str
    head: str
    brand: str
    icons: str
    share: str
    top: str
    footer: str


PLAIN = Look(Brand(), *[""] * (len(fields(Look)) - 1))


def slot(name: str) -> Callable[..., str]:
    """The renderer of a slot (boardsite.frame)."""

    def render(request: HttpRequest, **words: object) -> str:
        html: str = getattr(look(request), name)
        return html

    return render


def look(request: HttpRequest) -> Look:
    """The published look, or the draft in a preview. Every page asks for it several times."""
    found: Look | None = getattr(request, "pages_look", None)
    if found is None:
        found = _draft_look() if is_previewing(request) else published_look()
        request.pages_look = found  # type: ignore[attr-defined] # kept with the request
    return found


def _rows(model: type[Looks]) -> QuerySet[Any]:
    return model._default_manager.filter(pk=1).select_related(*Looks.IMAGES)


def _draft_look() -> Look:
    return _look_of(_rows(AppearanceDraft).first())


def _look_of(row: Looks | None) -> Look:
    if row is None:
        return PLAIN
    own = row.css if row.uses_css else ""
    is_compact = row.density == Looks.Density.COMPACT
    style = css.stylesheet(accent=row.accent, is_compact=is_compact, own=own)
    version = hashlib.sha256(style.encode()).hexdigest()[:16] if style else ""
    return Look(
        mails=_mails(row),
        style=style,
        version=version,
        icon=row.icon.name if row.icon else "",
        head=draw("pages/style.jinja", version=version) if version else "",
        brand=_brand(row),
        icons=draw("pages/icons.jinja", stem=row.icon.stem) if row.icon else "",
        share=_share(row),
        top=draw("pages/header_text.jinja", html=row.header_html) if row.header_html else "",
        footer=draw("pages/footer_text.jinja", html=row.footer_html) if row.footer_html else "",
    )


def _brand(row: Looks) -> str:
    if row.logo is None:
        return ""
    name = SiteSettings.known().name
    return draw("pages/brand.jinja", logo=row.logo, logo_dark=row.logo_dark, site_name=name)


def brand_of_mails() -> Brand:
    """The published logo and colours, for mails."""
    return published_look().mails


def _mails(row: Looks) -> Brand:
    light = colours.light_palette(row.accent or colours.DEFAULT)
    dark = colours.dark_palette(row.accent or colours.DEFAULT)
    brand = Brand(light.accent, light.on, dark.accent, dark.on)
    if row.logo is None:
        return brand
    height = min(row.logo.height, LOGO_HEIGHT)
    width = round(row.logo.width * height / row.logo.height)
    return replace(brand, logo=row.logo.url, width=width, height=height)


def _share(row: Looks) -> str:
    if row.share_image is None:
        return ""
    return draw("pages/share.jinja", image=row.share_image, site_url=settings.SITE_URL)


_published = Compiled(lambda: _rows(Appearance))
published_look = VersionedCache(
    lambda: _look_of(_published.first()), seconds=OneRow.SECONDS, is_setting=True
)
