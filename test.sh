#!/bin/sh
# The tests; arguments go to pytest. DATABASE_URL=postgres://… runs them on PostgreSQL.
# Needs no service and no browser: what does is skipped and says why (REQUIRE_BROWSER=1 and
# REQUIRE_SERVICES=1 make such a skip a failure, as in .ci/run).
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"
. tools/venv.sh
install requirements.txt requirements-dev.txt
export PYTHONUTF8=1  # the messages are Korean, whatever the locale
exec .venv/bin/python -m pytest "$@"
