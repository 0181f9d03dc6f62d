"""The bin lists deleted posts, restores them, and finally purges them with their files."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from boards.actions import purging
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, hide_post, move_post, restore_post, write_post
from boards.actions.purging import purge_post
from boards.actions.reactions import vote_post
from boards.actions.withholding_comments import hide_comment
from boards.models import (
    Attachment,
    Comment,
    ModerationEntry,
    OldAddress,
    Post,
    PostBody,
    PostVote,
    State,
)
from boards.repair import recount
from tests.boards.browsing import document, finds, picture, post_form, read
from tests.conftest import make_member
from tests.page import Page

DAY = datetime.timedelta(days=1)
BIN = "/free/bin/"


@pytest.fixture(autouse=True)
def counts_stay_true(db):
    yield
    assert recount(repairs=False) == []


@pytest.fixture
def trip(as_minji, minji, junho, board):
    """Return a post with files, votes and a thread of comments."""
    as_minji.post("/free/write/", post_form(files=[document(), picture()]))
    post = Post.objects.get()
    first = write_comment(author=junho, post=post, text="사진도 올려 주세요")
    second = write_comment(author=minji, post=post, text="그럴게요", parent=first)
    hide_comment(comment=write_comment(author=junho, post=post, text="욕", parent=second), by=minji)
    vote_post(post=post, member=junho, value=1)
    return post


def age(days: float) -> None:
    """Move every deletion `days` days into the past."""
    Post.objects.filter(state=State.DELETED).update(deleted_at=timezone.now() - days * DAY)


def stored_files() -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


# -- the list --------------------------------------------------------------------------------------
def test_the_bin_shows_who_deleted_a_post_when_and_why(as_moderator, moderator, minji, trip):
    delete_post(post=trip, by=moderator, reason="광고입니다")
    age(3)
    ModerationEntry.objects.update(at=timezone.now() - 3 * DAY + datetime.timedelta(seconds=1))
    page = Page(read(as_moderator, BIN))
    row = page.one("ul", class_="bin").one("li").text
    for words in ("봄나들이", "벚꽃이 활짝", "글쓴이 민지", "지운 사람 지킴이", "사유: 광고입니다"):
        assert words in row
    assert "27일 뒤 완전히 지움" in row
    assert "봄나들이" not in read(as_moderator, f"{BIN}?state=hidden")


def test_the_bin_names_the_author_who_deleted_their_own_post(as_moderator, moderator, minji, trip):
    delete_post(post=trip, by=moderator, reason="잘못 지움")
    restore_post(post=trip, by=moderator)
    delete_post(post=trip, by=minji)
    row = Page(read(as_moderator, BIN)).one("ul", class_="bin").text
    assert "지운 사람 글쓴이" in row
    assert "잘못 지움" not in row


def test_the_bin_also_lists_hidden_posts(as_moderator, moderator, trip):
    hide_post(post=trip, by=moderator, reason="신고가 많음")
    row = Page(read(as_moderator, f"{BIN}?state=hidden")).one("ul", class_="bin").text
    assert "숨긴 사람 지킴이" in row
    assert "신고가 많음" in row
    assert "완전히 지움" not in row
    assert "휴지통이 비어 있습니다." in read(as_moderator, BIN)


def test_the_bin_has_pages(as_moderator, moderator, board, minji):
    for number in range(25):
        post = write_post(author=minji, board=board, subject=f"글 {number}", source="글")
        delete_post(post=post, by=moderator)
    assert len(Page(read(as_moderator, BIN)).one("ul", class_="bin").all("li")) == 20
    assert len(Page(read(as_moderator, f"{BIN}?page=2")).one("ul", class_="bin").all("li")) == 5
    read(as_moderator, f"{BIN}?page=3", status=404)


def test_only_moderators_see_the_bin(as_guest, as_minji, log_in, other_board, minji, trip):
    delete_post(post=trip, by=minji)
    other = make_member("passerby", "옆집지킴이")
    other_board.moderators.add(other)
    for browser in (as_guest, as_minji, log_in(other)):
        for address in (BIN, f"{BIN}?state=hidden"):
            assert "봄나들이" not in read(browser, address, status=403)
        assert browser.post("/free/1/restore/").status_code == 403
    assert Post.objects.get().state == State.DELETED


# -- restoring -------------------------------------------------------------------------------------
def test_a_moderator_restores_a_deleted_post(as_moderator, as_guest, moderator, trip):
    delete_post(post=trip, by=moderator)
    answer = as_moderator.post("/free/1/restore/")
    assert (answer.status_code, answer.url) == (302, BIN)
    trip.refresh_from_db()
    assert (trip.state, trip.deleted_at) == (State.PUBLISHED, None)
    page = read(as_guest, "/free/1/")
    assert "사진도 올려 주세요" in page
    assert finds(as_guest, "벚꽃이") == ["/free/1/"]
    for attachment in trip.attachments.all():
        read(as_guest, attachment.url)
    assert ModerationEntry.objects.first().operation == "restore"


def test_a_moderator_restores_a_hidden_post(as_moderator, moderator, trip):
    hide_post(post=trip, by=moderator)
    assert as_moderator.post("/free/1/restore/").url == f"{BIN}?state=hidden"
    assert Post.objects.get().is_published


def test_a_published_post_cannot_be_restored(as_moderator, trip):
    assert as_moderator.post("/free/1/restore/").status_code == 404
    assert as_moderator.post("/free/77/restore/").status_code == 404
    assert as_moderator.get("/free/1/restore/").status_code == 405


def test_only_the_owner_restores_posts_of_the_owner(as_moderator, as_owner, owner, board):
    """Case 27."""
    delete_post(post=write_post(author=owner, board=board, subject="주인", source="글"), by=owner)
    assert Page(read(as_moderator, BIN)).all("form", action="/free/1/restore/") == []
    assert as_moderator.post("/free/1/restore/").status_code == 403
    assert as_owner.post("/free/1/restore/").status_code == 302


# -- purging ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "is_gone"), [(29, False), (31, True)])
def test_tidy_purges_old_deleted_posts(
    days, is_gone, moderator, trip, django_capture_on_commit_callbacks
):
    delete_post(post=trip, by=moderator)
    age(days)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("tidy")
    assert Post.objects.exists() != is_gone
    assert bool(stored_files()) != is_gone


def test_a_purge_leaves_no_row_and_no_file_of_the_post(
    as_guest, as_moderator, owner, moderator, minji, junho, other_board, trip,
    django_capture_on_commit_callbacks,
):  # fmt: skip
    other_board.moderators.add(moderator)
    move_post(post=trip, board=other_board, by=owner)
    delete_post(post=trip, by=moderator, reason="광고")
    assert len(stored_files()) == 3  # a file, a picture and its thumbnail
    addresses = [each.url for each in trip.attachments.all()]
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_post(post=trip)
    for model in (Post, PostBody, Comment, PostVote, Attachment, OldAddress):
        assert not model.objects.exists(), model
    assert stored_files() == []
    for browser in (as_guest, as_moderator):
        for address in ("/free/1/", "/qna/1/"):
            read(browser, address, status=410)
        for address in addresses:
            read(browser, address, status=404)
    for member in (minji, junho):
        member.refresh_from_db()
        assert (member.post_count, member.comment_count) == (0, 0)
    assert "휴지통이 비어 있습니다." in read(as_moderator, "/qna/bin/")
    entry = ModerationEntry.objects.get(operation="delete")
    assert (entry.post, entry.about, entry.reason) == (None, "질문답변 1: 봄나들이", "광고")
    write_post(author=minji, board=other_board, subject="다음 글", source="글")
    assert Post.objects.get().number == 2, "a number is not given again"


def test_a_long_thread_is_purged_in_several_transactions(moderator, junho, trip, monkeypatch):
    monkeypatch.setattr(purging, "CHUNK", 2)
    parent = None
    for number in range(7):
        parent = write_comment(author=junho, post=trip, text=f"{number}", parent=parent)
    delete_post(post=trip, by=moderator)
    assert purge_post(post=trip)
    assert not Comment.objects.exists()


def test_counters_stay_right_when_a_purge_stops_half_way(moderator, junho, trip, monkeypatch):
    """The process ends between two of the transactions."""
    delete_post(post=trip, by=moderator)
    monkeypatch.setattr(purging, "CHUNK", 2)
    assert purging._delete_comments(trip) == 2
    assert recount(repairs=False) == []
    restore_post(post=trip, by=moderator)


def test_only_posts_in_the_bin_are_purged(moderator, trip):
    assert not purge_post(post=trip)
    hide_post(post=trip, by=moderator)
    assert not purge_post(post=trip)
    assert Post.objects.exists()


def test_a_post_that_is_already_purged_is_skipped(moderator, trip):
    delete_post(post=trip, by=moderator)
    assert purge_post(post=trip)
    assert not purge_post(post=Post(pk=trip.pk))


def test_without_a_retention_period_nothing_is_purged(as_moderator, moderator, trip, settings):
    settings.BIN_DAYS = 0
    delete_post(post=trip, by=moderator)
    age(5000)
    call_command("tidy")
    assert Post.objects.exists()
    assert "완전히 지움" not in read(as_moderator, BIN)
