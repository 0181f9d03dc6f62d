#!/bin/sh
# Boardsite on this machine, from nothing: needs Python 3.11 or newer, keeps everything in this folder.
# HOST and PORT (127.0.0.1 and 8000) say where, WEB_CONCURRENCY how many processes, PYTHON which Python.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"
. tools/venv.sh
install requirements.txt
export PYTHONUTF8=1  # the messages are Korean, whatever the locale
exec .venv/bin/python manage.py quickstart "$@"
