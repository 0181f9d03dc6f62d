"""The site under its own server, for test_two_workers_over_midnight.py: the test sets its clock,
and responses say for whom the site took the visitor."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

AHEAD = Path(os.environ.get("CLOCK_AHEAD", "clock"))  # a file with the seconds before the real time


def tell_visit(get_response):
    """Middleware: adds the worker, and the visitor and day for which the response was counted."""

    def answer(request):
        response = get_response(request)
        response["X-Worker"] = str(os.getpid())
        if visit := getattr(request, "visit", None):
            response["X-Visit"] = f"{visit.day} {visit.key}"
        return response

    return answer


def shown_time() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(AHEAD.read_text()))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
    import django
    from django.utils import timezone

    from boardsite import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    settings.MIDDLEWARE.insert(0, "tests.visits.served.tell_visit")
    timezone.now = shown_time
    django.setup()

    from boardsite.server.listening import address_of, open_asked_sockets
    from boardsite.server.site import serve_site, worker_count

    opened = open_asked_sockets(worker_count())
    sys.exit(serve_site(opened, lambda: print(address_of(opened), flush=True)))
