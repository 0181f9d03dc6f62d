#!/bin/sh
# Brings a fresh Debian 12 or 13 or Ubuntu 24.04 machine to a running site: packages, account, .env,
# database, systemd units with timers, Caddy with a certificate. As root, in a checkout of the site:
#
#     sh deploy/install.sh board.example.org
#     sh deploy/install.sh board.example.org --postgresql --demo
#
# It may be run again: it keeps .env, the database and a Caddyfile of yours, and repeats only what is
# missing. ROOT puts the files below another folder, for tests.
set -eu
umask 022

place=/srv/boardsite
user=boardsite
root=${ROOT:-}
postgresql= demo=off web=caddy host=

say() { printf '\n== %s\n' "$*"; }
stop() {
    printf '%s\n' "$*" >&2
    exit 1
}
usage() {
    cat <<'TEXT'
사용법: sh deploy/install.sh 도메인 [--postgresql] [--demo] [--no-web]

  도메인         이 기계를 가리키는 이름, 예: board.example.org
  --postgresql   SQLite 대신 PostgreSQL을 이 기계에 설치해 씁니다
  --demo         예시 게시판과 글로 시작합니다
  --no-web       Caddy를 설치하지 않습니다 (nginx 등을 직접 쓸 때)
TEXT
}

while [ $# -gt 0 ]; do
    case $1 in
    --postgresql) postgresql=yes ;;
    --demo) demo=on ;;
    --no-web) web= ;;
    -h | --help)
        usage
        exit 0
        ;;
    -*) stop "모르는 옵션입니다: $1 (--help를 보세요)" ;;
    *) host=$1 ;;
    esac
    shift
done
[ -n "$host" ] || {
    usage >&2
    exit 2
}
case $host in
*[!a-z0-9.-]* | .* | -* | *..* | *.) stop "도메인은 board.example.org처럼 영문 소문자, 숫자, 점, -로 씁니다: $host" ;;
*.*) ;;
*) stop "도메인에 점이 없습니다: $host" ;;
esac
[ "$(id -u)" = 0 ] || stop "root로 실행해 주세요: sudo sh deploy/install.sh $host"
source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
[ -f "$source/manage.py" ] || stop "사이트의 체크아웃 안에서 실행해 주세요."

as_site() { runuser -u "$user" -- "$@"; }

# -- What kind of machine --------------------------------------------------------------------------
# shellcheck disable=SC1091 # of the machine
. "${root}/etc/os-release"
case ${ID:-}-${VERSION_ID:-} in
debian-12 | debian-13 | ubuntu-24.04) ;;
*) stop "Debian 12, Debian 13, Ubuntu 24.04에서만 시험했습니다. 이 기계: ${PRETTY_NAME:-?}. docs/operating.ko.md의 순서를 손으로 따라 주세요." ;;
esac

say "패키지를 설치합니다"
packages="python3 python3-venv git ca-certificates"
[ -z "$postgresql" ] || packages="$packages postgresql"
[ -z "$web" ] || packages="$packages caddy"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of words
apt-get install -q -y --no-install-recommends $packages

say "계정 $user, 폴더 $place"
id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$place" --shell /usr/sbin/nologin "$user"
if [ ! -e "$root$place/manage.py" ]; then
    mkdir -p "$root$place"
    # Not a clone: the checkout may have been unpacked from an archive. Neither its secrets nor its data.
    # manage.py comes last: a copy without it was cut off, and is made again.
    (cd "$source" && tar --exclude='./.env*' --exclude=./data --exclude=./.venv --exclude=./.static \
        --exclude=./manage.py -cf - .) | (cd "$root$place" && tar --no-same-owner -xf -)
    cp "$source/.env.example" "$source/manage.py" "$root$place/"
elif [ "$source" != "$root$place" ]; then
    echo "이미 있는 $place 의 것을 씁니다. 새 버전으로 바꾸려면 거기서 업데이트하세요 (docs/operating.ko.md)."
fi
chown -R "$user:" "$root$place"

# -- .env ------------------------------------------------------------------------------------------
say "설정: $place/.env"
env=$root$place/.env
if [ ! -e "$env" ]; then
    (umask 077 && echo '# 이 사이트의 설정입니다. 뜻은 docs/settings.md에 있습니다. 남에게 보여 주지 마세요.' >"$env")
