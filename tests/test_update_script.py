"""deploy/update.sh on a machine of stand-ins: in which order it does what, and how it returns."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.sources import ROOT
from tests.test_install import stand_in

RUNUSER = """
echo "runuser $*" >>"$CALLS"
shift 3
case $1 in
git) shift; exec git -c safe.directory='*' "$@" ;;
env) case "$*" in
    *"$FAILS"*) exit 1 ;;
    *--show-commit*) cat "$MACHINE/commit" ;;
    esac ;;
esac
"""
SYSTEMCTL = """
echo "systemctl $*" >>"$CALLS"
[ "$1" != list-units ] || echo "boardsite-tidy.timer loaded active waiting"
"""


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def machine(tmp_path):
    """A site in a clone whose origin has a newer commit."""
    programs, origin = tmp_path / "bin", tmp_path / "origin"
    place = tmp_path / "root/srv/boardsite"
    for folder in (programs, origin / "deploy/systemd", tmp_path / "root/etc/systemd/system"):
        folder.mkdir(parents=True)
    (origin / "deploy/systemd/boardsite.service").write_text("old")
    (origin / "deploy/systemd/boardsite-tidy.timer").write_text("old")
    (origin / "version").write_text("1")
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", ".")
    git(origin, "commit", "-qm", "1")
    git(tmp_path, "clone", "-q", str(origin), str(place))
    (origin / "version").write_text("2")
    (origin / "deploy/systemd/boardsite.service").write_text("new")
    (origin / "deploy/systemd/boardsite-new.timer").write_text("new")
    git(origin, "add", ".")
    git(origin, "commit", "-qam", "2")
    (tmp_path / "root/etc/systemd/system/boardsite-tidy.timer").write_text("old")
    stand_in(programs, "runuser", RUNUSER)
    stand_in(programs, "systemctl", SYSTEMCTL)
    stand_in(programs, "id", "echo 0")
    stand_in(programs, "python3", 'echo "python3 $*" >>"$CALLS"; [ "$FAILS" != readyz ]')
    return tmp_path


def run(machine: Path, *words: str, fails: str = "nothing") -> subprocess.CompletedProcess:
    (machine / "calls").write_text("")
    return subprocess.run(
        ["/bin/sh", ROOT / "deploy/update.sh", *words],
        env={
            "PATH": f"{machine / 'bin'}:{os.environ['PATH']}",
            "ROOT": str(machine / "root"),
            "CALLS": str(machine / "calls"),
            "MACHINE": str(machine),
            "FAILS": fails,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def version(machine: Path) -> str:
    return (machine / "root/srv/boardsite/version").read_text()


def order(machine: Path, *marks: str) -> list[str]:
    """The marks, in the order in which the script came to them."""
    calls = (machine / "calls").read_text("utf-8")
    return sorted((mark for mark in marks if mark in calls), key=calls.index)


STEPS = (
    "systemctl stop boardsite-*.timer",
    "update_check",
    "update --from-commit",
    "systemctl restart boardsite.service",
    "systemctl enable --now boardsite-tidy.timer",
    "wait_until_ready.py",
)


def test_an_update_is_rehearsed_before_it_is_made(machine):
    before = git(machine / "root/srv/boardsite", "rev-parse", "HEAD")
    said = run(machine)
    assert said.returncode == 0, said.stderr
    assert version(machine) == "2"
    assert order(machine, *STEPS) == list(STEPS)
    calls = (machine / "calls").read_text()
    assert f"--from-commit {before}" in calls
    units = machine / "root/etc/systemd/system"
    assert (units / "boardsite.service").read_text() == "new"
    assert git(machine / "root/srv/boardsite", "symbolic-ref", "--short", "HEAD") == "main"
    assert "--now boardsite-tidy.timer boardsite-new.timer" in calls
    assert "이미 이 버전입니다" in run(machine).stdout


def test_after_a_failed_rehearsal_the_site_is_as_it_was(machine):
    said = run(machine, fails="update_check")
    assert said.returncode == 1
    assert "사이트는 그대로입니다" in said.stderr
    assert version(machine) == "1"
    assert git(machine / "root/srv/boardsite", "symbolic-ref", "--short", "HEAD") == "main"
    assert order(machine, *STEPS) == [STEPS[0], STEPS[1], STEPS[4]]  # the timers run again


@pytest.mark.parametrize("step", ["update --from-commit", "readyz"])
def test_a_failed_update_says_how_to_return(machine, step):
    said = run(machine, fails=step)
    assert said.returncode == 1
    assert "--back" in said.stderr


def test_the_way_back_is_the_database_first_and_then_the_code(machine):
    before = git(machine / "root/srv/boardsite", "rev-parse", "HEAD")
    run(machine)
    (machine / "commit").write_text(before)
    said = run(machine, "--back", "--yes")
    assert said.returncode == 0, said.stderr
    assert version(machine) == "1"
    steps = (
        "systemctl stop boardsite-*.timer",
        "systemctl stop boardsite.service",
        "rollback --yes",
        "checkout --quiet",
        "manage.py migrate",
        "systemctl restart boardsite.service",
        "systemctl enable --now boardsite-tidy.timer",
    )
    assert order(machine, *steps) == list(steps)


def test_where_the_rollback_fails_the_site_starts_with_its_code(machine):
    run(machine)
    (machine / "commit").write_text("0" * 40)
    said = run(machine, "--back", "--yes", fails="rollback --yes")
    assert said.returncode == 1
    assert version(machine) == "2"
    assert "systemctl start boardsite.service" in (machine / "calls").read_text()
