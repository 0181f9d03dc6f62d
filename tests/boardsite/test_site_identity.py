"""A site starts only with its own data."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Member
from boardsite import site_identity
from boardsite.env_file import set_variable
from boardsite.models import SiteIdentity
from boardsite.site_identity import WrongData, require_own_data, settle
from tests.programs import output_of
from tests.sources import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """The folder of a site that has started once, with its `.env`."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    settings.DATA_DIR.mkdir()
    settings.BASE_DIR = tmp_path
    settings.HAS_OTHER_DATA_DIR = False
    (tmp_path / ".env").write_text("SECRET_KEY=x")
    settle()
    settings.SITE_ID = SiteIdentity.objects.get().site
    return settings.DATA_DIR


def note_of(folder: Path) -> dict:
    return json.loads((folder / "site.json").read_text())


def test_a_new_site_is_noted_in_three_places(folder):
    row = SiteIdentity.objects.get()
    assert note_of(folder) == {"site": row.site, "generation": 1}
    lines = (folder.parent / ".env").read_text().splitlines()
    assert (lines[0], lines[-1]) == ("SECRET_KEY=x", f"SITE_ID={row.site}")


def test_a_second_start_changes_nothing(folder):
    paths = folder / "site.json", folder.parent / ".env"
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in paths]
    settle()
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in paths] == before


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "[]",
        '{"site": "x", "generation": 99999999999999999999}',
        '{"site": "x", "generation": Infinity}',
        '{"site": "../x", "generation": 1}',
        "[" * 200_000,
    ],
)
def test_a_note_that_nobody_has_written_is_written_again(folder, text):
    before = note_of(folder)
    (folder / "site.json").write_text(text)
    require_own_data()
    settle()
    assert note_of(folder) == before


def test_a_setting_is_not_written_where_it_cannot_be(folder, tmp_path, monkeypatch):
    """The code of a careful operator belongs to root, and so does its folder."""
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and access(path, mode))
    assert not set_variable("SITE_ID", "another")
    assert "another" not in (tmp_path / ".env").read_text()


def test_a_link_to_the_settings_stays_one(folder, tmp_path):
    real = tmp_path / "etc" / "settings"
    real.parent.mkdir()
    (tmp_path / ".env").rename(real)
    (tmp_path / ".env").symlink_to(real)
    assert set_variable("SITE_ID", "another")
    assert (tmp_path / ".env").is_symlink()
    assert "SITE_ID=another" in real.read_text()


@pytest.mark.any_database
def test_what_cannot_be_opened_is_one_sentence(tmp_path):
    """No traceback, and no new database in its place."""
    garbage, journal = tmp_path / "garbage", tmp_path / "journal"
    for folder in (garbage, journal):
        folder.mkdir()
    (garbage / "db.sqlite3").write_bytes(b"garbage" * 1000)
    (journal / ".restore-lock").touch()
    (journal / "restore.json").write_text('{"aside": [["a"]], "into": 5, "scratch": []}')
    (tmp_path / "link").symlink_to("/no/such/disk")
    for name, command, words in (
        ("garbage", "serve", "데이터베이스를 열 수 없습니다"),
        ("journal", "serve", "기록이 손상되었습니다"),
        ("link", "quickstart", "폴더를 쓸 수 없습니다"),
    ):
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), command],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "boardsite.settings",
                "DATA_DIR": str(tmp_path / name),
                "DATABASE_URL": f"sqlite:///{tmp_path / name}/db.sqlite3",
                "PYTHONUTF8": "1",
                "PORT": "0",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1, name
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert (garbage / "db.sqlite3").read_bytes() == b"garbage" * 1000


def test_an_empty_database_where_a_site_was_is_refused(folder):
    SiteIdentity.objects.all().delete()
    with pytest.raises(WrongData, match="디스크") as refusal:
        settle()
    assert "accept_data" in str(refusal.value)
    assert not SiteIdentity.objects.exists()


