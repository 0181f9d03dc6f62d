"""The Content-Security-Policy of each response: that of the settings, and the sources that a part of
this very page needs.

Code that renders a tag which loads something from elsewhere calls `allow` beside it. So a page allows the
hosts of the services that it uses, and no others; a cached page is stored with its header.
"""

from collections.abc import Mapping, Sequence

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def allow(request: HttpRequest, sources: Mapping[str, Sequence[str]]) -> None:
    """Adds to the policy of the response to `request`: directive → sources. They must have been
    checked, because a space or a semicolon in a source would begin another one."""
    allowed = request.__dict__.setdefault("allowed_sources", {})
    for directive, added in sources.items():
        allowed[directive] = [*allowed.get(directive, []), *added]


class ContentPolicy(CSPMiddleware):
    """django-csp's middleware with what `allow` has added."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        allowed = getattr(request, "allowed_sources", None)
        if allowed and not report_only:
            parts.update = (parts.update or {}) | _complete(allowed)
        return parts


def _complete(allowed: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """A directive that the settings do not have falls back to default-src, until it is set."""
    known = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return {
        directive: sources if directive in known else [SELF, *sources]
        for directive, sources in allowed.items()
    }
