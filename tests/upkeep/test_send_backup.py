"""A backup goes elsewhere as one archive, encrypted or not, and comes back whole."""

import io
import logging
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.services import missing
from upkeep.backups import archives, places
from upkeep.backups.archives import unpack, write_archive
from upkeep.backups.finding import open_backup
from upkeep.backups.manifest import BackupError, find_damage, read_manifest
from upkeep.backups.nightly import back_up, back_up_nightly
from upkeep.backups.places import RsyncTarget, find_place
from upkeep.models import Backup

pytestmark = pytest.mark.usefixtures("side_by_side")
KEY = "맞는 말 배터리"
BUCKET = "backups"


@pytest.fixture
def bucket(settings, monkeypatch):
    """An empty bucket on a server that speaks S3: its client."""
    try:
        import boto3
        from moto.server import ThreadedMotoServer
    except ImportError:
        missing("no moto here", required_by="REQUIRE_SERVICES")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    settings.S3_OPTIONS = {
        "endpoint_url": address,
        "region_name": "us-east-1",
        "access_key": "tester",
        "secret_key": "only-for-tests",
    }
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="tester",
        aws_secret_access_key="only-for-tests",
    )
    client.create_bucket(Bucket=BUCKET)
    for key in keys(client):  # all servers of a process hold the same
        client.delete_object(Bucket=BUCKET, Key=key)
    yield client
    server.stop()


@pytest.fixture
def encrypted(settings):
    if not shutil.which("gpg"):
        missing("no gpg here", required_by="REQUIRE_SERVICES")
    settings.BACKUP_KEY = KEY


def keys(client) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_encrypted_to_a_bucket_and_back(
    backups, minji, board, share, settings, bucket, encrypted, monkeypatch
):
    post = share(minji, board, "글")
    settings.BACKUP_TO = f"s3://{BUCKET}/our/site"
    monkeypatch.setattr("upkeep.backups.nightly.check_backup", lambda *_args: [])
    back_up_nightly()
    name = Backup.objects.get().name
    assert Backup.objects.get().sent_to == settings.BACKUP_TO
    assert keys(bucket) == [f"our/site/{name}.tar.zst.gpg"]
    stored = bucket.get_object(Bucket=BUCKET, Key=keys(bucket)[0])["Body"].read()
    assert b"sqlite" not in stored.lower()
    assert name.encode() not in stored
    shutil.rmtree(backups / name)
    file = post.attachments.get().file
    for asked in (name, f"{settings.BACKUP_TO}/{name}.tar.zst.gpg"):
        with open_backup(asked, backups) as opened:
            manifest = read_manifest(opened.folder)
            assert list(find_damage(opened.folder, manifest)) == []
            assert (opened.folder / "media" / file.name).read_bytes() == file.read()
            file.seek(0)
    settings.BACKUP_KEY = "wrong"
    with pytest.raises(BackupError, match="BACKUP_KEY가 다르거나"), open_backup(name, backups):
        pass
    settings.BACKUP_KEY = ""
    with pytest.raises(BackupError, match="BACKUP_KEY에 암호를"), open_backup(name, backups):
        pass
    assert [path.name for path in backups.iterdir()] == [".lock"], "nothing of it stays unpacked"


@pytest.mark.any_database
def test_outdated_archives_go_and_other_objects_stay(backups, db, settings, bucket, monkeypatch):
    settings.BACKUP_TO = f"s3://{BUCKET}/site"
    monkeypatch.setattr("upkeep.backups.nightly.check_backup", lambda *_args: [])
    others = ["site/notes.txt", "site/deeper/2020-01-01_033700.tar.zst", "site/a.tar.zst"]
    days = [f"site/2020-01-{day:02}_033700.tar.zst" for day in range(1, 29)]
    for name in [*others, *days]:
        bucket.put_object(Bucket=BUCKET, Key=name, Body=b"x")
    back_up_nightly()
    left = keys(bucket)
    assert set(others) <= set(left)
    assert set(days[-6:]) <= set(left)
    assert len(left) < 20
    assert f"site/{Backup.objects.get().name}.tar.zst" in left


@pytest.mark.any_database
def test_an_upload_that_fails_leaves_no_object(backups, db, bucket, monkeypatch):
    """Not even when what fails is the making of the archive, at its very end."""
    add = archives.tarfile.TarFile.add

    def fail_at_last(self, name, *args, **options):
        if Path(name).name == "env":
            raise OSError("the disk is broken")
        add(self, name, *args, **options)

    monkeypatch.setattr(archives.tarfile.TarFile, "add", fail_at_last)
    with pytest.raises(CommandError, match="the disk is broken"):
        call_command("backup", to=f"s3://{BUCKET}")
    assert keys(bucket) == []


