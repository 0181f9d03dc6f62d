"""A program that hangs is given up: the command fails and says why, and nothing half-done is left."""

import os
import signal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from boardsite.models import ChoreRun
from boardsite.scheduling.chores import find_troubles
from upkeep.backups import pg_programs
from upkeep.backups.archives import unpack, write_archive
from upkeep.backups.loading import has_schema, replace_schema, require_scratch_databases
from upkeep.backups.making import find_backups
from upkeep.backups.manifest import BackupError, read_manifest
from upkeep.backups.nightly import back_up
from upkeep.backups.places import find_place
from upkeep.backups.programs import run
from upkeep.models import Backup
from upkeep.updating.record import read_update
from upkeep.updating.update import UpdateError, _begin

pytestmark = pytest.mark.usefixtures("side_by_side")
LATE = "시간이 지나도 끝나지 않아 멈췄습니다"


@pytest.fixture
def hang(settings, tmp_path, monkeypatch):
    """`hang("gpg")`: from now on that program neither reads, writes nor ends, and is given up soon.
    With a `child` it has started another one, which goes on and holds the output open."""
    folder, started = tmp_path / "bin", tmp_path / "started"
    folder.mkdir()
    started.touch()

    def begin(name: str, *, child: bool = False) -> None:
        script = folder / name
        with_child = f"sleep 600 &\necho $! >> {started}\nwait\n"
        script.write_text(f"#!/bin/sh\n{with_child if child else 'exec sleep 600'}\n")
        script.chmod(0o700)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        settings.BACKUP_HOURS = 0.5 / 3600

    yield begin
    for number in started.read_text().split():
        os.kill(int(number), signal.SIGKILL)


def left_in(backups: Path) -> set[str]:
    return {path.name for path in backups.iterdir()} - {".lock", *find_backups(backups)}


def test_a_night_goes_on_and_is_an_alarm(hang, backups, settings, monkeypatch):
    settings.BACKUP_TO = "nas:backups"
    monkeypatch.setattr("upkeep.backups.nightly.check_backup", lambda *_args: [])
    hang("rsync", child=True)  # ssh
    with pytest.raises(CommandError, match=f"rsync: .*{LATE}"):
        call_command("nightly_backup")
    assert Backup.objects.get().is_verified
    assert Backup.objects.get().sent_to == ""
    assert left_in(backups) == set()
    assert ChoreRun.objects.get(name="nightly_backup").failed_last
    assert "nightly_backup" in {trouble.name for trouble in find_troubles()}


def test_an_archive_that_gpg_does_not_encrypt(hang, backups, tmp_path, db):
    manifest = back_up()
    archive = tmp_path / "there" / f"{manifest.name}.tar.zst.gpg"
    archive.parent.mkdir()
    hang("gpg")
    with pytest.raises(BackupError, match=f"gpg: .*{LATE}"):
        write_archive(backups / manifest.name, manifest, "key", archive)
    assert list(archive.parent.iterdir()) == []


def test_an_archive_that_gpg_does_not_decrypt(hang, tmp_path):
    archive = tmp_path / "2030-01-01_033700.tar.zst.gpg"
    archive.write_bytes(b"x" * 200_000)
    (folder := tmp_path / "unpacked").mkdir()
    hang("gpg")
    with pytest.raises(BackupError, match=f"gpg: .*{LATE}"):
        unpack(archive, "key", folder)


def test_a_dump_that_cannot_be_read(hang, tmp_path):
    hang("pg_restore")
    with pytest.raises(BackupError, match=f"pg_restore: .*{LATE}"):
        pg_programs.list_without_schema(tmp_path / "database.dump")


def test_a_trial_that_hangs(hang, tmp_path):
    hang("python")
    with pytest.raises(BackupError, match=f"python: .*{LATE}"):
        run(["python", "-m", "upkeep.backups.trial_site"], cwd=tmp_path)


def test_who_is_in_time_is_not_late(settings):
    settings.BACKUP_HOURS = 1
    done = run(["sh", "-c", "echo 말; echo 또 >&2; exit 3"])
    assert (done.returncode, done.stdout, done.stderr) == (3, "말\n", "또\n")


@pytest.mark.postgres
def test_no_update_without_its_backup(hang, backups):
    hang("pg_dump")
    with pytest.raises(UpdateError, match=f"pg_dump: .*{LATE}"):
        _begin(print, "", has_backup=True, version="1")
    assert find_backups(backups) == []
    assert left_in(backups) == set()
    assert read_update() is None


@pytest.mark.postgres
def test_a_restore_that_psql_does_not_read(hang, backups, minji, board, share):
    require_scratch_databases()
    post = share(minji, board, "글")
    name = back_up().name
    dump = backups / name / read_manifest(backups / name).database
    hang("psql")
    with pytest.raises(BackupError, match=f"psql: .*{LATE}"):
        replace_schema(dump, "replaced_by_nobody")
    assert not has_schema("replaced_by_nobody")
    post.refresh_from_db()


def test_s3_has_limits(settings):
    pytest.importorskip("boto3")
    settings.S3_OPTIONS = {"region_name": "us-east-1", "access_key": "a", "secret_key": "b"}
    config = find_place("s3://bucket/site").bucket.meta.client.meta.config
    assert config.connect_timeout <= 10
    assert config.read_timeout <= 60
    assert config.retries["total_max_attempts"] <= 3
