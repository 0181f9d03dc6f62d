"""manage.py check_files finds files that are missing, changed or in no row."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import FileField

from boards.models import Attachment
from upkeep.checking import files
from upkeep.checking.files import check_files, file_columns

pytestmark = pytest.mark.django_db
OLD = time.time() - 2 * files.YOUNG


@pytest.fixture
def attachment(minji) -> Attachment:
    row = Attachment(uploader=minji, kind="file", name="글.txt", size=6)
    row.file.save("a1b2.txt", ContentFile(b"hello!"))
    return row


def run() -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("check_files", stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def path_of(row: Attachment) -> Path:
    return Path(row.file.path)


def test_a_whole_site_has_no_findings(attachment, minji):
    minji.picture.save("minji.webp", ContentFile(b"picture"))
    said, code = run()
    assert code == 0
    assert "없는 파일: 0" in said
    assert "살펴본 파일 2개" in said


def test_a_missing_file_is_named_and_fails(attachment):
    path_of(attachment).unlink()
    said, code = run()
    assert code == 1
    assert f"없는 파일: 1\n  {attachment.file.name}\n" in said


def test_a_picture_of_a_member_counts_too(minji):
    minji.picture.save("minji.webp", ContentFile(b"picture"))
    default_storage.delete(minji.picture.name)
    assert check_files().names["missing"] == [minji.picture.name]


def test_a_cut_file_is_named_and_fails(attachment):
    os.truncate(path_of(attachment), 3)
    said, code = run()
    assert code == 1
    assert f"크기가 다른 파일: 1\n  {attachment.file.name}\n" in said


def test_an_old_file_without_a_row_is_named_and_is_no_damage(attachment):
    name = default_storage.save("members/gone.webp", ContentFile(b"x"))
    assert check_files().counts["surplus"] == 0  # it may belong to an unfinished form
    os.utime(default_storage.path(name), (OLD, OLD))
    said, code = run()
    assert code == 0
    assert f"어느 글에도 없는 파일: 1\n  {name}\n" in said


def test_only_some_of_many_names_are_shown(settings):
    for number in range(files.SHOWN + 5):
        name = default_storage.save(f"{number}.txt", ContentFile(b"x"))
        os.utime(default_storage.path(name), (OLD, OLD))
    said, _code = run()
    assert said.count("\n  ") == files.SHOWN + 1
    assert "그리고 5개 더" in said


def test_what_was_deleted_meanwhile_is_not_missing(attachment, monkeypatch):
    listed = list(files.named_files())
    path_of(attachment).unlink()
    attachment.delete()
    monkeypatch.setattr(files, "named_files", lambda: iter(listed))
    assert check_files().counts["missing"] == 0


def test_every_column_that_names_files_is_compared():
    columns = {(model._meta.label, column): size for model, column, size in file_columns()}
    assert columns["boards.Attachment", "file"] == "size"
    assert columns["boards.Attachment", "original"] == "original_size"
    assert columns["boards.Attachment", "thumb"] is None
    assert ("accounts.Member", "picture") in columns
    assert ("pages.SiteImage", "file") in columns
    for model, column, _size in file_columns():
        assert isinstance(model._meta.get_field(column), FileField)
