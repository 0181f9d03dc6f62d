import itertools
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from boards.actions.files import store_file
from boards.actions.posts import write_post
from tests.upkeep.sites import Site


@pytest.fixture(autouse=True)
def no_power_cut(monkeypatch):
    """Other tests keep the disk busy, so that each fsync takes long."""
    monkeypatch.setattr(os, "fsync", lambda _number: None)


@pytest.fixture(autouse=True)
def usual_priority(monkeypatch):
    """A chore lowers that of its process, which here runs the tests that follow, too."""
    monkeypatch.setattr(os, "nice", lambda _by: 0)


@pytest.fixture
def backups(settings, tmp_path):
    """BACKUP_DIR, of a site whose other folders are the test's own too."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.DATA_DIR.mkdir()
    return settings.BACKUP_DIR


@pytest.fixture
def new_site(tmp_path, backups):
    """`new_site()` is an empty place for a site that knows the backups."""
    numbers, sites = itertools.count(1), []

    def make() -> Site:
        sites.append(Site(tmp_path / f"site{next(numbers)}", backups))
        return sites[-1]

    yield make
    for site in sites:
        site.drop()


@pytest.fixture
def postgres():
    """The address of an empty database beside that of the tests."""
    settings = connection.settings_dict
    name = f"{settings['NAME']}_moved"[:63]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    host, port = settings["HOST"] or "127.0.0.1", settings["PORT"] or 5432
    yield f"postgres://{settings['USER']}{password}@{host}:{port}/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def share():
    """`share(author, board, subject)` writes a post with a file whose content is the subject's."""

    def write(author, board, subject: str):
        upload = SimpleUploadedFile("자료.txt", content_of(subject))
        file = store_file(uploader=author, upload=upload, limit=1_000_000)
        return write_post(author=author, board=board, subject=subject, source="글", files=[file])

    return write


def content_of(subject: str) -> bytes:
    return subject.encode() * 5_000
