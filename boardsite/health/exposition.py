"""The text that Prometheus reads (its text-based format, version 0.0.4)."""

from collections.abc import Iterable, Iterator, Sequence

from boardsite.health.checks import Check, State
from boardsite.health.counters import (
    DATABASE_FAULTS,
    FAULTS,
    RUNNING,
    SECONDS,
    STATUSES,
    WAITING,
    counters,
    cumulated,
)
from boardsite.health.measures import Sample

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LEVELS = {State.OK: 0, State.WARNING: 1, State.FAILED: 2}
HELP = {
    "boardsite_requests_total": "Requests that the workers have answered, by class of status.",
    "boardsite_request_seconds": "From a request's arrival in the worker to its response.",
    "boardsite_faults_total": "Unexpected errors, by whether they are the database's.",
    "boardsite_requests_waiting": "Requests that wait for a thread.",
    "boardsite_requests_running": "Requests in a thread.",
    "boardsite_workers": "Worker processes that share these counters.",
    "boardsite_check": "The checks of /readyz: 0 ok, 1 warning, 2 failed.",
    "boardsite_chore_success_timestamp_seconds": "When a periodic command last succeeded.",
    "boardsite_chore_seconds": "How long it took then.",
    "boardsite_chore_failed": "Whether its latest run failed.",
    "boardsite_posts": "Published posts.",
    "boardsite_comments": "Published comments.",
}


def exposition(checks: Sequence[Check], measured: Sequence[Sample]) -> str:
    """Counters of the workers, checks, and what was measured in the database; if that does not
    answer, its numbers are missing."""
    sums = counters.sums()
    database = sums[DATABASE_FAULTS]
    samples = [
        *(Sample("boardsite_requests_total", sums[kind], ("status", kind)) for kind in STATUSES),
        Sample("boardsite_faults_total", database, ("kind", "database")),
        Sample("boardsite_faults_total", sums[FAULTS] - database, ("kind", "other")),
        Sample("boardsite_requests_waiting", sums[WAITING]),
        Sample("boardsite_requests_running", sums[RUNNING]),
        Sample("boardsite_workers", counters.workers),
        *(Sample("boardsite_check", LEVELS[each.state], ("name", each.name)) for each in checks),
        *measured,
    ]
    buckets = cumulated(sums)
    name = "boardsite_request_seconds"
    histogram = [
        f"# HELP {name} {HELP[name]}",
        f"# TYPE {name} histogram",
        *(f'{name}_bucket{{le="{limit}"}} {count!r}' for limit, count in buckets),
        f"{name}_sum {sums[SECONDS]!r}",
        f"{name}_count {buckets[-1][1]!r}",
    ]
    return "\n".join([*_lines(samples), *histogram]) + "\n"


def _lines(samples: Iterable[Sample]) -> Iterator[str]:
    families: dict[str, list[Sample]] = {}
    for sample in samples:
        families.setdefault(sample.name, []).append(sample)
    for name, members in families.items():
        if name in HELP:
            yield f"# HELP {name} {HELP[name]}"
        yield f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}"
        for sample in members:
            label = f'{{{sample.label[0]}="{_escaped(sample.label[1])}"}}' if sample.label else ""
            yield f"{name}{label} {float(sample.value)!r}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