@pytest.mark.any_database
def test_a_broken_connection_is_told(backups, db, settings, bucket, monkeypatch):
    settings.BACKUP_TO = "s3://no-such-bucket/site"
    monkeypatch.setattr("upkeep.backups.nightly.check_backup", lambda *_args: [])
    with pytest.raises(CommandError, match="NoSuchBucket"):
        call_command("nightly_backup")
    row = Backup.objects.get()
    assert row.sent_to == ""
    settings.BACKUP_TO = f"s3://{BUCKET}/site"
    call_command("nightly_backup")
    assert Backup.objects.get() == row, "the next run sends the same backup"
    assert keys(bucket) == [f"site/{row.name}.tar.zst"]


@pytest.mark.any_database
def test_to_a_folder_and_unpacked_by_others(backups, minji, board, share, tmp_path, encrypted):
    """An owner without this program gets at their data with gpg and tar."""
    share(minji, board, "글")
    there = tmp_path / "usb"
    call_command("backup", to=str(there), stdout=io.StringIO())
    [archive] = there.iterdir()
    assert archive.stat().st_mode & 0o777 == 0o600
    assert there.stat().st_mode & 0o777 == 0o700
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--pinentry-mode", "loopback"]
    done = subprocess.run(
        [*gpg, "--passphrase", KEY, "--decrypt", str(archive)], capture_output=True, check=True
    )
    if not shutil.which("zstd"):
        missing("no zstd here, for tar", required_by="REQUIRE_SERVICES")
    tar = shutil.which("tar")
    names = subprocess.run(
        [tar, "--zstd", "-t"], input=done.stdout, capture_output=True, check=True
    ).stdout.decode()
    assert "/manifest.json" in names.splitlines()[0]
    assert "/media/" in names


@pytest.mark.any_database
def test_by_rsync(backups, minji, board, share, tmp_path):
    """Here to a folder: the other machine is ssh's business."""
    if not shutil.which("rsync"):
        missing("no rsync here", required_by="REQUIRE_SERVICES")
    share(minji, board, "글")
    manifest = back_up()
    (there := tmp_path / "there").mkdir()
    (there / "other.txt").touch()
    target = RsyncTarget(str(there))
    name = f"{manifest.name}.tar.zst"
    target.send(backups / manifest.name, manifest, name, "")
    assert target.names() == [name]
    target.fetch(name, tmp_path / name)
    (unpacked := tmp_path / "unpacked").mkdir()
    unpack(tmp_path / name, "", unpacked)
    assert list(find_damage(unpacked, read_manifest(unpacked))) == []
    target.remove(name)
    assert [path.name for path in there.iterdir()] == ["other.txt"]
    with pytest.raises(BackupError, match="rsync가 실패했습니다"):
        RsyncTarget("/no/such/folder").names()


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    """It would hold the lock of the backups for ever."""
    if not shutil.which("rsync"):
        missing("no rsync here", required_by="REQUIRE_SERVICES")
    monkeypatch.setattr(places, "TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = RsyncTarget(f"rsync://127.0.0.1:{server.getsockname()[1]}/backups")
        with pytest.raises(BackupError, match="rsync가 실패했습니다"):
            target.names()


def test_a_key_of_which_gpg_would_ignore_a_part(encrypted, tmp_path):
    archive = tmp_path / "b.tar.zst.gpg"
    archive.write_bytes(b"x")
    (folder := tmp_path / "unpacked").mkdir()
    for key in ("first line\nsecond", "x" * 201, "\0secret"):
        with pytest.raises(BackupError, match="한 줄이어야"):
            unpack(archive, key, folder)


def test_what_an_address_means():
    for address in ("backup@nas.local:boardsite", "rsync://nas/backups", "nas::backups/site"):
        assert isinstance(find_place(address), RsyncTarget)
    for address in ("ftp://nas/backups", "-e evil"):
        with pytest.raises(BackupError, match="알 수 없습니다"):
            find_place(address)


@pytest.mark.any_database
@pytest.mark.parametrize("key", ["", KEY])
def test_a_damaged_archive_never_looks_whole(backups, minji, board, share, tmp_path, key, settings):
    if key and not shutil.which("gpg"):
        missing("no gpg here", required_by="REQUIRE_SERVICES")
    share(minji, board, "글")
    manifest = back_up()
    archive = tmp_path / f"{manifest.name}.tar.zst{'.gpg' if key else ''}"
    write_archive(backups / manifest.name, manifest, key, archive)
    whole = archive.read_bytes()
    settings.BACKUP_KEY = key
    for number, damaged in enumerate(
        [
            whole[: len(whole) // 2],
            whole[:-30],
            whole[: len(whole) // 3] + b"\0" + whole[len(whole) // 3 + 1 :],
            b"",
        ]
    ):
        archive.write_bytes(damaged)
        try:
            with open_backup(str(archive), tmp_path) as opened:
                found = list(find_damage(opened.folder, read_manifest(opened.folder)))
        except BackupError:
            continue
        assert found or damaged[:-30] == whole[:-60], number
