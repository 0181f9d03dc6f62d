"""deploy/install.sh on a machine of stand-ins: what it runs, what it writes, and that it may run again."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.sources import ROOT

HOST = "talk.example.net"
STAND_INS = (
    "apt-get",
    "useradd",
    "systemctl",
    "caddy",
    "getent",
    "chown",
    "createuser",
    "createdb",
)
RUNUSER = """
echo "runuser $*" >>"$CALLS"
shift 3
case $1 in
psql) ;; # nothing exists yet
createuser | createdb) "$@" ;;
*) exit 0 ;;
esac
"""
PYTHON3 = """
case $1 in
-c) echo secret-of-the-test ;;
*) echo '{"status": "ok"}' ;;
esac
"""


def stand_in(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path):
    """A Debian machine below a folder. Its programs note how they were called."""
    programs, root, checkout = tmp_path / "bin", tmp_path / "root", tmp_path / "checkout"
    for folder in (programs, root / "etc", checkout / "data"):
        folder.mkdir(parents=True)
    (root / "etc/os-release").write_text('ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian 13"\n')
    for name in STAND_INS:
        stand_in(programs, name, f'echo "{name} $*" >>"$CALLS"')
    stand_in(programs, "id", '[ "$1" != -u ] || { echo "${UID_HERE:-0}"; exit 0; }; exit 1')
    stand_in(programs, "runuser", RUNUSER)
    stand_in(programs, "python3", PYTHON3)
    for name in ("manage.py", "run.sh", ".env.example"):
        shutil.copy(ROOT / name, checkout / name)
    shutil.copytree(ROOT / "deploy", checkout / "deploy")
    (checkout / ".env").write_text("SECRET_KEY=of-the-developer\n")
    (checkout / ".env.replaced-20300101-033700").write_text("SECRET_KEY=formerly\n")
    (checkout / "data/db.sqlite3").write_text("of the developer")
    return tmp_path


def install(machine: Path, *arguments: str, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["/bin/sh", machine / "checkout/deploy/install.sh", *arguments],
        env={
            "PATH": f"{machine / 'bin'}:{os.environ['PATH']}",
            "ROOT": str(machine / "root"),
            "CALLS": str(machine / "calls"),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def calls(machine: Path) -> str:
    return (machine / "calls").read_text("utf-8")


def settings_of(machine: Path) -> dict[str, str]:
    lines = (machine / "root/srv/boardsite/.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_a_fresh_machine_becomes_a_site(machine):
    said = install(machine, HOST)
    assert said.returncode == 0, said.stderr
    assert settings_of(machine) == {
        "SECRET_KEY": "secret-of-the-test",
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXY": "127.0.0.1",
        "DEMO": "off",
    }
    env = machine / "root/srv/boardsite/.env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert not (machine / "root/srv/boardsite/data").exists()  # the developer's
    assert not list(env.parent.glob(".env.replaced-*"))
    assert (env.parent / ".env.example").exists()
    assert "주의: .env의 SITE_URL" not in said.stdout
    units = {path.name for path in (machine / "root/etc/systemd/system").iterdir()}
    assert units == {path.name for path in (ROOT / "deploy/systemd").iterdir()}
    done = calls(machine)
    assert "useradd --system" in done
    assert "chown -R boardsite: " in done  # the group too
    assert "caddy validate" in done
    # The owner's password is shown on the terminal, before the service writes to the journal.
    assert done.index("run.sh --no-serve") < done.index("systemctl restart boardsite.service")
    [enabled] = [line for line in done.splitlines() if ".timer" in line]
    assert "boardsite-tidy.timer" in enabled
    assert "boardsite-ping-hub.timer" not in enabled
    assert "apt-get install" in done
    assert "postgresql" not in done


def test_a_copy_that_was_cut_off_is_made_again(machine):
    tar = shutil.which("tar")
    stand_in(
        machine / "bin",
        "tar",
        f'case "$*" in *-xf*) {tar} "$@"; exit 1;; *) exec {tar} "$@";; esac',
    )
    assert install(machine, HOST).returncode != 0
    place = machine / "root/srv/boardsite"
    (place / "deploy/Caddyfile").unlink()  # it was not there yet
    (machine / "bin/tar").unlink()
    assert install(machine, HOST).returncode == 0
    assert (place / "deploy/Caddyfile").exists()


def test_a_last_line_without_an_end_is_not_continued(machine):
    place = machine / "root/srv/boardsite"
    place.mkdir(parents=True)
    (place / ".env").write_text("SITE_URL=https://other.example.net\nSECRET_KEY=mine")
    said = install(machine, HOST)
    assert settings_of(machine)["SECRET_KEY"] == "mine"
    assert settings_of(machine)["ALLOWED_HOSTS"] == HOST
    assert "주의: .env의 SITE_URL" in said.stdout  # Caddy would serve a name that the site refuses


def test_the_site_is_behind_caddy(machine):
    install(machine, HOST)
    caddy = machine / "root/etc/caddy"
    assert (caddy / "Caddyfile").read_text() == "import boardsite.caddy\n"
    site = (caddy / "boardsite.caddy").read_text("utf-8")
    assert f"\n{HOST} {{" in site
    assert "board.example.org" not in site


def test_a_second_run_keeps_what_is_there(machine):
    install(machine, HOST)
    env = machine / "root/srv/boardsite/.env"
    with env.open("a") as file:
        file.write("BIN_DAYS=7\nWEBSUB_HUB=https://hub.example.net/\n")
    caddyfile = machine / "root/etc/caddy/Caddyfile"
    caddyfile.write_text("other.example.net {\n}\n")
    before = env.read_text()
    (machine / "calls").unlink()
    for _ in range(2):
        assert install(machine, "other-name.example.net", "--demo").returncode == 0
    assert env.read_text() == before
    assert caddyfile.read_text() == "other.example.net {\n}\n\nimport boardsite.caddy\n"
    assert "boardsite-ping-hub.timer" in calls(machine)  # there is a hub now


def test_postgresql_gets_a_role_and_a_database_without_a_password(machine):
    assert install(machine, HOST, "--postgresql").returncode == 0
    done = calls(machine)
    assert "createuser --createdb boardsite" in done
    assert "createdb --owner=boardsite --encoding=UTF8" in done
    assert settings_of(machine)["DATABASE_URL"] == "postgres:////var/run/postgresql/boardsite"
    assert "WITH PASSWORD" not in done


def test_without_a_web_server_none_is_installed(machine):
    assert install(machine, HOST, "--no-web").returncode == 0
    assert "caddy" not in calls(machine)
    assert not (machine / "root/etc/caddy").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "사용법"),
        (["localhost"], "점이 없습니다"),
        (["Board.example.org"], "소문자"),
        (["a.example.org; rm -rf /"], "소문자"),
        (["a..example.org"], "소문자"),
        ([HOST, "--fast"], "모르는 옵션"),
    ],
)
def test_a_wrong_call_changes_nothing(machine, arguments, words):
    said = install(machine, *arguments)
    assert said.returncode != 0
    assert words in said.stderr
    assert not (machine / "calls").exists()


def test_other_machines_and_accounts_are_refused(machine):
    assert "root로" in install(machine, HOST, UID_HERE="1000").stderr
    (machine / "root/etc/os-release").write_text('ID=fedora\nVERSION_ID="41"\nPRETTY_NAME=Fedora\n')
    said = install(machine, HOST)
    assert "Fedora" in said.stderr
    assert not (machine / "calls").exists()
