"""Whether the browser says that a page of this site sent a request."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import is_same_domain


def is_foreign(request: HttpRequest) -> bool:
    """Whether a page of another site sent it: the browser names that page (Origin, else Referer),
    or it says so without a name (Sec-Fetch-Site). Returns False when the browser says nothing.

    Another host of the same domain counts as another site, unless settings.CSRF_TRUSTED_ORIGINS
    lists it."""
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source:
        return not _is_ours(request, source)
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


def _is_ours(request: HttpRequest, source: str) -> bool:
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    if parts.scheme in ("http", "https") and parts.netloc == request.get_host():
        return True
    return any(
        parts.scheme == trusted.scheme and is_same_domain(parts.netloc, trusted.netloc.lstrip("*"))
        for trusted in map(urlsplit, settings.CSRF_TRUSTED_ORIGINS)
    )
