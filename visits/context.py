"""Lets every template say `visit_counts`; nothing is read unless it does."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from visits import queries

logger = logging.getLogger(__name__)


def visit_counts(request: HttpRequest) -> dict:
    return {"visit_counts": SimpleLazyObject(_as_written)}


def _as_written() -> dict[str, str]:
    """today, yesterday, highest, total as they are printed ("2,108"); empty, hence false in a
    template, when they cannot be read: a page without its counts is better than no page."""
    try:
        return {name: f"{count:,}" for name, count in queries.visit_counts()._asdict().items()}
    except DatabaseError:
        logger.exception("The visitors' counts could not be read")
        return {}
