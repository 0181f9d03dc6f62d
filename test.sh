#!/bin/sh
# Runs the tests; arguments go to pytest. With DATABASE_URL=postgres://… they run on PostgreSQL.
# There is one worker per processor, but a single file runs in one process, which starts sooner. -n N
# overrides this (PYTEST_XDIST_AUTO_NUM_WORKERS=N for all runs).
# Tests that need a service or a browser are skipped without it, with a reason. REQUIRE_BROWSER=1 and
# REQUIRE_SERVICES=1 make such a skip a failure, as in .ci/run.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"
. tools/venv.sh

# Whether the arguments select more than one file and set no number of workers.
wants_workers() {
    files=0
    others=0
    value=
    for argument in "$@"; do
        if [ -n "$value" ]; then # of the preceding option
            value=
            continue
        fi
        case $argument in
        -n* | --numprocesses* | --dist* | --pdb | -s | --capture=no | --version | --help | -h | --co | \
            --collect-only) return 1 ;;
        -[kmcopWr] | --ignore | --deselect | --durations | --maxfail | --tb | --show-capture) value=1 ;;
        -*) ;;
        *.py | *.py::*) files=$((files + 1)) ;;
        *) others=$((others + 1)) ;;
        esac
    done
    [ "$files" != 1 ] || [ "$others" != 0 ]
}

install requirements.txt requirements-dev.txt
export PYTHONUTF8=1 # the messages are Korean, whatever the locale
unset PYTHONDONTWRITEBYTECODE # images of Python set it; each worker would compile every test anew
if wants_workers "$@"; then
    set -- -n auto --dist worksteal "$@"
fi
exec .venv/bin/python -m pytest "$@"
