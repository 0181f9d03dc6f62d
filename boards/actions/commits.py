"""Work that is postponed until the transaction commits."""

from collections.abc import Callable

from django.db import transaction


def after_commit(notify: Callable, *what: object) -> None:
    """Calls `notify(*what)` after the commit, so that no action waits for a notification or fails
    with it."""
    transaction.on_commit(lambda: notify(*what), robust=True)
