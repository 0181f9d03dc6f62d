#!/bin/sh
# Updates the site that deploy/install.sh has installed, or returns to the version before. As root:
#
#     sh /srv/boardsite/deploy/update.sh              to the newest version
#     sh /srv/boardsite/deploy/update.sh --to v1.1.0  to this one
#     sh /srv/boardsite/deploy/update.sh --back       to the one before the latest update
#
# The site is open until it restarts: the update is rehearsed on a copy, a backup is made, and the old
# version goes on reading while the database is updated. ROOT puts the files below another folder, for
# tests.
set -eu
umask 022

user=boardsite
root=${ROOT:-}
place=$root/srv/boardsite
units=$root/etc/systemd/system
to= back= yes=

say() { printf '\n== %s\n' "$*"; }
stop() {
    printf '%s\n' "$*" >&2
    exit 1
}
while [ $# -gt 0 ]; do
    case $1 in
    --to)
        [ $# -gt 1 ] || stop "--to 다음에 버전을 적어 주세요."
        to=$2
        shift
        ;;
    --back) back=yes ;;
    --yes) yes=--yes ;;
    *) stop "사용법: sh deploy/update.sh [--to 버전 | --back [--yes]]" ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || stop "root로 실행해 주세요."
[ -d "$place/.git" ] || stop "$place 이 git 저장소가 아닙니다. docs/operating.ko.md의 순서를 손으로 따라 주세요."

as_site() { runuser -u "$user" -- "$@"; }
git_here() { as_site git -C "$place" "$@"; }
manage() { as_site env PYTHONUTF8=1 HOME="$place" "$place/.venv/bin/python" "$place/manage.py" "$@"; }
switch_code() { # COMMIT
    git_here checkout --quiet "$1"
    # shellcheck disable=SC2016 # for the shell of the account
    as_site env HOME="$place" sh -c 'cd "$1" && . tools/venv.sh && install requirements.txt' sh "$place"
}
start_site() {
    for timer in "$place"/deploy/systemd/*.timer; do # one that this version brings
        name=$(basename "$timer")
        [ -e "$units/$name" ] || [ "$name" = boardsite-ping-hub.timer ] || timers="$timers $name"
    done
    cp "$place"/deploy/systemd/*.service "$place"/deploy/systemd/*.timer "$units/"
    systemctl daemon-reload
    systemctl restart boardsite.service
    start_timers
    python3 "$place/deploy/wait_until_ready.py"
}
# No periodic command may run with new code on old tables. Only those that were on start again.
timers=$(systemctl list-units --plain --no-legend 'boardsite-*.timer' | cut -d ' ' -f 1)
stop_timers() { systemctl stop 'boardsite-*.timer' 'boardsite-chore@*.service'; }
# shellcheck disable=SC2086 # a list of words
start_timers() { [ -z "$timers" ] || systemctl enable --now $timers; }

before=$(git_here rev-parse HEAD)
branch=$(git_here symbolic-ref --quiet --short HEAD || true)

if [ -n "$back" ]; then
    commit=$(manage rollback --show-commit)
    [ -n "$commit" ] || stop "되돌릴 업데이트의 이전 커밋을 모릅니다. manage.py rollback 뒤에 코드를 손으로 바꿔 주세요."
    say "사이트를 멈추고 되돌립니다"
    stop_timers
    systemctl stop boardsite.service
    trap 'systemctl start boardsite.service; start_timers' EXIT
    # shellcheck disable=SC2086 # an option or nothing
    manage rollback $yes
    switch_code "$commit"
    manage migrate --verbosity=0 # the triggers of that version
    trap - EXIT
    start_site
    say "되돌렸습니다: $commit"
    exit 0
fi

say "새 코드를 받습니다"
git_here fetch --quiet --tags
if [ -z "$to" ]; then
    [ -n "$branch" ] || branch=$(git_here rev-parse --abbrev-ref origin/HEAD | cut -d / -f 2-)
    to=origin/$branch
fi
new=$(git_here rev-parse --verify "$to^{commit}")
if [ "$new" = "$before" ]; then
    say "이미 이 버전입니다: $before"
    exit 0
fi
git_here merge-base --is-ancestor "$before" "$new" ||
    stop "$to 은 지금 코드의 다음 버전이 아닙니다. 이전 버전으로 돌아가려면 --back을 쓰세요."
stop_timers
trap 'git_here checkout --quiet "${branch:-$before}"; start_timers' EXIT
switch_code "$new"
say "사본으로 연습합니다"
manage update_check || {
    switch_code "$before"
    stop "업데이트하지 않았습니다. 사이트는 그대로입니다."
}
say "백업하고 데이터베이스를 업데이트합니다"
manage update --from-commit "$before" || {
    trap - EXIT
    stop "업데이트가 도중에 멈췄습니다. 이전 버전으로 돌아가려면: sh $place/deploy/update.sh --back"
}
trap - EXIT
if [ -n "$branch" ] && [ "$to" = "origin/$branch" ]; then
    git_here checkout --quiet "$branch"
    git_here merge --quiet --ff-only "$new"
fi
say "다시 시작합니다"
start_site || stop "이전 버전으로 돌아가려면: sh $place/deploy/update.sh --back"
say "업데이트했습니다: $new"
