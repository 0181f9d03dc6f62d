"""The addresses of monitoring. boardsite.health.middleware answers them before any other middleware."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from boardsite.health.checks import Check, State
from boardsite.health.exposition import CONTENT_TYPE, exposition
from boardsite.health.readiness import overall, read_checks, read_numbers
from boardsite.health.who_asks import has_token, is_from_this_machine

UNCACHED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` while this process answers, with or without a database: for the program that restarts it."""
    return HttpResponse("ok", content_type="text/plain", headers=UNCACHED)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the site can serve: 200, also with warnings, or 503; for load balancers and alarms.

    The checks themselves are for programs of this machine and for requests with the token."""
    checks = read_checks()
    state = overall(checks)
    is_detailed = is_from_this_machine(request) or has_token(request)
    return HttpResponse(
        _as_json(state, checks if is_detailed else []),
        content_type="application/json",
        status=503 if state is State.FAILED else 200,
        headers=UNCACHED,
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus. Without the right token there is no such page, not even for programs of
    this machine."""
    if not has_token(request):
        return HttpResponse(content_type="text/plain", status=404, headers=UNCACHED)
    return HttpResponse(exposition(*read_numbers()), content_type=CONTENT_TYPE, headers=UNCACHED)


def _as_json(state: State, checks: list[Check]) -> str:
    """One line for each check, which is also easy to read in a terminal."""
    if not checks:
        return json.dumps({"status": state}) + "\n"
    lines = [
        json.dumps(
            {"name": check.name, "status": check.state, "detail": check.detail}, ensure_ascii=False
        )
        for check in checks
    ]
    return f'{{"status": "{state}", "checks": [\n' + ",\n".join(lines) + "\n]}\n"
