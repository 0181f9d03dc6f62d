"""An import that meets an error which nobody has foreseen says where it happened and how to go on."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError

from boards.models import Post
from boardsite.models import ChoreRun
from importer.actions import comments, posts
from importer.management.commands.import_gnuboard5 import Command
from tests.importer.conftest import SAMPLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(Command, "requires_system_checks", [])
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)
    return tmp_path / "importer" / "traceback.txt"


def import_sample() -> None:
    call_command("import_gnuboard5", dump=SAMPLE / "g5.sql", stdout=StringIO())


def break_off(monkeypatch, module, name: str, error: Exception, is_wanted=lambda *_: True) -> None:
    working = getattr(module, name)

    def broken(*arguments, **words):
        if is_wanted(*arguments):
            raise error
        return working(*arguments, **words)

    monkeypatch.setattr(module, name, broken)


def test_the_sentence_names_the_step_and_the_row(report, monkeypatch):
    def is_third(_importing, row, _categories) -> bool:
        return row["wr_id"] == "3"

    with monkeypatch.context() as patch:
        break_off(patch, posts, "build_post", RuntimeError("nobody thought of this"), is_third)
        with pytest.raises(CommandError) as caught:
            import_sample()
    sentence = str(caught.value)
    assert "'글' 단계에서" in sentence
    assert "다시 실행하면" in sentence
    assert "_write_" in sentence
    assert " wr_id=3, RuntimeError: nobody thought of this" in sentence
    assert caught.value.returncode == 1
    assert str(report) in sentence
    assert "in _begun" in report.read_text("utf-8")
    assert report.stat().st_mode & 0o077 == 0
    assert ChoreRun.objects.get(name="import_gnuboard5").failed_last

    import_sample()  # the cause is gone
    assert Post.objects.filter(number=3).exists()
    assert not report.exists()


def test_the_sentence_names_the_rows_of_a_batch(report, monkeypatch):
    error = DataError("value too long\nDETAIL: 010-1234-5678")
    break_off(monkeypatch, comments, "insert_many", error)
    with pytest.raises(CommandError) as caught:
        import_sample()
    sentence = str(caught.value)
    assert "'댓글' 단계에서" in sentence
    assert "DataError: value too long)" in sentence
    assert sentence.count("wr_id=") == 2
    assert " ~ " in sentence
    assert "010-1234-5678" not in sentence


def test_an_error_without_a_row(report, monkeypatch):
    break_off(monkeypatch, Command, "count", MemoryError())
    with pytest.raises(CommandError, match=r"오류가 나서 멈추었습니다\(MemoryError\)"):
        import_sample()


def test_foreseen_errors_keep_their_words(report, tmp_path):
    with pytest.raises(CommandError, match=r"^파일을 읽을 수 없습니다"):
        call_command("import_gnuboard5", dump=tmp_path / "none.sql", stdout=StringIO())
    assert not report.exists()


def test_the_traceback_is_shown_to_those_who_ask(report, monkeypatch):
    """--traceback shows the error that caused the sentence; without it nobody sees more than the sentence."""
    break_off(monkeypatch, posts, "build_post", RuntimeError("nobody thought of this"))
    command = ["manage.py", "import_gnuboard5", "--dump", str(SAMPLE / "g5.sql")]
    with pytest.raises(CommandError) as caught:
        Command(stdout=StringIO()).run_from_argv([*command, "--traceback"])
    assert isinstance(caught.value.__cause__, RuntimeError)

    stderr = StringIO()
    with pytest.raises(SystemExit) as ended:
        Command(stdout=StringIO(), stderr=stderr).run_from_argv(command)
    assert ended.value.code == 1
    assert "Traceback" not in stderr.getvalue()
    assert "'글' 단계에서" in stderr.getvalue()
