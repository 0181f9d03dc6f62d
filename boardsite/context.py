"""What every template may use."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from boardsite.models import SiteSettings


def site(request: HttpRequest) -> dict:
    """`site`: the owner's settings, read once per page and only when the page shows them."""
    return {"site": SimpleLazyObject(SiteSettings.load)}
