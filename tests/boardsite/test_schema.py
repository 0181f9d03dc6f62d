"""Code and tables of different versions explain themselves in a sentence."""

import http.client
import logging

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import boardsite
from boardsite.databases import schema
from boardsite.databases.schema import NOTED_SINCE, migrations_on_disk, own_apps, read_schema
from boardsite.models import ChoreRun, SiteIdentity
from boardsite.site_identity import settle

pytestmark = pytest.mark.django_db
NEWER = ("boards", "9999_from_tomorrow")
OLDER = ("boardsite", "0008_add_sent_alarms")


@pytest.fixture
def site(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settle()
    schema._logged.clear()


@pytest.fixture
def newer(site):
    """The database has been updated by a version that this code does not know."""
    MigrationRecorder(connection).record_applied(*NEWER)
    SiteIdentity.objects.update(version="9.1.0")


@pytest.fixture
def older(site):
    """The code has been updated, the database has not."""
    MigrationRecorder(connection).record_unapplied(*OLDER)
    SiteIdentity.objects.update(version="0.9.0")


def test_the_tables_of_this_version_fit(site):
    assert read_schema() == schema.Schema([], [], boardsite.__version__)


def test_the_migration_that_adds_the_version_is_there():
    """It is named in schema.py, and may be renamed in a branch."""
    assert NOTED_SINCE in set(migrations_on_disk(own_apps()))


def test_migrations_of_libraries_and_removed_satellites_are_not_unknown(site):
    for app in ("auth", "a_removed_one"):
        MigrationRecorder(connection).record_applied(app, "0099_gone")
    assert read_schema().unknown == []


def words_of(command: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command(command)
    return str(refusal.value)


@pytest.mark.parametrize("command", ["serve", "quickstart", "tidy"])
def test_old_code_on_newer_tables_does_not_start(newer, command, monkeypatch):
    monkeypatch.setenv("PORT", "0")
    words = words_of(command)
    assert "9.1.0" in words
    assert boardsite.__version__ in words
    assert "boards.9999_from_tomorrow" in words
    assert "manage.py rollback" in words
    assert "\n" not in words
    assert not ChoreRun.objects.exists()


@pytest.mark.parametrize("command", ["serve", "tidy"])
def test_new_code_on_older_tables_does_not_start(older, command, monkeypatch):
    monkeypatch.setenv("PORT", "0")
    words = words_of(command)
    assert "0.9.0" in words
    assert boardsite.__version__ in words
    assert "manage.py update" in words


def test_tables_from_before_versions_were_noted(older):
    MigrationRecorder(connection).record_unapplied(*NOTED_SINCE)
    assert "옛 버전" in words_of("serve")


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails_meanwhile_says_that_the_site_is_updated(client, board, newer, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE boards_board RENAME COLUMN name TO title")
    try:
        client.raise_request_exception = False
        for _again in range(2):
            with caplog.at_level(logging.CRITICAL):
                response = client.get(f"/{board.slug}/write/")
            assert response.status_code == http.client.SERVICE_UNAVAILABLE
            assert response["Retry-After"] == "60"
            assert "사이트를 업데이트하고 있습니다." in response.text
            assert "9.1.0" not in response.text  # that is for the operator
        [said] = [record for record in caplog.records if record.levelno == logging.CRITICAL]
        assert "9.1.0" in said.getMessage()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE boards_board RENAME COLUMN title TO name")
        MigrationRecorder(connection).record_unapplied(*NEWER)


@pytest.mark.django_db(transaction=True)
def test_the_same_error_with_the_right_tables_is_a_fault(client, site, board):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE boards_board RENAME COLUMN name TO title")
    try:
        client.raise_request_exception = False
        assert client.get(f"/{board.slug}/write/").status_code == 500
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE boards_board RENAME COLUMN title TO name")


def test_pages_that_still_work_are_served(client, newer, board):
    assert client.get(f"/{board.slug}/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_migration_backward_that_is_repeated_does_nothing():
    """The triggers are about tables that are gone then."""
    try:
        for _again in range(2):
            call_command("migrate", "collector", "zero", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)


def test_the_version_is_noted_when_the_tables_are_the_newest(site):
    SiteIdentity.objects.update(version="0.9.0")
    call_command("migrate", verbosity=0)
    assert SiteIdentity.objects.get().version == boardsite.__version__
