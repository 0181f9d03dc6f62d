"""접속자집계 in the footer: of each page, also of one that is kept, for each who gets it."""

import logging
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from boardsite.versions import Question
from boardsite.visitors import today
from visits import queries
from visits.leaf import leaf_name
from visits.middleware import begin_visit
from visits.models import VisitSettings
from visits.permissions import may_see_present

logger = logging.getLogger(__name__)
LEAF = f"{'0' * 8}-{'f' * 4}"  # stands in what is remembered for the name of the reader's own


def ask_today(request: HttpRequest) -> Question:
    """What `visit_counts` asks, once who comes for a kept page, which no view makes, has been counted."""
    begin_visit(request)
    visit = getattr(request, "visit", None)
    return queries.day_question(visit.day if visit else today())


def visit_counts(request: HttpRequest, told: tuple[int, int] | None = None) -> str:
    """The counter as HTML; who comes for a kept page is counted before. `told`: today's count.

    "" when the counts cannot be read: a page without them is better than no page.
    """
    if request.resolver_match:  # an address that leads nowhere is no visit
        begin_visit(request)
    visit = getattr(request, "visit", None)
    user = getattr(request, "user", AnonymousUser())  # a bad request may come before log-in
    try:
        counts = queries.visit_counts(told)
        present = _present(user, is_person=visit is not None)
        old_name = VisitSettings.known().imported_name if counts.imported else ""
        sees_report = user.is_authenticated and user.is_staff and may_see_report(user)
    except DatabaseError:
        logger.exception("The visitors' counts could not be read")
        return ""
    html = _drawn(counts, present, old_name, sees_report, visit is not None)
    if visit:
        request.leaf_offered = True
        html = html.replace(LEAF, leaf_name(visit.day, visit.key))
    return html


def may_see_report(user) -> bool:
    return user.has_perm("visits.view_daycount")


@lru_cache(maxsize=256)
def _drawn(
    counts: queries.VisitCounts, present: str, old_name: str, sees_report: bool, has_leaf: bool
) -> str:
    """The same numbers look the same to everybody."""
    return render_to_string(
        "ui/visit_counts.html",
        {
            **{name: f"{getattr(counts, name):,}" for name in counts._fields[:4]},
            "imported": f"{counts.imported:,}" if counts.imported else "",
            "imported_name": old_name,
            "highest_is_imported": counts.is_highest_imported,
            "present": present,
            "leaf": reverse("show_leaf", args=[LEAF]) if has_leaf else "",
            "sees_report": sees_report,
        },
    )


def _present(user, *, is_person: bool) -> str:
    """How many are here now. Who asks is one of them, though he may not be written down yet."""
    if not may_see_present(user):
        return ""
    return f"{max(queries.present_count(), int(is_person)):,}"
