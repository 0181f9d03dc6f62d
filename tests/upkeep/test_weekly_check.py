"""The weekly check fails, and so raises an alarm, when something stored is wrong."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from boards.models import Board
from boardsite.models import ChoreRun
from boardsite.scheduling.chores import find_troubles
from upkeep.checking import weekly
from upkeep.checking.integrity import find_damage

pytestmark = pytest.mark.django_db


def run(**options) -> None:
    call_command("weekly_check", verbosity=0, **options)


def has_trouble() -> bool:
    return weekly.CHORE in [trouble.name for trouble in find_troubles()]


def test_a_whole_site_passes(post):
    run()
    assert ChoreRun.objects.get(pk=weekly.CHORE).ended_at is not None
    assert not has_trouble()


def test_wrong_counts_are_an_alarm(post):
    Board.objects.update(post_count=99)
    with pytest.raises(CommandError, match="어긋난 숫자가 1개"):
        run()
    assert has_trouble()
    assert "어긋난 숫자" in ChoreRun.objects.get(pk=weekly.CHORE).error
    assert Board.objects.get().post_count == 99  # it repairs nothing


def test_missing_files_are_an_alarm(minji):
    minji.picture.save("minji.webp", ContentFile(b"picture"))
    minji.picture.storage.delete(minji.picture.name)
    with pytest.raises(CommandError, match="없는 파일 1개"):
        run()


def test_damage_of_the_database_is_an_alarm(monkeypatch, post):
    monkeypatch.setattr(weekly, "find_damage", lambda: iter(["row 7 missing from index x"]))
    with pytest.raises(CommandError, match="손상되었습니다: row 7 missing"):
        run()


def test_it_runs_once_a_week_however_often_the_site_starts(post):
    run()
    Board.objects.update(post_count=99)
    run()  # not due
    ChoreRun.objects.update(ended_at=timezone.now() - timedelta(days=7))
    with pytest.raises(CommandError):
        run()
    run()  # a failure counts as a check too
    with pytest.raises(CommandError):
        run(now=True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="damages a file")
def test_a_damaged_index_is_found(tmp_path, monkeypatch):
    path = tmp_path / "damaged.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE words (word TEXT)")
        made.execute("CREATE INDEX by_word ON words (word)")
        made.executemany("INSERT INTO words VALUES (?)", [(f"word {n}",) for n in range(500)])
        made.execute("PRAGMA writable_schema = ON")
        made.execute("UPDATE sqlite_master SET sql = replace(sql, '(word)', '(word DESC)')")
        made.commit()
    with closing(sqlite3.connect(path)) as damaged:

        class Connection:
            vendor = "sqlite"

            def cursor(self):
                return closing(damaged.cursor())

        monkeypatch.setattr("upkeep.checking.integrity.connection", Connection())
        assert any("by_word" in message for message in find_damage())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has its own check")
def test_amcheck_is_used_where_it_is_installed(post):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
        if cursor.fetchone() is None:
            pytest.skip("this server has no amcheck")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (False,):
            pytest.skip("only a superuser may install amcheck")
        assert list(find_damage()) == []
        cursor.execute("CREATE EXTENSION amcheck")
    assert list(find_damage()) == []
