#!/bin/sh
# Rebuilds the requirements files from their .in files: tools/pin.sh [--upgrade]. Needs uv.
# The others hold the first one's versions, so run.sh and test.sh can share one .venv.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."

oldest=3.11
pin() {
    uv pip compile --quiet --no-emit-index-url --universal --python-version "$oldest" \
        --generate-hashes --custom-compile-command tools/pin.sh "$@"
}

pin requirements.in --output-file requirements.txt "$@"
pin requirements-s3.in --constraint requirements.txt --output-file requirements-s3.txt "$@"
pin requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt "$@"

# The lines of requirements-newest.in stand in for those of requirements.in.
oldest=3.12
versions=.versions # uv writes its name into the file
trap 'rm -f "$versions"' EXIT
sed -n 's/^\([A-Za-z0-9._-]*==[^ ]*\).*/\1/p' requirements-dev.txt | grep -vi '^django==' >"$versions"
pin requirements.in requirements-newest.in --override requirements-newest.in --constraint "$versions" \
    --output-file requirements-newest.txt "$@"
