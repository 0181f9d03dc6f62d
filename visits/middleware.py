"""Counts the visitor before the page is made, so that the page already shows him."""

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from boardsite.visitors import is_person, today, visitor_key
from visits.actions import record_visit

logger = logging.getLogger(__name__)

# Addresses that programs and pages ask for; a reader of these alone has not seen the site.
NOT_PAGES = re.compile(
    r"^/(?:files|static)/|^/(?:healthz|robots\.txt|favicon\.ico|sitemap[^/]*)/?$|/feed/?$"
)


class CountVisits:
    """Runs when the address is known to be a page, so probing for wp-login.php counts nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        if not is_visit(request):
            return
        try:
            day = today()
            record_visit(key=visitor_key(request, day), day=day)
        except Exception:
            # A page without its count is better than no page.
            logger.exception("A visit could not be counted")


def is_visit(request: HttpRequest) -> bool:
    """Whether a person opens a page, and not one of the files and answers beside the pages."""
    return not NOT_PAGES.search(request.path_info) and is_person(request)
