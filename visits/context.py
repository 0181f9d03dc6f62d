"""Lets every template say `visit_counts`; nothing is read unless it does."""

import logging

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from visits import queries
from visits.leaf import leaf_name
from visits.models import VisitSettings
from visits.permissions import may_see_present

logger = logging.getLogger(__name__)


def visit_counts(request: HttpRequest) -> dict:
    return {"visit_counts": SimpleLazyObject(lambda: _as_written(request))}


def _as_written(request: HttpRequest) -> dict[str, str]:
    """today, yesterday, highest, total as they are printed ("2,108"), imported ("" where there is
    nothing), imported_name, highest_is_imported ("" unless so), present ("" for whom it is not),
    and for a person the address of the day's leaf.

    Empty, hence false in a template, when they cannot be read: a page without its counts is better
    than no page.
    """
    visit = getattr(request, "visit", None)
    try:
        counts = queries.visit_counts()
        present = _present(request, is_person=visit is not None)
        old_name = VisitSettings.known().imported_name if counts.imported else ""
    except DatabaseError:
        logger.exception("The visitors' counts could not be read")
        return {}
    numbers = ("today", "yesterday", "highest", "total")
    words = {name: f"{getattr(counts, name):,}" for name in numbers}
    words["imported"] = f"{counts.imported:,}" if counts.imported else ""
    words["imported_name"] = old_name
    words["highest_is_imported"] = "1" if counts.is_highest_imported else ""
    words["present"] = present
    if visit:
        request.leaf_offered = True
        words["leaf"] = reverse("show_leaf", args=[leaf_name(visit.day, visit.key)])
    return words


def _present(request: HttpRequest, *, is_person: bool) -> str:
    """How many are here now. Who asks is one of them, though he may not be written down yet."""
    user = getattr(request, "user", AnonymousUser())  # a bad request may come before log-in
    if not may_see_present(user):
        return ""
    return f"{max(queries.present_count(), int(is_person)):,}"
