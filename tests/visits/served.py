"""The site under its own server, for test_two_workers_over_midnight.py: with a clock that the test
moves, and answers that tell whom the site took the visitor for."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

AHEAD = Path(os.environ.get("CLOCK_AHEAD", "clock"))  # a file: seconds before the real time


def tell_visit(get_response):
    """Middleware: which worker answered, and as whose page of which day the answer was counted."""

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

    from boardsite.listen import address_of, open_asked_sockets
    from boardsite.serve import serve_site

    sockets = open_asked_sockets()
    sys.exit(serve_site(sockets, lambda: print(address_of(sockets), flush=True)))
