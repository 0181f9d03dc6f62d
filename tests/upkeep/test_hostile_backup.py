"""A backup may come from a place that somebody else can write to. Whatever it contains, restoring it
writes nothing outside of the site, runs no program, ends, and says why it was refused."""

import fcntl
import io
import json
import os
import shutil
import stat
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
import zstandard
from django.core.management import CommandError, call_command
from django.db import connection

from boards.models import Post
from upkeep.backups import archives, manifest
from upkeep.backups.archives import unpack, write_archive
from upkeep.backups.checking import check_backup
from upkeep.backups.finding import open_backup
from upkeep.backups.manifest import MANIFEST, BackupError, _digest, find_damage, read_manifest
from upkeep.backups.nightly import back_up
from upkeep.backups.restoring import Restore

pytestmark = pytest.mark.usefixtures("side_by_side")
WORDS = b"evil"
FILE = {"sha256": sha256(WORDS).hexdigest(), "size": len(WORDS), "mtime_ns": 0}


@pytest.fixture
def backup(backups, minji, board, share) -> Path:
    share(minji, board, "글")
    return backups / back_up().name


def forge(folder: Path, **changed) -> None:
    """Gives the backup a manifest with other values, whose checksum is right."""
    whole = json.loads((folder / MANIFEST).read_text())
    about = {**whole["backup"], **changed}
    text = json.dumps({**whole, "backup": about, "sha256": _digest(about)})
    (folder / MANIFEST).write_text(text)


def files_of(folder: Path) -> dict:
    return json.loads((folder / MANIFEST).read_text())["backup"]["files"]


