"""A backup holds everything, appears when it is complete, and shares unchanged files with others."""

import errno
import fcntl
import os
import shutil
import sqlite3
import stat
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from boards.models import Attachment, Post
from tests.upkeep.conftest import content_of
from upkeep.backups import contents, making
from upkeep.backups.contents import env_text, value_in, with_value
from upkeep.backups.making import find_backups
from upkeep.backups.manifest import BackupError, find_damage, read_manifest
from upkeep.backups.nightly import back_up
from upkeep.models import Backup

pytestmark = pytest.mark.usefixtures("side_by_side")
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def clock(monkeypatch):
    """Each backup has a name of its own, however quickly one follows the other."""
    names = (f"2020-01-{day:02}_033700" for day in range(1, 29))
    monkeypatch.setattr(making, "new_name", lambda: next(names))


def modes(folder: Path) -> set[str]:
    return {
        oct(stat.S_IMODE(path.stat().st_mode)) + ("/" if path.is_dir() else "")
        for path in [folder, *folder.rglob("*")]
    }


def test_it_holds_rows_files_settings_and_version(backups, minji, board, share, settings):
    post = share(minji, board, "첫 글")
    skin = settings.DATA_DIR / "skins" / "mine" / "skin.css"
    skin.parent.mkdir(parents=True)
    skin.write_text("a { color: red }")
    strange = os.fsdecode(b"old \xb0\xa1.css")  # EUC-KR
    (skin.parent / strange).write_text("")
    manifest = back_up()
    folder = backups / manifest.name
    assert read_manifest(folder) == manifest
    assert list(find_damage(folder, manifest)) == []
    assert manifest.rows["boards_post"] == Post.objects.count() == 1
    assert manifest.rows["accounts_member"] == 1
    assert "boards.0001_initial" in manifest.migrations
    name = post.attachments.get().file.name
    assert (folder / "media" / name).read_bytes() == content_of("첫 글")
    assert (folder / "skins/mine/skin.css").read_text() == "a { color: red }"
    assert f"skins/mine/{strange}" in manifest.files
    assert value_in((folder / "env").read_text(), "SECRET_KEY") == settings.SECRET_KEY
    assert modes(folder) == {"0o700/", "0o600"}
    row = Backup.objects.get()
    assert (row.name, row.row_count) == (manifest.name, manifest.row_count)
    assert row.file_count == len(manifest.files)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "database.sqlite3")) as copy:
            assert copy.execute("SELECT subject FROM boards_post").fetchall() == [("첫 글",)]
    else:
        assert (folder / "database.dump").read_bytes()[:5] == b"PGDMP"


def test_unchanged_files_cost_nothing_and_deleted_ones_go(clock, backups, minji, board, share):
    stays, goes = share(minji, board, "남는 글"), share(minji, board, "지울 글")
    names = [post.attachments.get().file.name for post in (stays, goes)]
    first = backups / back_up().name
    default_storage.delete(names[1])
    changed = Path(default_storage.path(share(minji, board, "바뀔 글").attachments.get().file.name))
    second = backups / back_up().name
    os.utime(changed, ns=(1, 1))
    third = backups / back_up().name
    assert (first / "media" / names[0]).samefile(third / "media" / names[0])
    assert not (first / "media" / names[0]).samefile(default_storage.path(names[0]))
    assert (first / "media" / names[1]).exists()
    assert not (second / "media" / names[1]).exists()
    at = changed.relative_to(default_storage.location)
    assert not (second / "media" / at).samefile(third / "media" / at), (
        "its time says it has changed"
    )
    for folder in (first, second, third):
        assert list(find_damage(folder, read_manifest(folder))) == []


def test_after_a_check_with_differences_everything_is_copied_again(
    clock, backups, minji, board, share
):
    name = share(minji, board, "글").attachments.get().file.name
    first = backups / back_up().name
    Backup.objects.update(difference_count=1)
    second = backups / back_up().name
    assert not (first / "media" / name).samefile(second / "media" / name)
    third = backups / back_up().name
    assert (second / "media" / name).samefile(third / "media" / name), "the damaged one is history"


def test_what_failed_looks_like_nothing(backups, minji, board, share, monkeypatch):
    share(minji, board, "글")

    def fill_the_disk(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, "copy_file", fill_the_disk)
    with pytest.raises(CommandError, match="디스크가 가득 차서"):
        call_command("backup")
    assert [path.name for path in backups.iterdir()] == [".lock"]
    assert not Backup.objects.exists()
    monkeypatch.undo()


def test_a_disk_that_is_full_for_the_database_is_told_too(backups, db, monkeypatch):
    """SQLite's error is none of the operating system."""

    def fill_the_disk(_target):
        with closing(sqlite3.connect(":memory:")) as small:
            small.execute("PRAGMA max_page_count=1")
            small.execute("CREATE TABLE a (b)")

    monkeypatch.setattr(making, "copying", fill_the_disk)
    with pytest.raises(CommandError, match="디스크가 가득 차서"):
        call_command("backup")
    assert [path.name for path in backups.iterdir()] == [".lock"]


def test_too_little_space_is_seen_before(backups, db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 70_000_000))
    monkeypatch.setattr(making, "database_size", lambda: 60_000_000)
    with pytest.raises(BackupError, match="57 MB가 필요한데 67 MB가 남았습니다"):
        back_up()
    assert find_backups(backups) == []


def test_one_at_a_time_and_what_a_killed_one_left_goes(backups, db):
    left = backups / ".unfinished-2030-01-01_033700"
    left.mkdir(parents=True)
    (left / "database.sqlite3").write_text("half")
    with open(backups / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BackupError, match="이미 돌고 있습니다"):
            back_up()
        assert left.exists()
    back_up()
    assert not left.exists()


def test_a_file_that_disappears_meanwhile_is_left_out(backups, minji, board, share, monkeypatch):
    post = share(minji, board, "글")
    name = post.attachments.get().file.name
    sources = list(making.find_files())
    default_storage.delete(name)
    Attachment.objects.all().delete()
    monkeypatch.setattr(making, "find_files", lambda: sources)
    manifest = back_up()
    assert list(find_damage(backups / manifest.name, manifest)) == []
    assert f"media/{name}" not in manifest.files


def test_the_text_of_an_env_file(tmp_path, monkeypatch):
    path = tmp_path / ".env"
    monkeypatch.setattr(contents, "env_file", lambda: path)
    with override_settings(SECRET_KEY="from-the-environment"):
        assert value_in(env_text(), "SECRET_KEY") == "from-the-environment"
        path.write_text('# mine\nexport SECRET_KEY="from-the-environment"\nDEBUG=off\n')
        assert env_text() == path.read_text()
    text = with_value("A=1\nSECRET_KEY='old'\nB='2'\n", "SECRET_KEY", "new")
    assert [value_in(text, name) for name in ("A", "SECRET_KEY", "B", "C")] == [
        "1",
        "new",
        "2",
        None,
    ]
