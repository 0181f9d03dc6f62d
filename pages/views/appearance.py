"""The files that the site's look consists of, for everybody."""

from functools import lru_cache

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boardsite.views import site
from pages import icons
from pages.models.images import FOLDER
from pages.queries.appearance import look, published_look
from pages.views.images import FOREVER

HOUR = "public, max-age=3600"


@require_safe
def show_style(request: HttpRequest, version: str) -> HttpResponse:
    """The owner's stylesheet. An old version gets the present one, uncached: a page may have been
    built just before a change."""
    shown = look(request)
    if not shown.style:
        raise Http404(_("파일이 없습니다."))
    age = FOREVER if version == shown.version == published_look().version else "no-store"
    return HttpResponse(
        shown.style, content_type="text/css; charset=utf-8", headers={"Cache-Control": age}
    )


@require_safe
def show_icon(request: HttpRequest, name: str, size: int) -> HttpResponse:
    """The icon as a PNG of `size`. `name` is that of the stored file without its extension."""
    icon = look(request).icon
    if size not in icons.SIZES or not icon or icon.partition(".")[0] != name:
        raise Http404(_("파일이 없습니다."))
    return HttpResponse(
        _icon(icon, size), content_type="image/png", headers={"Cache-Control": FOREVER}
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon for browsers on pages that name none, such as the admin's; else the site's own."""
    name = published_look().icon
    if not name:
        return site.favicon(request)
    return HttpResponse(
        _icon(name, 0), content_type="image/x-icon", headers={"Cache-Control": HOUR}
    )


@lru_cache(maxsize=16)
def _icon(name: str, size: int) -> bytes:
    """The PNG, or the ICO with size 0, of a file that never changes. 404 if it is missing."""
    try:
        with default_storage.open(f"{FOLDER}/{name}") as file:
            return icons.png(file, size) if size else icons.ico(file)
    except FileNotFoundError:
        raise Http404(_("파일이 없습니다.")) from None
