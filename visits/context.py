"""Lets every template say `visit_counts`; nothing is read unless it does."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from visits import queries
from visits.leaf import leaf_name

logger = logging.getLogger(__name__)


def visit_counts(request: HttpRequest) -> dict:
    return {"visit_counts": SimpleLazyObject(lambda: _as_written(request))}


def _as_written(request: HttpRequest) -> dict[str, str]:
    """today, yesterday, highest, total as they are printed ("2,108"), imported ("" where there is
    nothing), and for a person the address of the day's leaf.

    Empty, hence false in a template, when they cannot be read: a page without its counts is better
    than no page.
    """
    try:
        counts = queries.visit_counts()
    except DatabaseError:
        logger.exception("The visitors' counts could not be read")
        return {}
    words = {name: f"{count:,}" for name, count in counts._asdict().items()}
    words["imported"] = words["imported"] if counts.imported else ""
    if visit := getattr(request, "visit", None):
        request.leaf_offered = True
        words["leaf"] = reverse("show_leaf", args=[leaf_name(visit.day, visit.key)])
    return words