def pack(archive: Path, *members: tuple[tarfile.TarInfo | str, bytes]) -> Path:
    """An archive of such members. A name alone is a file."""
    packer = zstandard.ZstdCompressor()
    with (
        open(archive, "wb") as sink,
        packer.stream_writer(sink) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for member, content in members:
            about = tarfile.TarInfo(member) if isinstance(member, str) else member
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return archive


@pytest.mark.any_database
@pytest.mark.parametrize("start", ["media/", "skins/"])
def test_no_name_leads_out_of_the_site(backup, tmp_path, start):
    """`media//tmp/x` is inside of the backup, but what follows `media/` is an absolute path."""
    outside = tmp_path / "outside"
    name = f"{start}{outside}"
    (backup / name.replace("//", "/")).parent.mkdir(parents=True)
    (backup / name.replace("//", "/")).write_bytes(WORDS)
    forge(backup, files={**files_of(backup), name: FILE})
    with pytest.raises(CommandError, match="손상"):
        call_command("restore", str(backup), "--yes", stdout=io.StringIO())
    assert not outside.exists()


def test_names_in_a_manifest():
    for name in ("media/2030/글.txt", "media/a b\nc", "skins/\udcb0\udca1.css", "media/..a"):
        assert manifest.is_inside(name), name
    wrong = ["", ".", "/", "/a", "//a", "..", "../a", "media/../../a", "media//a", "media/./a"]
    for name in [*wrong, "media/a/", "media/a\0"]:
        assert not manifest.is_inside(name), name


@pytest.mark.any_database
def test_a_manifest_of_impossible_values_is_a_damaged_one(backup):
    name = next(name for name in files_of(backup) if name.startswith("media/"))
    good = json.loads((backup / MANIFEST).read_text())["backup"]
    for changed in (
        {"version": "9" * 5000},
        {"version": 1},
        {"version": "1.0\nrm"},
        {"name": "../../other"},
        {"name": None},
        {"vendor": "oracle"},
        {"vendor": []},
        {"made_at": "2030-01-01T00:00:00"},
        {"made_at": 5},
        {"rows": {"boards_post": "many"}},
        {"rows": {"boards_post": True}},
        {"rows": []},
        {"migrations": [[]]},
        {"files": {}},
        {"files": {**good["files"], name: {**FILE, "size": -1}}},
        {"files": {**good["files"], name: {**FILE, "size": "4"}}},
        {"files": {**good["files"], name: {**FILE, "mtime_ns": 10**40}}},
        {"files": {**good["files"], name: {**FILE, "sha256": None}}},
        {"files": {**good["files"], name: {**FILE, "mode": 0o4755}}},
    ):
        forge(backup, **{**good, **changed})
        with pytest.raises(BackupError, match="손상"):
            read_manifest(backup)
    (backup / MANIFEST).write_text("[" * 1_000_000)
    with pytest.raises(BackupError, match="손상"):
        read_manifest(backup)
    forge_version = {**good, "version": "²", "sha256": ""}
    (backup / MANIFEST).write_text(json.dumps({"format": 1, "sha256": "", "backup": forge_version}))
    with pytest.raises(BackupError, match="손상"):
        read_manifest(backup)


@pytest.mark.any_database
def test_a_manifest_too_long_to_read_is_not_read(backup, monkeypatch, backups):
    monkeypatch.setattr(manifest, "LONGEST", 1000)
    with pytest.raises(BackupError, match="손상"):
        read_manifest(backup)
    with pytest.raises(BackupError, match="파일이 너무 많아"):  # and none is made
        back_up_later(backup)
    backup = backups / "2020-01-01_033700"
    (backup / MANIFEST).unlink()
    os.mkfifo(backup / MANIFEST)
    with pytest.raises(BackupError, match="손상"):
        read_manifest(backup)


@pytest.mark.any_database
def test_pipes_links_and_devices_are_no_files(backup):
    """Reading a pipe or /dev/zero would never end."""
    name = next(name for name in files_of(backup) if name.startswith("media/"))
    forge(backup, files={**files_of(backup), name: {**FILE, "size": 0}})
    (backup / name).unlink()
    os.mkfifo(backup / name)
    assert list(find_damage(backup, read_manifest(backup))) == [f"파일이 아닙니다: {name}"]
    (backup / name).unlink()
    (backup / name).symlink_to("/dev/zero")
    assert check_backup(backup, backup.parent) == [f"파일이 아닙니다: {name}"]


@pytest.mark.any_database
def test_damage_is_told_of_names_that_are_no_text(backup):
    name = "media/" + os.fsdecode(b"\xb0\xa1\n.txt")
    forge(backup, files={**files_of(backup), name: FILE})
    [found] = find_damage(backup, read_manifest(backup))
    assert found == r"파일이 없습니다: media/\udcb0\udca1\n.txt"
    call_command_output(backup)


def call_command_output(backup: Path) -> None:
    """The admin's row and the terminal take the sentence."""
    with pytest.raises(SystemExit):
        call_command("check_backup", backup.name, stdout=io.TextIOWrapper(io.BytesIO(), "utf-8"))


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


@pytest.mark.any_database
def test_an_archive_holds_its_manifest_and_the_files_of_it(backup, tmp_path):
    """Anything else is refused before it is written."""
    text = ("b/manifest.json", (backup / MANIFEST).read_bytes())
    env = ("b/env", (backup / "env").read_bytes())
    long_header = tarfile.TarInfo("b/env")
    long_header.pax_headers = {"comment": "x" * 10_000_000}
    for number, members in enumerate(
        [
            [env],
            [text, ("b/media/not-named", WORDS)],
            [text, ("b/../../outside", WORDS)],
            [text, (f"b/{tmp_path}/outside", WORDS)],
            [text, ("/outside", WORDS)],
            [text, ("b", WORDS)],
            [text, ("b/env", env[1] + b"x")],
            [text, env, env],
            [text, text],
            [text, ("b/media/a\nb\0c\udcff", WORDS)],
            [text, (long_header, env[1])],
            [special("b/manifest.json", tarfile.SYMTYPE, "/etc/passwd")],
            *(
                [text, special("b/env", kind, "/etc/passwd")]
                for kind in (
                    *(tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE),
                    *(tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.GNUTYPE_SPARSE),
                )
            ),
        ]
    ):
        archive = pack(tmp_path / "b.tar.zst", *members)
        (folder := tmp_path / str(number)).mkdir()
        with pytest.raises(BackupError, match="있을 수 없는 것"):
            unpack(archive, "", folder)
        assert {path.name for path in folder.rglob("*")} <= {MANIFEST, "env"}
        assert not (tmp_path / "outside").exists()


@pytest.mark.any_database
def test_a_bomb_writes_no_more_than_its_manifest_names(backup, tmp_path, monkeypatch):
    """And if the manifest names it, the space is compared before."""
    bomb = bytes(50_000_000)
    text = ("b/manifest.json", (backup / MANIFEST).read_bytes())
    archive = pack(tmp_path / "b.tar.zst", text, ("b/env", bomb))
    assert archive.stat().st_size < 100_000
    with pytest.raises(BackupError, match="있을 수 없는 것"), open_backup(str(archive), tmp_path):
        pass
    forge(backup, files={**files_of(backup), "media/bomb": {**FILE, "size": 10**15}})
    text = ("b/manifest.json", (backup / MANIFEST).read_bytes())
    archive = pack(tmp_path / "b.tar.zst", text, ("b/env", bomb))
    with pytest.raises(BackupError, match="자리가 모자랍니다"), open_backup(str(archive), tmp_path):
        pass
    monkeypatch.setattr(archives, "LONGEST", 100)
    with pytest.raises(BackupError, match="있을 수 없는 것"), open_backup(str(archive), tmp_path):
        pass
    assert not list(tmp_path.glob(".unpacked-*"))


@pytest.mark.any_database
def test_an_archive_that_ends_anywhere(backup, tmp_path):
    """At each tenth of it, and within the last bytes."""
    archive = tmp_path / "b.tar.zst"
    write_archive(backup, read_manifest(backup), "", archive)
    whole = archive.read_bytes()
    for end in [*(len(whole) * tenth // 10 for tenth in range(10)), len(whole) - 3000]:
        archive.write_bytes(whole[:end])
        with pytest.raises(CommandError, match=r"손상|백업이 아닙니다"):
            call_command("restore", str(archive), "--yes", stdout=io.StringIO())
    assert Post.objects.count() == 1


@pytest.mark.any_database
def test_nobody_else_can_open_an_archive_while_it_is_written(backup, tmp_path, monkeypatch):
    """In a folder of all, somebody may have made a file, or a link, of the name that it is going to
    have."""
    found = []
    there = tmp_path / "shared"
    there.mkdir(mode=0o777)
    trap = tmp_path / "trap"
    trap.touch()
    (there / ".b.tar.zst.part").symlink_to(trap)
    read = archives.ArchiveStream.read

    def look(self, size=-1):
        found.append(stat.S_IMODE((there / ".b.tar.zst.part").lstat().st_mode))
        return read(self, size)

    monkeypatch.setattr(archives.ArchiveStream, "read", look)
    monkeypatch.setattr(Path, "chmod", lambda *_args: None)
    write_archive(backup, read_manifest(backup), "", there / "b.tar.zst")
    assert set(found) == {0o600}
    assert trap.stat().st_size == 0


@pytest.mark.any_database
def test_what_a_killed_restore_has_unpacked_is_removed_by_the_next(backup, tmp_path):
    archive = tmp_path / "b.tar.zst"
    write_archive(backup, read_manifest(backup), "", archive)
    left, used = tmp_path / ".unpacked-left", tmp_path / ".unpacked-used"
    for folder in (left, used):
        (folder / "backup").mkdir(parents=True)
    number = os.open(used, os.O_RDONLY)
    fcntl.flock(number, fcntl.LOCK_EX)  # another process is unpacking there
    with open_backup(str(archive), tmp_path) as opened:
        assert set(tmp_path.glob(".unpacked-*")) == {used, opened.folder.parent}
    os.close(number)


@pytest.mark.any_database
def test_a_folder_of_the_owner_is_no_leftover(backup, settings):
    own = settings.DATA_DIR / "restoring-photos"
    own.mkdir()
    left = settings.DATA_DIR / "restoring-20300101-033700"
    left.mkdir()
    Restore(backup)._remove_leftovers()
    assert own.exists()
    assert not left.exists()


class TestPostgreSQL:
    @pytest.fixture(autouse=True)
    def postgresql(self, db):
        if connection.vendor != "postgresql":
            pytest.skip("psql reads commands of its own")

    def test_commands_of_psql_in_a_dump_are_not_run(self, backup, new_site, tmp_path):
        """In place of a comment on a table, of the same length."""
        site = new_site()
        assert site.manage("restore", backup.name, "--yes").returncode == 0
        trap = tmp_path / "trap"
        with connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON TABLE boards_post IS '{'x' * 300}'")
        evil = backup.parent / back_up_later(backup)
        dump = evil / "database.dump"
        words = f"';\n\\! touch {trap}\n".encode()
        content = dump.read_bytes()
        assert b"'" + b"x" * 300 in content
        dump.write_bytes(content.replace(b"x" * 300, words + b"-" * (300 - len(words)), 1))
        about = dump.read_bytes()
        forge_dump = {**FILE, "sha256": sha256(about).hexdigest(), "size": len(about)}
        forge(evil, files={**files_of(evil), "database.dump": forge_dump})
        done = site.manage("restore", evil.name, "--yes")
        assert done.returncode == 1
        assert not trap.exists()
        assert site.manage("check", "--database", "default").returncode == 0

    def test_an_old_psql_is_refused(self, backup, new_site, tmp_path):
        """One that would run them."""
        (programs := tmp_path / "bin").mkdir()
        real = shutil.which("pg_restore")
        (programs / "pg_restore").write_text(
            f'#!/bin/sh\ncase "$*" in *--file=-*) {real} "$@" | sed "/restrict/d";;'
            f' *) exec {real} "$@";; esac\n'
        )
        (programs / "pg_restore").chmod(0o755)
        site = new_site()
        path = f"{programs}:{os.environ['PATH']}"
        done = site.manage("restore", backup.name, "--yes", PATH=path)
        assert "업데이트해 주세요" in done.stderr
        assert done.returncode == 1


def back_up_later(backup: Path) -> str:
    backup.rename(backup.with_name("2020-01-01_033700"))
    return back_up().name
