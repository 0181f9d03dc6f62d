"""The site's stored data are closed to other accounts of the machine."""

import os
import subprocess
from pathlib import Path

import pytest

from boardsite.private_files import UMASK, protect
from tests.programs import output_of

STORE_SOMETHING = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from boards.reading_spool import Spool
default_storage.save("a/b/picture.webp", ContentFile(b"file"))
Spool.make()
"""
QUICKSTART = """
import os, tempfile
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
from django.core.management import execute_from_command_line
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
settings.STATIC_ROOT = Path(tempfile.mkdtemp())  # not the folder of the sources
settings.STATICFILES_DIRS = []
settings.STATICFILES_FINDERS = []
settings.DEMO = False
execute_from_command_line(["manage.py", "quickstart", "--no-serve"])
"""
START = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
"""


@pytest.fixture(autouse=True)
def usual_umask():
    """protect() changes it for the whole process."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


def mode_of(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def modes_below(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): mode_of(path) for path in folder.rglob("*")}


@pytest.mark.any_database
def test_case_108_a_new_site_lets_no_other_account_read(tmp_path):
    """Attack case 108. The files of media/ are readable for the group, but the folder that quickstart
    makes does not let it in."""
    data = tmp_path / "new"
    output_of(QUICKSTART + STORE_SOMETHING, tmp_path, DATA_DIR=str(data))
    assert mode_of(data) == "0o700"
    modes = modes_below(data)
    assert {"db.sqlite3", "cache.sqlite3", "reading", "media/a/b/picture.webp"} <= modes.keys()
    media = {name: mode for name, mode in modes.items() if name.startswith("media")}
    assert {*media.values()} == {"0o750", "0o640"}
    others = modes.keys() - media.keys() - {"reading"}
    assert {modes[name] for name in others} == {"0o600"}
    assert modes["reading"] == "0o700"


@pytest.mark.any_database
def test_case_108_each_start_closes_what_an_older_version_left_open(data):
    """Attack case 108."""
    (data / "reading").mkdir(mode=0o755)
    (data / "skins").mkdir(mode=0o755)
    for name in (
        "db.sqlite3",
        "db.sqlite3-wal",
        "cache.sqlite3",
        "reading/1f",
        "old-backup.sqlite3",
    ):
        (data / name).touch(0o644)
    output_of(START, data)
    assert mode_of(data) == "0o700"
    assert mode_of(data / "reading") == "0o700"
    files = [path for path in data.rglob("*") if path.is_file()]
    assert {mode_of(path) for path in files} == {"0o600"}
    assert mode_of(data / "skins") == "0o755"  # the owner's own folder, out of reach behind data/


def test_a_database_in_another_folder_is_closed_as_well(settings, tmp_path, data, monkeypatch):
    settings.DATA_DIR = data
    file = tmp_path / "elsewhere.sqlite3"
    file.touch(0o644)
    elsewhere = {"ENGINE": "boardsite.databases.sqlite3", "NAME": file}
    monkeypatch.setitem(settings.DATABASES, "elsewhere", elsewhere)
    protect()
    assert mode_of(file) == "0o600"


def test_dot_env_loses_the_permissions_of_others_and_keeps_those_of_a_group(
    settings, tmp_path, data
):
    settings.DATA_DIR, settings.BASE_DIR = data, tmp_path
    (tmp_path / ".env").touch()
    (tmp_path / ".env").chmod(0o644)
    protect()
    assert mode_of(tmp_path / ".env") == "0o640"


def test_files_created_afterwards_are_private(settings, tmp_path, data):
    settings.DATA_DIR = data
    protect()
    assert os.umask(UMASK) == UMASK
    (tmp_path / "later").touch()
    assert mode_of(tmp_path / "later") == "0o600"


def test_a_world_writable_folder_is_left_alone(settings, tmp_path):
    """DATA_DIR=/tmp with root: otherwise nobody else could work on that machine."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o1777)
    settings.DATA_DIR = tmp_path / "shared"
    protect()
    assert (tmp_path / "shared").stat().st_mode & 0o7777 == 0o1777


def test_a_missing_folder_is_no_error(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "not-yet"
    protect()
    assert not (tmp_path / "not-yet").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be other accounts")
@pytest.mark.parametrize(
    ("accel_redirect", "may"),
    [("", {}), ("/protected/", {"media/a/picture.webp": True})],
)
def test_the_web_server_reads_media_and_no_database(settings, data, accel_redirect, may):
    """nginx's account, which the owner has added to the site's group."""
    site, nginx = 54_321, 54_322
    settings.DATA_DIR, settings.ACCEL_REDIRECT = data, accel_redirect
    (data / "media/a").mkdir(parents=True, mode=0o750)
    (data / "media").chmod(0o750)
    (data / "media/a").chmod(0o750)
    for name, mode in (("media/a/picture.webp", 0o640), ("db.sqlite3", 0o644)):
        (data / name).touch()
        (data / name).chmod(mode)
    for path in (data, *data.rglob("*")):
        os.chown(path, site, site)
    protect()
    # pytest's own folders are closed, so the path must begin inside of ours.
    for name in ("media/a/picture.webp", "db.sqlite3"):
        done = subprocess.run(
            ["/bin/cat", name],
            cwd=data,
            user=nginx,
            group=nginx,
            extra_groups=[site],
            capture_output=True,
            check=False,
        )
        assert (done.returncode == 0) is may.get(name, False), (name, done.stderr)
