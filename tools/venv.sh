# shellcheck shell=sh
# Sourced by run.sh, test.sh and .ci/run, in the project's folder.
#
# install REQUIREMENTS…: creates .venv if needed, and installs the last file if it has changed since
# the last time. A copy of each file in .venv records what was installed; the last file includes the
# ones before it. Exits with a message on failure.

venv=.venv
oldest=11 # minor version of Python 3

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, '"$oldest"'))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            python=$candidate
            return
        fi
    done
    echo "Python 3.$oldest 이상이 필요합니다. 다른 곳에 있다면 PYTHON=… 으로 알려 주세요." >&2
    exit 1
}

make_venv() {
    find_python
    # Debian packages these separately; checking first avoids an incomplete .venv.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "Python의 venv 모듈이 없습니다. 먼저 이 패키지를 설치해 주세요:" >&2
        echo "    apt install $(basename "$python")-venv" >&2
        exit 1
    fi
    echo "$venv 폴더를 만듭니다…"
    rm -rf "$venv"
    trap 'rm -rf "$venv"' EXIT
    trap 'exit 130' INT TERM
    "$python" -m venv "$venv"
    trap - EXIT INT TERM
}

install() {
    for requirements in "$@"; do :; done
    if [ -x "$venv"/bin/python ] && cmp -s "$requirements" "$venv/$requirements"; then
        return
    fi
    # Recreates a .venv whose Python was removed, or whose creation was interrupted.
    if ! "$venv"/bin/python -m pip --version >/dev/null 2>&1; then
        make_venv
    fi
    echo "필요한 패키지를 설치합니다 (15초쯤)…"
    if ! "$venv"/bin/python -m pip install -qq --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r "$requirements"; then
        echo "설치하지 못했습니다. 인터넷 연결을 확인하고 다시 실행해 주세요." >&2
        exit 1
    fi
    cp "$@" "$venv"/
}
