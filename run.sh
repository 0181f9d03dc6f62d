#!/bin/sh
# Installs and runs Boardsite in this folder. Needs Python 3.11 or newer.
# HOST and PORT (127.0.0.1 and 8000) set the address, WEB_CONCURRENCY the number of processes, PYTHON
# the interpreter.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"
. tools/venv.sh
install requirements.txt
export PYTHONUTF8=1  # the messages are Korean, whatever the locale
exec .venv/bin/python manage.py quickstart "$@"
