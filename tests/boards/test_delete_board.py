"""게시판 삭제: a board with its posts goes to the bin, comes back, or is erased for good."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Member
from accounts.permissions import Refused
from boards.actions import in_parts
from boards.actions.comments import write_comment
from boards.actions.deleting_boards import delete_board, restore_board
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.purging import purge_post
from boards.models import Attachment, Board, Comment, Draft, OldAddress, Post
from boards.permissions import access
from boards.repair import recount
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(board, other_board, minji, junho, owner) -> Board:
    """Four posts: published with a comment, hidden, deleted, and one by the owner."""
    posts = [
        write_post(author=author, board=board, subject=f"봄나물 {number}", source="<p>냉이</p>")
        for number, author in enumerate((minji, minji, minji, owner))
    ]
    write_comment(author=junho, post=posts[0], text="달래도요")
    hide_post(post=posts[1], by=owner, reason="따로")
    delete_post(post=posts[2], by=owner, reason="따로")
    write_post(author=minji, board=other_board, subject="봄나물 옆집", source="<p>쑥</p>")
    return board


def states() -> list[str]:
    posts = Post.objects.filter(board__slug="free").order_by("pk")
    return [*posts.values_list("state", flat=True)]


BEFORE = ["published", "hidden", "deleted", "published"]
GONE = ["deleted", "hidden", "deleted", "deleted"]


def delete_page(board: Board) -> str:
    return f"/admin/boards/board/{board.pk}/delete/"


def restore_page(board: Board) -> str:
    return f"/admin/boards/board/{board.pk}/restore/"


def age(board: Board, days: int) -> None:
    """As if it had been deleted some days ago."""
    Board.objects.filter(pk=board.pk).update(deleted_at=timezone.now() - timedelta(days=days))


def test_a_board_is_deleted_after_its_name_was_typed(as_owner, as_guest, full, minji):
    page = Page(as_owner.get(delete_page(full)).content).text
    assert "글 2개와 댓글 1개가 곧바로 사라집니다." in page
    assert "30일 동안 휴지통에 남아" in page
    assert as_owner.post(delete_page(full), {"name": "다른 이름"}).status_code == 422
    assert states() == BEFORE
    answer = as_owner.post(delete_page(full), {"name": "자유게시판"}, follow=True)
    assert "자유게시판 게시판을 지웠습니다." in answer.text
    assert states() == GONE
    for browser in (as_guest, as_owner):
        assert browser.get("/free/").status_code == 404
        assert browser.get("/free/1/").status_code == 404
        assert 'href="/free/"' not in browser.get("/").text
        assert "봄나물 0" not in browser.get("/search/", {"q": "봄나물"}).text
        assert "봄나물 옆집" in browser.get("/search/", {"q": "봄나물"}).text
    minji.refresh_from_db()
    assert minji.post_count == 1
    assert not minji.notifications.filter(kind="moderation", title__contains="게시판 삭제")
    assert not recount()


def test_restoring_brings_back_what_was_there(as_owner, as_guest, full):
    as_owner.post(delete_page(full), {"name": "자유게시판"})
    assert "휴지통" in as_owner.get("/admin/boards/board/").text
    assert "되살리기" in as_owner.get(delete_page(full)).text
    answer = as_owner.post(restore_page(full), follow=True)
    assert "자유게시판 게시판을 되살렸습니다." in answer.text
    assert states() == BEFORE
    assert "달래도요" in as_guest.get("/free/1/").text
    full.refresh_from_db()
    assert (full.post_count, full.comment_count, full.deleted_at) == (2, 1, None)
    assert as_owner.post(restore_page(full)).status_code == 302, "twice"
    assert not recount()


def test_a_large_board_is_deleted_and_restored_in_parts(as_owner, owner, full, monkeypatch):
    monkeypatch.setattr(in_parts, "CHUNK", 1)
    assert not delete_board(board=full, by=owner, seconds=0)
    assert states() == ["published", "hidden", "deleted", "deleted"], "the newest first"
    assert as_owner.get("/free/").status_code == 404, "gone at once"
    assert (
        "아직 휴지통으로 옮기지 않은 글이 1개" in Page(as_owner.get(delete_page(full)).content).text
    )
    call_command("tidy")
    assert states() == GONE
    assert not restore_board(board=full, by=owner, seconds=0)
    assert as_owner.get("/free/").status_code == 404, "until all is back"
    call_command("tidy")
    assert states() == BEFORE
    assert as_owner.get("/free/").status_code == 200
    assert not recount()


def test_after_some_days_it_is_erased(as_owner, owner, full, minji, django_assert_max_num_queries):
    Draft.objects.create(member=minji, board=full, token="0" * 32)
    OldAddress.objects.create(board=full, number=99, post=Post.objects.get(subject="봄나물 옆집"))
    delete_board(board=full, by=owner)
    age(full, 29)
    call_command("tidy")
    assert Board.objects.filter(pk=full.pk).exists()
    age(full, 31)
    call_command("tidy")
    assert not Board.objects.filter(pk=full.pk).exists()
    assert [post.subject for post in Post.objects.all()] == ["봄나물 옆집"]
    assert not Comment.objects.exists()
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()
    assert not recount()
    assert as_owner.get(delete_page(full)).status_code == 404


def test_without_a_limit_it_stays_in_the_bin(owner, full, settings):
    settings.BIN_DAYS = 0
    delete_board(board=full, by=owner)
    age(full, 5000)
    call_command("tidy")
    assert states() == GONE


def test_tables_of_apps_that_are_switched_off_do_not_stand_in_the_way(owner, full, minji):
    """With PAGES=off, blocks still refer to boards, and Django has no models that say so."""
    post = Post.objects.filter(board=full).first()
    with connection.cursor() as cursor:
        for line in (
            "CREATE TABLE off_source (id integer PRIMARY KEY, board_id bigint NOT NULL "
            "REFERENCES boards_board (id) DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TABLE off_entry (id integer PRIMARY KEY, "
            "source_id integer NOT NULL REFERENCES off_source (id) DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TABLE off_block (id integer PRIMARY KEY, "
            "board_id bigint REFERENCES boards_board (id) DEFERRABLE INITIALLY DEFERRED, "
            "post_id bigint REFERENCES boards_post (id) DEFERRABLE INITIALLY DEFERRED)",
            f"INSERT INTO off_source VALUES (1, {full.pk})",
            "INSERT INTO off_entry VALUES (1, 1)",
            f"INSERT INTO off_block VALUES (1, {full.pk}, {post.pk})",
        ):
            cursor.execute(line)
        delete_board(board=full, by=owner)
        age(full, 31)
        call_command("tidy")
        connection.check_constraints()
        assert not Board.objects.filter(pk=full.pk).exists()
        cursor.execute("SELECT id, board_id, post_id FROM off_block")
        assert cursor.fetchall() == [(1, None, None)]
        for table in ("off_source", "off_entry"):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(("roles", "may"), [("staff", True), ("boards", False), ("", False)])
def test_who_may_delete_a_board(log_in, full, roles, may):
    helper = make_member("helper", "도우미", roles=roles, is_staff=bool(roles))
    browser = log_in(helper)
    browser.post(delete_page(full), {"name": "자유게시판"})
    assert states() == (GONE if may else BEFORE)
    if not may:
        assert browser.get(delete_page(full)).status_code == (403 if roles else 302)
        for action in (delete_board, restore_board):
            with pytest.raises(Refused):
                action(board=full, by=helper)


def test_its_moderators_see_nothing_of_it_and_restore_nothing(as_moderator, moderator, owner, full):
    delete_board(board=full, by=owner)
    full.refresh_from_db()
    for visitor in (moderator, owner):
        can = access(visitor, full)
        assert not any((can.list, can.read, can.write, can.moderate, can.judge, can.enter))
        assert not Board.objects.readable_by(visitor).filter(pk=full.pk)
        assert not Board.objects.moderated_by(visitor).filter(pk=full.pk)
    assert as_moderator.get("/free/bin/").status_code == 404
    assert as_moderator.post("/free/1/restore/").status_code == 404
    as_moderator.post(restore_page(full))
    assert states() == GONE


@pytest.mark.any_database
def test_the_list_has_no_way_around_the_name(as_owner, full):
    chosen = {"action": "delete_selected", "_selected_action": [full.pk], "post": "yes"}
    assert as_owner.post("/admin/boards/board/", chosen).status_code == 403
    assert Board.objects.filter(pk=full.pk, deleted_at=None).exists()


def test_a_purged_post_of_a_board_in_the_bin_leaves_no_drift(owner, full):
    delete_board(board=full, by=owner)
    purge_post(post=Post.objects.filter(board=full).first())
    restore_board(board=full, by=owner)
    assert Member.objects.get(username="junho").comment_count == 0
    assert not recount()
