"""What every template may use."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from boardsite.models import SiteSettings


def site_settings(request: HttpRequest) -> SiteSettings:
    """The owner's settings, read at most once for a request."""
    if not hasattr(request, "_site_settings"):
        request._site_settings = SiteSettings.load()
    return request._site_settings


def site(request: HttpRequest) -> dict:
    """`site`: the owner's settings, read only when the page shows them."""
    return {"site": SimpleLazyObject(lambda: site_settings(request))}
