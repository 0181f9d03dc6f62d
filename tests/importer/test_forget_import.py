"""`import_gnuboard5 --forget`: everything that was imported goes, and nothing else."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Board, BoardGroup, Comment, Post
from boards.repair import recount
from boardsite.models import OneRow
from importer.models import Imported
from tests.importer.conftest import move, move_files

KEPT_BY_A_MOVE = {
    # What owners and members find: the settings stay as they are, and so does what is noted about the past.
    "accounts.LegalText",
    "boardsite.ChoreRun",
    "boardsite.ScopeVersion",
}


def counts() -> dict[str, int]:
    """How many rows each table has."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not issubclass(model, OneRow)
        and model._meta.label not in KEPT_BY_A_MOVE
    }


def indexed() -> list[int]:
    with connection.cursor() as cursor:
        found = []
        for table in ("boards_post_search", "boards_comment_search"):
            cursor.execute(f"SELECT rowid FROM {table}")
            found += [pk for (pk,) in cursor.fetchall()]
        return found


@pytest.fixture
def forget(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    def run(*arguments: str) -> None:
        call_command("import_gnuboard5", "--forget", *arguments)

    return run


@pytest.fixture
def before(db, owner, minji, group, settings, tmp_path):
    """The site before the import, which has a post of its own and a folder for files."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    board = Board.objects.create(group=group, slug="ours", name="여기 게시판")
    write_post(author=minji, board=board, subject="여기 글", source="<p>여기 본문</p>")
    recount()
    return counts()


def test_everything_imported_is_gone(
    before, old, forget, tmp_path, django_capture_on_commit_callbacks
):
    index = indexed()
    move(old)
    move_files(old, tmp_path / "scratch")
    recount()
    assert Imported.objects.count() > 200
    with django_capture_on_commit_callbacks(execute=True):
        forget()
    assert counts() == before
    assert indexed() == index
    assert recount() == []
    assert [path for path in Path(tmp_path / "media").rglob("*") if path.is_file()] == []
    forget()


def test_what_was_written_here_is_named_and_needs_a_yes(before, old, minji, forget, capsys):
    move(old)
    recount()
    write_comment(author=minji, post=Post.objects.get(board__slug="free", number=2), text="새 댓글")
    write_post(
        author=minji, board=Board.objects.get(slug="qna"), subject="새 글", source="<p>글</p>"
    )
    with pytest.raises(CommandError, match="아무것도 지우지 않았습니다"):
        forget()
    said = capsys.readouterr().out
    assert "이곳에서 쓴 댓글 1개" in said
    assert "이곳에서 쓴 글 1개" in said
    assert "새 댓글" in said
    assert Post.objects.filter(subject="새 글").exists()
    forget("--yes")
    assert [post.subject for post in Post.objects.all()] == ["여기 글"]
    assert not Comment.objects.exists()
    assert recount() == []


def test_what_was_here_before_stays(before, old, group, minji, forget):
    assert group.slug == "community"  # as in the sample
    board = Board.objects.create(group=group, name="여기 게시판", slug="free")
    move(old)
    recount()
    board.refresh_from_db()
    assert (board.name, board.group) == ("여기 게시판", group)
    forget()
    assert Board.objects.filter(pk=board.pk, post_count=0).exists()
    assert BoardGroup.objects.filter(pk=group.pk).exists()
    assert Member.objects.filter(username=minji.username).exists()


def test_a_killed_forgetting_goes_on(before, old, forget):
    move(old)
    recount()

    class Killed(BaseException):
        pass

    def die(execute, sql, *arguments):
        if sql.startswith('DELETE FROM "accounts_member"'):
            raise Killed
        return execute(sql, *arguments)

    with connection.execute_wrapper(die), pytest.raises(Killed):
        forget()
    assert Member.objects.filter(username="hong").exists()
    assert not Post.objects.filter(board__slug="free").exists()
    forget()
    assert counts() == before
