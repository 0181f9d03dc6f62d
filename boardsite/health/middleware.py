"""Answers the addresses of monitoring before anything else is done for a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from boardsite.views.health import healthz, metrics, readyz

PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}


class AnswerProbes:
    """Stands first. So these addresses are answered under every host name, without the redirect to
    HTTPS, without a session and without a rate limit, while the site is closed for maintenance and
    while the database is down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        probe = PROBES.get(request.path_info)
        return self.get_response(request) if probe is None else probe(request)
