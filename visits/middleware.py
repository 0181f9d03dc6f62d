"""Counts the visitor before the view runs, so that the page includes them, and the page view after
it, when the response is known to be a page."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from boardsite.databases.optional_writes import write_if_free
from boardsite.visitors.identity import client_address, is_person, now_here, user_agent, visitor_key
from boardsite.visitors.user_agents import is_robot, robot_name
from visits import tallies
from visits.actions.visits import record_visit
from visits.arrivals import arrival_of
from visits.pages import NOT_PAGES, page_path

logger = logging.getLogger(__name__)


class Visit(NamedTuple):
    """`request.visit`, while a person opens a page."""

    day: date
    key: int
    at: datetime  # in the site's time zone


class CountVisits:
    """Runs in process_view, when the URL has resolved, so that probing for wp-login.php counts
    nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        try:
            _note(request, response)
        except Exception:
            logger.exception("A page view could not be noted")
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        begin_visit(request)


def begin_visit(request: HttpRequest) -> None:
    """Counts the visitor of a page once per request and sets `request.visit`. If counting fails
    they get the page all the same."""
    if hasattr(request, "visit") or not is_visit(request):
        return
    try:
        now = now_here()
        day = now.date()
        key = visitor_key(request, day)
        if not tallies.is_known(day, key):
            arrival = arrival_of(request, now)
            if not write_if_free(partial(record_visit, key=key, day=day, arrival=arrival)):
                tallies.note_arrival(day, key, arrival)
        request.visit = Visit(day, key, now)  # type: ignore[attr-defined] # for _note
    except Exception:
        # A page without its count is better than no page.
        logger.exception("A visit could not be counted")
        request.visit = None  # type: ignore[attr-defined] # it is not tried again


def is_visit(request: HttpRequest) -> bool:
    """Whether a person opens a page, as opposed to a file or another response."""
    return not NOT_PAGES.search(request.path_info) and is_person(request)


def _note(request: HttpRequest, response: HttpResponse) -> None:
    """In memory only: a page view, or a robot's request."""
    visit = getattr(request, "visit", None)
    if visit is not None:
        if response.status_code == 200 and _is_page(response):
            tallies.note_page(
                visit.day,
                visit.key,
                visit.at,
                path=page_path(request),
                member=request.user.pk,
                leaf_offered=getattr(request, "leaf_offered", False),
            )
    elif request.resolver_match and is_robot(agent := user_agent(request)):
        tallies.note_robot(
            now_here(),
            name=robot_name(agent),
            address=client_address(request),
            path=page_path(request),
        )


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")
