#!/bin/sh
# The site for those who change it: what is saved shows at the next request. Python starts again by
# itself, and no page is cached. The same data/ and .env as run.sh; PORT says where (8000).
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"
. tools/venv.sh
install requirements.txt requirements-dev.txt
export PYTHONUTF8=1 # the messages are Korean, whatever the locale
.venv/bin/python manage.py quickstart --no-serve
export DEBUG=on PAGE_CACHE_MB=0
exec .venv/bin/python manage.py runserver "${PORT:-8000}" "$@"
