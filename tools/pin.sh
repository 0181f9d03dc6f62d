#!/bin/sh
# Writes the requirements files anew from their .in files: tools/pin.sh [--upgrade]. Needs uv.
# The others hold the first one's versions, so run.sh and test.sh can share one .venv.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

pin() {
    uv pip compile --quiet --no-emit-index-url --universal --python-version 3.11 \
        --generate-hashes --custom-compile-command tools/pin.sh "$@"
}

pin requirements.in --output-file requirements.txt "$@"
pin requirements-s3.in --constraint requirements.txt --output-file requirements-s3.txt "$@"
pin requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt "$@"