def test_a_database_of_another_site_is_refused(folder, minji):
    SiteIdentity.objects.update(site="another")
    with pytest.raises(WrongData, match="서로 다른 사이트"):
        settle()


def test_a_database_from_which_the_site_was_moved_is_refused(folder, minji):
    note = note_of(folder)
    (folder / "site.json").write_text(json.dumps({**note, "generation": 2}))
    with pytest.raises(WrongData, match="옮겨졌습니다"):
        settle()


def test_lost_files_are_refused_unless_they_are_elsewhere(folder, minji, settings):
    Member.objects.filter(pk=minji.pk).update(picture="members/x.webp")
    (folder / "site.json").unlink()
    with pytest.raises(WrongData, match="올린 파일이 모두 보이지 않습니다"):
        settle()
    settings.S3_BUCKET = "files"
    settle()
    assert (folder / "site.json").exists()


def test_a_new_web_host_with_the_files_mounted_starts(folder, minji):
    Member.objects.filter(pk=minji.pk).update(picture="members/x.webp")
    (folder / "site.json").unlink()
    (folder / "media" / "members").mkdir(parents=True)
    settle()
    assert (folder / "site.json").exists()


def test_an_older_site_gets_its_identity(folder, minji):
    """One that was updated, or whose database from before was put back."""
    SiteIdentity.objects.all().delete()
    settle()
    assert SiteIdentity.objects.get().site == note_of(folder)["site"]


def test_an_unreadable_note_is_written_again(folder):
    for text in ("", "[]", "{}", '{"site": 1, "generation": "x"}', "\0" * 1000):
        (folder / "site.json").write_text(text)
        settle()
        assert note_of(folder)["generation"] == 1


def test_accept_data_takes_the_data_as_they_are(folder, minji):
    SiteIdentity.objects.update(site="another")
    call_command("accept_data", stdout=io.StringIO())
    settle()
    row = SiteIdentity.objects.get()
    assert (row.site, row.generation) == ("another", 2)
    assert f"SITE_ID={row.site}\n" in (folder.parent / ".env").read_text()


def test_accept_data_forgets_a_site_that_is_gone(folder, settings):
    SiteIdentity.objects.all().delete()
    call_command("accept_data", stdout=io.StringIO())
    assert not (folder / "site.json").exists()
    assert (folder.parent / ".env").read_text() == "SECRET_KEY=x\n"
    settings.SITE_ID = ""
    settle()


def test_env_keeps_its_permissions_and_its_other_lines(folder):
    env = folder.parent / ".env"
    env.chmod(0o640)
    env.write_text("A=1\nSITE_ID=old\nB=2\n")
    site_identity._write_env("new")
    assert env.stat().st_mode & 0o777 == 0o640
    text = env.read_text()
    assert text.startswith("A=1\nB=2\n")
    assert re.findall("^SITE_ID=(.*)$", text, re.MULTILINE) == ["new"]


def test_the_env_of_another_folder_is_left_alone(folder, settings):
    settings.HAS_OTHER_DATA_DIR = True
    before = (folder.parent / ".env").read_text()
    site_identity._write_env("new")
    assert (folder.parent / ".env").read_text() == before


START = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
from django.core.management import CommandError, call_command
for command, options in (("quickstart", {"no_serve": True}), ("serve", {})):
    try:
        call_command(command, **options)
    except CommandError as error:
        print(error)
"""


@pytest.mark.any_database
def test_an_unmounted_volume_brings_up_no_new_site(tmp_path):
    said = output_of(START, tmp_path, SITE_ID="the-site-that-was-here", PORT="0")
    assert said.count("데이터가 보이지 않습니다") == 2
    assert "새 사이트로 시작하지 않고" in said
    assert "비밀번호" not in said
    assert not (tmp_path / "db.sqlite3").exists()


def test_require_own_data_accepts_what_is_there(folder):
    require_own_data()
    assert connection.vendor in ("sqlite", "postgresql")
