"""A check finds damage, and restores the backup on trial."""

import io
import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from boards.models import Post
from upkeep.backups import checking
from upkeep.backups.checking import check_backup
from upkeep.backups.manifest import MANIFEST, BackupError
from upkeep.backups.nightly import back_up
from upkeep.models import Backup

pytestmark = pytest.mark.usefixtures("side_by_side")


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_sound_backup_is_restored_on_trial(backups, minji, board, share):
    share(minji, board, "글")
    name = back_up().name
    said = io.StringIO()
    call_command("check_backup", name, stdout=said)
    assert said.getvalue().strip() == "차이 0"
    row = Backup.objects.get()
    assert row.is_verified
    assert {path.name for path in backups.iterdir()} == {".lock", name}


def test_the_trial_finds_what_is_wrong_in_the_site_itself(backups, minji, board, share):
    posts = [share(minji, board, f"글 {number}") for number in range(2)]
    Post.objects.filter(pk=posts[0].pk).update(like_count=7)
    lost = posts[1].attachments.get().file.name
    default_storage.delete(lost)
    name = back_up().name
    about = json.loads((backups / name / MANIFEST).read_text())["backup"]
    assert f"media/{lost}" not in about["files"]
    found = check_backup(backups / name, backups)
    assert sorted(found) == [
        f"boards.Attachment.file: {lost}",
        f"post {posts[0].pk} like_count: 7 → 0",
    ]


def test_damage_of_any_kind_is_found(backups, minji, board, share, monkeypatch):
    """Each file of the backup: one bit changed, cut, or gone."""
    share(minji, board, "글")
    folder = backups / back_up().name
    monkeypatch.setattr(checking, "_restored", None)  # it does not come to a trial
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        flip_a_bit(path)
        assert len(check_backup(folder, backups)) == 1, path
        path.write_bytes(content[:-1])
        assert len(check_backup(folder, backups)) == 1, path
        path.unlink()
        assert len(check_backup(folder, backups)) == 1, path
        path.write_bytes(content)


def test_a_manifest_cannot_name_files_outside(backups, db, tmp_path):
    from upkeep.backups.manifest import _digest, read_manifest

    folder = backups / back_up().name
    whole = json.loads((folder / MANIFEST).read_text())
    for path in ("../outside", "/etc/passwd", "media/../../outside", ""):
        about = {**whole["backup"], "files": {path: {"sha256": "", "size": 0, "mtime_ns": 0}}}
        (folder / MANIFEST).write_text(
            json.dumps({**whole, "backup": about, "sha256": _digest(about)})
        )
        with pytest.raises(BackupError, match="손상"):
            read_manifest(folder)
    (folder / MANIFEST).write_text(json.dumps({**whole, "format": 99}))
    with pytest.raises(BackupError, match="업데이트"):
        read_manifest(folder)


def test_what_is_no_backup(backups, tmp_path, db):
    for name in ("2030-01-01_033700", str(tmp_path), "rsync.tar.zst", ""):
        with pytest.raises((CommandError, SystemExit)):
            call_command("check_backup", name, stdout=io.StringIO())
