"""A restored site is the site of the moment of the backup, whatever was written meanwhile."""

import hashlib
import io
import json
import os
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from boards.models import Post
from tests.upkeep.conftest import content_of
from tests.upkeep.sites import SETUP
from upkeep.backups import switching
from upkeep.backups.contents import value_in
from upkeep.backups.manifest import DATABASES, MANIFEST, BackupError, _digest
from upkeep.backups.nightly import back_up
from upkeep.backups.restoring import Restore

pytestmark = pytest.mark.usefixtures("side_by_side")
WRITERS = 3
LOOK = (
    SETUP
    + """
import hashlib, json
from boards.models import Post
from boards.repair import recount
from upkeep.backups.trial_site import request_pages
from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
posts = {
    post.subject: [
        [file.name, hashlib.sha256(file.file.read()).hexdigest()]
        for file in post.attachments.all()
    ]
    for post in Post.objects.all()
}
drifts = [str(drift) for drift in recount(repairs=False)]
print(json.dumps([posts, drifts, list(request_pages())]))
"""
)


def expected(subject: str) -> list:
    return [["자료.txt", hashlib.sha256(content_of(subject)).hexdigest()]]


def test_a_backup_under_writers_is_the_site_of_one_moment(backups, minji, board, share, new_site):
    """Threads write posts with files while the backup is made. What was acknowledged before it began
    is in it; of what came later, each post is there with its file or not at all."""
    before, acknowledged = threading.Barrier(WRITERS + 1, timeout=300), []
    is_over = threading.Event()

    def write(number):
        count = 0
        try:
            while not is_over.is_set() and count < 40:
                subject = f"글 {number}-{count}"
                share(minji, board, subject)
                acknowledged.append(subject)
                count += 1
                if count == 3:
                    before.wait()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    before.wait()
    known = list(acknowledged)
    name = back_up().name
    is_over.set()
    for thread in threads:
        thread.join()
    site = new_site()
    done = site.manage("restore", name, "--yes")
    assert done.returncode == 0, done.stderr
    posts, drifts, pages = json.loads(site.output_of(LOOK).splitlines()[-1])
    assert (drifts, pages) == ([], [])
    assert set(known) <= posts.keys() <= set(acknowledged)
    assert posts == {subject: expected(subject) for subject in posts}


def test_onto_an_existing_site_which_is_moved_aside(backups, minji, board, share, new_site):
    share(minji, board, "첫 글")
    first = back_up().name
    site = new_site()
    assert site.manage("restore", first, "--yes").returncode == 0
    Post.objects.update(subject="바뀐 글")
    (backups / first).rename(backups / "2020-01-01_033700")
    second = back_up().name
    asked = site.manage("restore", second)
    assert asked.returncode == 1
    assert "복원하지 않았습니다" in asked.stderr, "nobody has said yes"
    for line in ("행, 파일 1개", "지우지 않고 옮겨 둡니다", str(site.data)):
        assert line in asked.stdout
    assert list(json.loads(site.output_of(LOOK).splitlines()[-1])[0]) == ["첫 글"]
    (site.data / "cache.sqlite3").write_text("garbage")
    (site.data / "reading").mkdir(exist_ok=True)
    (site.data / "reading" / "0123").write_bytes(b"views of other posts")
    done = site.manage("restore", second, "--yes")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(site.output_of(LOOK).splitlines()[-1])[0]) == ["바뀐 글"]
    [aside] = site.data.glob("replaced-*")
    assert (aside / "media").is_dir()
    assert (aside / "reading" / "0123").exists()
    assert not list(site.data.glob("restoring-*"))
    assert not (site.data / "restore.json").exists()
    if connection.vendor == "sqlite":
        assert (aside / "db.sqlite3").exists()
        assert (site.data / "db.sqlite3").stat().st_mode & 0o777 == 0o600
    else:
        subjects = site.output_of(
            SETUP
            + """
from django.db import connection
cursor = connection.cursor()
cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced%'")
schema = max(cursor.fetchall())[0]
cursor.execute(f"SELECT subject FROM {schema}.boards_post")
print(cursor.fetchall())
"""
        )
        assert "첫 글" in subjects
    with site.opened():  # a process of the site is still there
        done = site.manage("restore", second, "--yes")
    assert "아직 돌고 있습니다" in done.stderr
    assert done.returncode == 1


