"""manage.py quickstart: from an empty folder to a site with an owner; a second run changes nothing."""

import io
import os
import re
import socket
import stat
import sys

import environ
import pytest
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management import CommandError, call_command

from boards.models import Board, BoardGroup
from boardsite.management.commands import quickstart as module
from boardsite.management.commands.quickstart import describe_static_sources, write_env

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    """Static files are collected from one small folder into another."""
    source = tmp_path / "sources"
    source.mkdir()
    (source / "site.css").write_text("body {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def board():
    """A site with a board, so that no demo is created."""
    group = BoardGroup.objects.create(slug="community", name="커뮤니티")
    return Board.objects.create(group=group, slug="free", name="자유게시판")


def quickstart() -> str:
    out = io.StringIO()
    call_command("quickstart", no_serve=True, stdout=out)
    return out.getvalue()


def password_in(text: str) -> str:
    return re.search(r"비밀번호: (\S{16})\n", text)[1]


def everything() -> str:
    from django.apps import apps

    rows = [row for model in apps.get_models() for row in model.objects.order_by("pk")]
    return serializers.serialize("json", rows)


def test_makes_an_owner_who_can_log_in_with_the_password_shown(board, client):
    said = quickstart()
    owner = get_user_model().objects.get(is_superuser=True)
    assert (owner.username, owner.nickname, owner.email) == ("owner", "운영자", "owner@example.com")
    assert owner.is_staff
    assert "운영자 아이디: owner\n" in said
    assert client.login(username="owner", password=password_in(said))


def test_the_password_is_shown_once_and_a_second_run_changes_nothing(board, settings):
    password = password_in(quickstart())
    before = everything()
    collected = settings.STATIC_ROOT / "site.css"
    first_collected = collected.stat().st_mtime_ns
    said = quickstart()
    assert "이미 있습니다" in said
    assert "manage.py changepassword owner" in said
    assert password not in said
    assert everything() == before
    assert collected.stat().st_mtime_ns == first_collected


def test_no_password_is_written_to_the_journal(board, monkeypatch):
    monkeypatch.setattr(module, "is_kept_by_journal", lambda: True)
    said = quickstart()
    assert "비밀번호" not in said
    assert "./run.sh --no-serve" in said
    assert not get_user_model().objects.filter(is_superuser=True).exists()
    monkeypatch.undo()
    assert password_in(quickstart())  # on a terminal


@pytest.mark.any_database
def test_the_journal_is_told_from_a_file(tmp_path, monkeypatch):
    with (tmp_path / "out").open("w") as file:
        about = os.fstat(file.fileno())
        monkeypatch.setattr(sys, "stdout", file)
        monkeypatch.setenv("JOURNAL_STREAM", f"{about.st_dev}:{about.st_ino}")
        assert module.is_kept_by_journal()
        monkeypatch.setenv("JOURNAL_STREAM", "8:1")  # of the terminal's own service
        assert not module.is_kept_by_journal()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not module.is_kept_by_journal()


def test_an_owner_who_deleted_every_board_is_not_given_the_demo_again(owner):
    quickstart()
    assert not Board.objects.exists()


def test_a_site_may_start_empty(settings):
    settings.DEMO = False
    quickstart()
    assert not Board.objects.exists()
    assert get_user_model().objects.get(is_superuser=True)


def test_each_site_gets_a_password_of_its_own(board):
    first = password_in(quickstart())
    get_user_model().objects.all().delete()
    assert password_in(quickstart()) != first


def test_an_owner_who_cannot_log_in_gets_a_password(board):
    owner = get_user_model().objects.create_superuser("boss", "boss@example.com", nickname="주인")
    assert not owner.has_usable_password()
    said = quickstart()
    owner.refresh_from_db()
    assert "운영자 아이디: boss\n" in said
    assert owner.check_password(password_in(said))


def test_the_env_file_has_a_fresh_key_and_is_for_its_owner_only(tmp_path, monkeypatch):
    keys = []
    for name in ("one", "two"):
        path = tmp_path / name
        assert write_env(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for variable in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS"):
            monkeypatch.delenv(variable, raising=False)
        environ.Env.read_env(path)
        read = environ.Env()
        assert read.bool("DEBUG") is False
        assert read.list("ALLOWED_HOSTS") == ["localhost", "127.0.0.1", "[::1]"]
        keys.append(read.str("SECRET_KEY"))
        assert len(keys[-1]) >= 50
    assert keys[0] != keys[1]


def test_an_existing_env_file_is_left_alone(tmp_path):
    path = tmp_path / ".env"
    path.write_text("DEBUG=on\n")
    assert not write_env(path)
    assert path.read_text() == "DEBUG=on\n"


def test_a_port_in_use_is_reported_before_anything_changes(board, monkeypatch):
    before = everything()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("HOST", "127.0.0.1")
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(CommandError, match=f"포트 {port}번은 이미 쓰이고 있습니다"):
            call_command("quickstart", stdout=io.StringIO())
    assert everything() == before


def test_static_files_are_collected_again_when_one_changes(board, settings):
    quickstart()
    before = describe_static_sources()
    changed = settings.STATICFILES_DIRS[0] / "site.css"
    changed.write_text("body { color: inherit }")
    later = changed.stat().st_mtime + 2  # Django compares whole seconds
    os.utime(changed, (later, later))
    assert describe_static_sources() != before
    quickstart()
    assert (settings.STATIC_ROOT / "site.css").read_text() == "body { color: inherit }"
