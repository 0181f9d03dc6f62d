"""Which tests run, and without what else: ONLY_DATABASE, and the garbage of collecting them."""

import gc
import os

import pytest

YOUNG = 5_000
"""Objects that are made between two searches for garbage, instead of 700."""


def pytest_collection_modifyitems(config, items):
    """ONLY_DATABASE=1 deselects tests that a second database cannot change: those without a
    database, and those marked `any_database`, which are about pages, forms and tokens."""
    if not os.environ.get("ONLY_DATABASE"):
        return
    asks = {"db", "transactional_db"}
    kept = [
        item
        for item in items
        if (asks & {*item.fixturenames} or item.get_closest_marker("django_db"))
        and not item.get_closest_marker("any_database")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Python looks for garbage among all objects again and again, and ten thousand tests are millions
    of objects that stay: a seventh of what the suite takes. Nothing is garbage while they are
    collected; afterwards they are no longer searched."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(YOUNG, 10, 10)
        gc.enable()
