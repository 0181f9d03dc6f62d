"""Context processors for all templates."""

from typing import Any

from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html

from boardsite.caching import page_cache
from boardsite.frame import Frame
from boardsite.models import SiteSettings


def site_settings(request: HttpRequest) -> SiteSettings:
    """The owner's settings."""
    return SiteSettings.known()


def site(request: HttpRequest) -> dict[str, Any]:
    """`site` is the owner's settings, read only when the template uses them; `frame` is what other
    apps add to every page. In a cacheable page
    `csrf_token` and `csrf_input` hold a placeholder that each visitor's own token replaces; in
    others all forms share one token, because generating it is expensive."""
    context: dict[str, Any] = {
        "site": SimpleLazyObject(lambda: site_settings(request)),
        "frame": Frame(request),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
    }
    if page_cache.will_be_cached(request):
        token = context["csrf_token"] = page_cache.placeholder(request, "csrf_token")
        context["csrf_input"] = format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token
        )
    return context