fi
set_once() { # NAME VALUE
    if grep -q "^$1=" "$env"; then
        echo "$1: 있는 값을 그대로 둡니다."
    else
        [ -z "$(tail -c 1 "$env")" ] || echo >>"$env" # an editor has left the last line open
        echo "$1=$2" >>"$env"
        echo "$1: 적었습니다."
    fi
}
set_once SECRET_KEY "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
set_once SITE_URL "https://$host"
set_once ALLOWED_HOSTS "$host"
set_once TRUSTED_PROXY 127.0.0.1
set_once DEMO "$demo"
grep -q "^SITE_URL=['\"]*https://$host['\"/]*\$" "$env" ||
    echo "주의: .env의 SITE_URL이 https://$host 가 아닙니다. 도메인을 바꾸려면 SITE_URL과 ALLOWED_HOSTS를 고치고 다시 실행해 주세요."
if [ -n "$postgresql" ]; then
    # Over the socket: PostgreSQL knows the account of the machine, and there is no password to lose.
    set_once DATABASE_URL "postgres:////var/run/postgresql/$user"
fi
chown "$user:" "$env"
chmod 0600 "$env"

if [ -n "$postgresql" ]; then
    say "PostgreSQL의 역할과 데이터베이스"
    systemctl enable --now postgresql.service
    sql() { runuser -u postgres -- psql --no-psqlrc --quiet --tuples-only --no-align -d postgres -c "$1"; }
    [ "$(sql "SELECT 1 FROM pg_roles WHERE rolname = '$user'")" = 1 ] || runuser -u postgres -- createuser --createdb "$user"
    [ "$(sql "SELECT 1 FROM pg_database WHERE datname = '$user'")" = 1 ] ||
        runuser -u postgres -- createdb --owner="$user" --encoding=UTF8 --template=template0 "$user"
fi

# -- The site --------------------------------------------------------------------------------------
say "사이트를 준비합니다 (몇 분 걸릴 수 있습니다)"
# Here and not at the first start of the service, so that the owner's password appears on this
# terminal and not in the journal.
as_site env PYTHONUTF8=1 HOME="$root$place" "$root$place/run.sh" --no-serve

say "systemd: 사이트와 정기 작업"
units=$root/etc/systemd/system
mkdir -p "$units"
cp "$root$place"/deploy/systemd/*.service "$root$place"/deploy/systemd/*.timer "$units/"
systemctl daemon-reload
timers=
for timer in "$root$place"/deploy/systemd/*.timer; do
    name=$(basename "$timer")
    # the hub's has nothing to do without one
    [ "$name" = boardsite-ping-hub.timer ] && ! grep -q '^WEBSUB_HUB=.' "$env" || timers="$timers $name"
done
systemctl enable boardsite.service
systemctl restart boardsite.service
# shellcheck disable=SC2086 # a list of words
systemctl enable --now $timers

# -- The web server --------------------------------------------------------------------------------
if [ -n "$web" ]; then
    say "Caddy: https://$host"
    caddy=$root/etc/caddy
    mkdir -p "$caddy"
    sed "s/board\.example\.org/$host/" "$root$place/deploy/Caddyfile" >"$caddy/boardsite.caddy"
    if [ ! -e "$caddy/Caddyfile" ] || grep -q '/usr/share/caddy' "$caddy/Caddyfile"; then
        # the welcome page of the package
        echo 'import boardsite.caddy' >"$caddy/Caddyfile"
    elif ! grep -q '^import boardsite.caddy$' "$caddy/Caddyfile"; then
        printf '\nimport boardsite.caddy\n' >>"$caddy/Caddyfile"
    fi
    caddy validate --config "$caddy/Caddyfile" --adapter caddyfile
    systemctl enable --now caddy.service
    systemctl reload-or-restart caddy.service
    getent hosts "$host" >/dev/null ||
        echo "주의: $host 의 DNS가 아직 없습니다. 이 기계를 가리키게 하면 Caddy가 인증서를 스스로 받습니다."
fi

say "사이트가 답하는지 봅니다"
python3 "$root$place/deploy/wait_until_ready.py"

cat <<TEXT

다 됐습니다: https://$host
  위에 나온 운영자 비밀번호를 적어 두세요. 다시 볼 수 없습니다.
  상태: systemctl status boardsite     기록: journalctl -u boardsite
  업데이트, 백업, 복원: $place/docs/operating.ko.md
TEXT
