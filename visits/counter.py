"""접속자집계 in the footer of each page; in a cached page it is a placeholder."""

import logging
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from boardsite.caching.versions import Query
from boardsite.visitors.identity import today
from visits import queries
from visits.beacon import beacon_name
from visits.middleware import begin_visit
from visits.models import VisitSettings
from visits.permissions import may_see_present

logger = logging.getLogger(__name__)
BEACON = f"{'0' * 8}-{'f' * 4}"  # replaced by the visitor's own beacon in cached HTML


def today_query(request: HttpRequest) -> Query:
    """Counts the visitor of a cached page, for which no view runs, and returns the query of
    `visit_counts`."""
    begin_visit(request)
    visit = getattr(request, "visit", None)
    return queries.day_query(visit.day if visit else today())


def visit_counts(request: HttpRequest, result: tuple[int, int] | None = None) -> str:
    """The counter as HTML. `result` is today's count from a piggybacked query.

    Returns "" when the counts cannot be read: a page without them is better than no page."""
    if request.resolver_match:  # a 404 is no visit
        begin_visit(request)
    visit = getattr(request, "visit", None)
    user = getattr(request, "user", AnonymousUser())  # an invalid request may have no user yet
    try:
        counts = queries.visit_counts(result)
        present = _present(user, is_person=visit is not None)
        old_name = VisitSettings.known().imported_name if counts.imported else ""
        sees_report = user.is_authenticated and user.is_staff and may_see_report(user)
    except DatabaseError:
        logger.exception("The visitors' counts could not be read")
        return ""
    html = _drawn(counts, present, old_name, sees_report, visit is not None)
    if visit:
        request.leaf_offered = True  # type: ignore[attr-defined] # for the middleware
        html = html.replace(BEACON, beacon_name(visit.day, visit.key))
    return html


def may_see_report(user) -> bool:
    return user.has_perm("visits.view_daycount")


@lru_cache(maxsize=256)
def _drawn(
    counts: queries.VisitCounts, present: str, old_name: str, sees_report: bool, has_beacon: bool
) -> str:
    """Cached: the same numbers give the same HTML."""
    return render_to_string(
        "ui/visit_counts.jinja",
        {
            **{name: f"{getattr(counts, name):,}" for name in counts._fields[:4]},
            "imported": f"{counts.imported:,}" if counts.imported else "",
            "imported_name": old_name,
            "highest_is_imported": counts.is_highest_imported,
            "present": present,
            "beacon": reverse("show_beacon", args=[BEACON]) if has_beacon else "",
            "sees_report": sees_report,
        },
    )


def _present(user, *, is_person: bool) -> str:
    """How many people are present now. The visitor counts too, although their presence may not be
    written yet."""
    if not may_see_present(user):
        return ""
    return f"{max(queries.present_count(), int(is_person)):,}"
