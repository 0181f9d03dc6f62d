"""A second run: what was changed and deleted there since the first, and what was changed here."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Member, Message, PointEntry
from boards import search
from boards.actions.deleting_boards import delete_board, finish_boards
from boards.actions.posts import delete_post
from boards.models import Board, BoardGroup, Comment, Post, PostVote, Scrap
from boards.repair import recount
from importer.actions.comments import COMMENT
from importer.actions.gone import DELETED, MISSING
from importer.actions.ledger import CONFLICT, Ledger
from importer.actions.lines import in_line
from importer.models import Imported
from tests.importer.conftest import change, delete, move
from tests.machines.services import eventually


@pytest.fixture
def counted(moved):
    """The sample's site with its counters, as a run leaves it."""
    recount()
    return moved


def free(number: int) -> Post:
    return Post.objects.get(board__slug="free", number=number)


def test_nothing_is_written_when_nothing_has_changed(counted):
    before = [*Imported.objects.order_by("pk").values()]
    move(counted)
    assert [*Imported.objects.order_by("pk").values()] == before
    assert counted.problems == {}


def test_what_has_changed_there_changes_here(counted):
    change(
        counted,
        "write_free",
        "wr_id = '3'",
        wr_subject="새 제목",
        wr_content="새로운 낱말",
        wr_hit="20",
    )
    change(counted, "write_free", "wr_id = '22'", wr_content="고친 댓글", wr_option="secret")
    change(
        counted,
        "member",
        "mb_id = 'hong'",
        mb_nick="길동이",
        mb_level="4",
        mb_email="new@example.org",
    )
    change(
        counted,
        "board",
        "bo_table = 'free'",
        bo_subject="새 게시판",
        bo_notice="1,3",
        bo_read_level="2",
    )
    change(counted, "group", "gr_id = 'staff'", gr_subject="운영진")
    change(counted, "memo", "me_type = 'recv'", me_read_datetime="2026-11-24 10:00:00")
    move(counted)
    post = free(3)
    assert (post.subject, post.body.html, post.is_notice) == ("새 제목", "<p>새로운 낱말</p>", True)
    assert (post.view_count, post.view_rank) == (20, 20)
    comment = Comment.objects.get(text="고친 댓글")
    assert comment.is_secret
    hong = Member.objects.get(username="hong")
    assert (hong.nickname, hong.level, hong.email) == ("길동이", 4, "new@example.org")
    board = Board.objects.get(slug="free")
    assert (board.name, board.read_level) == ("새 게시판", 2)
    assert Board.objects.get(slug="staff").group.name == "운영진"
    assert not Message.objects.filter(read_at=None).exists()
    assert counted.problems == {}
    recount()
    assert recount() == []


def test_what_has_changed_on_both_sides_stays_as_it_is_here(counted):
    Post.objects.filter(pk=free(3).pk).update(subject="여기서 고침")
    Member.objects.filter(username="hong").update(nickname="여기이름", nickname_key="여기이름")
    change(counted, "write_free", "wr_id = '3'", wr_subject="거기서 고침")
    change(counted, "member", "mb_id = 'hong'", mb_nick="거기이름")
    for _time in range(2):
        move(counted)
        assert free(3).subject == "여기서 고침"
        assert Member.objects.get(username="hong").nickname == "여기이름"
        assert sorted(counted.problems.pop(CONFLICT)) == [
            "글 free/3: 그누보드 '거기서 고침', 이곳 '여기서 고침'",
            "회원 hong: 그누보드 '거기이름', 이곳 '여기이름'",
        ]


def test_views_here_and_there_are_added_up(counted):
    Post.objects.filter(pk=free(3).pk).update(view_count=30, view_rank=30)
    change(counted, "write_free", "wr_id = '3'", wr_hit="10")  # it was 8
    move(counted)
    move(counted)
    assert free(3).view_count == 32


def test_what_is_gone_there_goes_here(counted, as_guest):
    counts = [model.objects.count() for model in (PostVote, Scrap, Message, PointEntry)]
    delete(counted, "write_free", "wr_id IN ('8', '22')")
    for table, key in (("board_good", "bg_id"), ("scrap", "ms_id"), ("point", "po_id")):
        delete(counted, table, f"{key} = (SELECT min({key}) FROM {counted.prefix}{table})")
    delete(counted, "memo", "me_id IN ('1', '2')")
    move(counted)
    gone = [1, 1, 1, 3]  # and the points for the post and the comment
    assert [
        count - model.objects.count()
        for count, model in zip(counts, (PostVote, Scrap, Message, PointEntry), strict=True)
    ] == gone
    assert as_guest.get("/free/8/").status_code == 410
    assert not Comment.objects.published().filter(text="모바일에서도 잘 보여요").exists()
    assert counted.problems == {}
    recount()
    assert recount() == []
    before = [*Imported.objects.order_by("pk").values()]
    move(counted)
    assert [*Imported.objects.order_by("pk").values()] == before


