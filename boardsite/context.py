"""What every template may use."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from boardsite import pagecache
from boardsite.models import SiteSettings
from boardsite.versions import Unchanged


def site_settings(request: HttpRequest) -> SiteSettings:
    """The owner's settings, read at most once for a request; those of now."""
    if not hasattr(request, "_site_settings"):
        request._site_settings = _settings()
    return request._site_settings


_settings = Unchanged(SiteSettings.load)


def site(request: HttpRequest) -> dict:
    """`site`: the owner's settings, read only when the page shows them; and in a page that is kept
    for strangers, `csrf_token`: a hole for each one's own."""
    context = {"site": SimpleLazyObject(lambda: site_settings(request))}
    if pagecache.is_kept(request):
        context["csrf_token"] = pagecache.hole(request, "csrf_token")
    return context