def test_what_is_refused_changes_nothing(backups, minji, board, share, settings):
    share(minji, board, "글")
    name = back_up().name
    path = backups / name / MANIFEST
    whole = json.loads(path.read_text())

    def refuse(words: str, **changed):
        about = {**whole["backup"], **changed}
        path.write_text(json.dumps({**whole, "backup": about, "sha256": _digest(about)}))
        with pytest.raises(CommandError, match=words):
            call_command("restore", name, "--yes", stdout=io.StringIO())

    refuse(r"더 새로운 버전\(99.0.0\)", version="99.0.0")
    migrations = [*whole["backup"]["migrations"], "boards.9999_from_the_future"]
    refuse("더 새로운 버전", migrations=migrations)
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    files = {**whole["backup"]["files"]}
    copied = {**files, DATABASES[other]: files[DATABASES[connection.vendor]]}
    refuse("먼저 DATABASE_URL을 맞추어", vendor=other, files=copied)
    files["env"] = {**files["env"], "sha256": "0" * 64}
    refuse("내용이 손상되었습니다: env", files=files)
    assert not list(settings.DATA_DIR.glob("re*ing-*"))
    assert not list(settings.DATA_DIR.glob("replaced-*"))
    assert Post.objects.get().subject == "글"


def test_onto_a_damaged_database(backups, minji, board, share, new_site):
    if connection.vendor != "sqlite":
        pytest.skip("a file is damaged here")
    share(minji, board, "글")
    name = back_up().name
    site = new_site()
    site.data.mkdir()
    (site.data / "db.sqlite3").write_bytes(os.urandom(100_000))
    (site.data / "db.sqlite3-wal").write_bytes(os.urandom(1000))
    done = site.manage("restore", name, "--yes")
    assert done.returncode == 0, done.stderr
    assert list(json.loads(site.output_of(LOOK).splitlines()[-1])[0]) == ["글"]
    [aside] = site.data.glob("replaced-*")
    assert (aside / "db.sqlite3").stat().st_size == 100_000
    assert (aside / "db.sqlite3-wal").exists()


def test_without_a_name_it_lists_the_backups(backups, db, capsys):
    name = back_up().name
    call_command("restore")
    assert capsys.readouterr().out.split() == [name]


def test_the_key_comes_from_the_backup_and_the_other_settings_stay(
    backups, db, settings, tmp_path, monkeypatch
):
    """Else nobody could log in with what the database holds, or the site would forget its address."""
    folder = backups / back_up().name
    path = tmp_path / ".env"
    monkeypatch.setattr("upkeep.backups.restoring.env_file", lambda: path)
    key = settings.SECRET_KEY
    assert Restore(folder)._new_env() is None, "it is the same"
    settings.SECRET_KEY = "another"
    assert "환경 변수의 SECRET_KEY" in "".join(Restore(folder).describe())
    path.write_text("SITE_URL=https://golmok.kr\nSECRET_KEY='another'\n")
    restore = Restore(folder)
    assert ".env의 SECRET_KEY를 백업의 것으로" in "".join(restore.describe())
    text = restore._new_env()
    assert (value_in(text, "SECRET_KEY"), value_in(text, "SITE_URL")) == (key, "https://golmok.kr")


def test_nothing_starts_during_a_restore_and_no_second_one(backups, monkeypatch):
    monkeypatch.setattr(switching, "PATIENCE", 0.1)
    with switching.nobody_starts():
        with pytest.raises(BackupError, match="다른 복원이"), switching.nobody_starts():
            pass
        with pytest.raises(SystemExit, match="복원하고 있습니다"):
            switching.finish_interrupted()
    switching.finish_interrupted()