def test_what_was_changed_here_stays_though_it_is_gone_there(counted):
    Post.objects.filter(pk=free(8).pk).update(subject="여기서 고침")
    delete(counted, "write_free", "wr_id = '8'")
    delete(counted, "member", "mb_id = 'hong'")
    move(counted)
    assert free(8).is_published
    assert Member.objects.filter(username="hong").exists()
    assert sorted(counted.problems[DELETED]) == [
        "글 free/8: 이곳 '여기서 고침'",
        "회원 hong: 이곳 '홍길동'",
    ]


def test_a_table_that_is_missing_deletes_nothing(counted):
    delete(counted, "write_staff", "1")
    delete(counted, "scrap", "1")
    move(counted)
    assert Post.objects.published().filter(board__slug="staff").count() == 2
    assert Scrap.objects.count() == 4
    assert sorted(counted.problems[MISSING]) == ["글 staff", "댓글 staff", "스크랩"]


def test_what_was_deleted_here_does_not_come_back(counted):
    delete_post(post=free(3), by=free(3).author)
    change(counted, "write_free", "wr_id = '3'", wr_subject="거기서 고침")
    move(counted)
    assert not free(3).is_published
    assert len(counted.problems[CONFLICT]) == 1


def test_a_board_that_was_erased_here_does_not_come_back(counted, owner):
    board = Board.objects.get(slug="free")
    delete_board(board=board, by=owner)
    move(counted)
    assert not Post.objects.published().filter(board=board).exists(), "it is in the bin"
    Board.objects.filter(pk=board.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    finish_boards()
    assert not Board.objects.filter(pk=board.pk).exists()
    change(counted, "write_free", "wr_id = '3'", wr_subject="거기서 고침")
    move(counted)
    assert not Board.objects.filter(slug="free").exists()


def test_an_import_leaves_the_search_indexes_as_they_were(db):
    def options() -> list:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA cache_size")
            else:
                cursor.execute(
                    "SELECT relname, reloptions, current_setting('synchronous_commit') FROM pg_class"
                    " WHERE relname LIKE '%%_search_pieces' ORDER BY relname"
                )
            return cursor.fetchall()

    before = options()
    with search.writing_much():
        assert options() != before
    assert options() == before


def test_a_second_connection_sorts_new_rows_of_the_search_meanwhile(transactional_db, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite sorts them at once")
    monkeypatch.setattr("boards.search.postgres.PAUSE", 0.01)

    def is_sorting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid != pg_backend_pid() AND query LIKE 'SELECT gin_clean_pending_list%%'"
            )
            return cursor.fetchone() is not None

    assert not is_sorting()
    with search.writing_much():
        eventually(is_sorting)
    assert not is_sorting()


def test_who_is_taken_from_a_private_group_there_leaves_it_here(counted, client):
    staff, qna = BoardGroup.objects.get(slug="staff"), Board.objects.get(slug="qna")
    hong, kimys = (Member.objects.get(username=name) for name in ("hong", "kimys"))
    leemj = Member.objects.get(username="leemj")
    staff.members.add(leemj)  # given here
    delete(counted, "group_member", "mb_id = 'hong'")
    change(counted, "board", "bo_table = 'qna'", bo_admin="hong")
    move(counted)
    assert {*staff.members.all()} == {kimys, leemj}
    assert [*qna.moderators.all()] == [hong]
    client.force_login(hong)
    assert client.get("/staff/").status_code == 403
    staff.members.remove(kimys)  # refused here
    delete(counted, "group_member", "TRUE")
    move(counted)
    assert {*staff.members.all()} == {leemj}
    assert MISSING in counted.problems


def test_earlier_rows_are_found_by_an_index(moved):
    """If one query asked for rows of several boards, SQLite would read all rows of the kind."""
    rows = next(in_line(moved, is_comment=True))
    assert len({row["bo_table"] for row in rows}) > 1
    ledger = Ledger(moved, COMMENT)
    with CaptureQueriesContext(connection) as seen:
        assert not ledger.sort_out(rows).new
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads a whole table that is as small as this
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in seen.captured_queries:
            cursor.execute(f"{explain} {query['sql']}")
            plan = " ".join(str(line) for line in cursor.fetchall())
            assert "old=?" in plan or re.search(r"Index Cond: [^']*board = ", plan), plan
