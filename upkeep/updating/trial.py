"""`python -m upkeep.updating.trial` updates the site of the environment, which rehearsal.py has copied
to throw it away, and prints as JSON what happened."""

import json
from typing import Any

from upkeep.backups.trial_site import begin_trial, request_pages


def main() -> None:
    begin_trial()
    print(json.dumps(rehearse()))


def rehearse() -> dict[str, Any]:
    """`times`: seconds by migration; `rows` by table: before and after, where they differ; `size` of
    the database in bytes, before and at its largest; `problems`: sentences."""
    from django.core.checks import ERROR, run_checks

    from boards.repair import recount
    from upkeep.backups.databases import database_size, rows_here
    from upkeep.updating.migrating import migrate_to

    before, size = rows_here(), database_size()
    times = migrate_to()
    largest = max(size, database_size())
    after = rows_here()
    tables = sorted(before.keys() | after.keys())
    rows = {each: (before.get(each), after.get(each)) for each in tables}
    problems = [str(found) for found in run_checks() if found.level >= ERROR]
    problems += [str(drift) for drift in recount(repairs=False)]
    problems += list(request_pages())
    return {
        "times": times,
        "rows": {each: pair for each, pair in rows.items() if pair[0] != pair[1]},
        "size": (size, largest),
        "problems": problems,
    }


if __name__ == "__main__":
    main()
