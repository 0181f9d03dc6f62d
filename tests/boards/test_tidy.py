"""manage.py tidy deletes expired rows and files, and keeps the others."""

import datetime
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from boards.actions.files import store_file, store_picture
from boards.actions.reading import count_view
from boards.models import Attachment, PostView, Submission
from boardsite.limits import rate_limit
from boardsite.models import DaySalt, RateWindow
from tests.boards.browsing import document, picture, post_form

DAY = datetime.timedelta(days=1)


def test_views_of_past_days_are_deleted(post):
    today = timezone.localdate()
    for day in (today - 2 * DAY, today - DAY, today):
        count_view(post=post.pk, visitor=7, day=day)
    call_command("tidy")
    assert list(PostView.objects.values_list("day", flat=True)) == [today]
    post.refresh_from_db()
    assert post.view_count == 3


def test_the_salt_of_a_day_without_visitors_is_deleted(db):
    today = timezone.localdate()
    for day in (today - DAY, today):
        DaySalt.objects.create(day=day, salt=bytes(32))
    call_command("tidy")
    assert list(DaySalt.objects.values_list("day", flat=True)) == [today]


@pytest.mark.parametrize(("age", "stays"), [(DAY / 2, True), (2 * DAY, False)])
def test_old_submissions_are_deleted(age, stays, minji, post):
    Submission.objects.create(
        member=minji,
        key=uuid.uuid4(),
        words=uuid.uuid4(),
        post=post,
        created_at=timezone.now() - age,
    )
    call_command("tidy")
    assert Submission.objects.exists() == stays
    post.refresh_from_db()  # a post outlives its submission


@pytest.mark.parametrize(("age", "stays"), [(DAY / 2, True), (2 * DAY, False)])
def test_files_of_posts_that_were_never_written_are_deleted(
    age, stays, minji, django_capture_on_commit_callbacks
):
    files = [
        store_file(uploader=minji, upload=document(), limit=1000),
        store_picture(uploader=minji, upload=picture(), is_inline=True),
    ]
    Attachment.objects.update(created_at=timezone.now() - age)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("tidy")
    assert Attachment.objects.count() == (2 if stays else 0)
    for attachment in files:
        for file in filter(None, (attachment.file, attachment.thumb)):
            assert file.storage.exists(file.name) == stays


def test_files_of_posts_stay(as_minji, board):
    as_minji.post("/free/write/", post_form(files=[document(), picture()]))
    Attachment.objects.update(created_at=timezone.now() - 400 * DAY)
    call_command("tidy")
    assert Attachment.objects.count() == 2
    assert all(each.file.storage.exists(each.file.name) for each in Attachment.objects.all())


def test_expired_rate_limit_windows_are_deleted(db, monkeypatch):
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_000)
    rate_limit.hit("old", 5, 60)
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_100)
    rate_limit.hit("new", 5, 60)
    call_command("tidy")
    assert [window.key for window in RateWindow.objects.all()] == ["new/60"]


def test_the_command_reports_what_it_did(post, minji, capsys):
    count_view(post=post.pk, visitor=7, day=timezone.localdate() - DAY)
    store_file(uploader=minji, upload=document(), limit=1000)
    Attachment.objects.update(created_at=timezone.now() - 2 * DAY)
    call_command("tidy")
    assert (
        "조회 표시 1개, 임시 저장 글 0개, 쓰다 만 파일 1개, 휴지통의 글 0개를 지웠습니다."
        in capsys.readouterr().out
    )
