"""Numbers from the database for /metrics. An app registers its own in its measures.py."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from boardsite.models import ChoreRun


class Sample(NamedTuple):
    """A number with its name; `label` is (name, value) or None."""

    name: str
    value: float
    label: tuple[str, str] | None = None


_measures: list[Callable[[], Iterator[Sample]]] = []


def measure(read: Callable[[], Iterator[Sample]]) -> Callable[[], Iterator[Sample]]:
    """Registers a function that yields samples. It is called at most every two seconds and must read
    few rows."""
    _measures.append(read)
    return read


def read_measures() -> list[Sample]:
    return [sample for read in _measures for sample in read()]


@measure
def chores() -> Iterator[Sample]:
    for run in ChoreRun.objects.all():
        label = ("chore", run.name)
        if run.ended_at:
            yield Sample(
                "boardsite_chore_success_timestamp_seconds", run.ended_at.timestamp(), label
            )
        yield Sample("boardsite_chore_seconds", run.took, label)
        yield Sample("boardsite_chore_failed", run.failed_last, label)
