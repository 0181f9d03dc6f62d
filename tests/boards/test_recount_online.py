"""`manage.py recount` on a running site works in small steps, and resumes where it was interrupted."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards import repair
from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.actions.reactions import vote_post
from boards.management.commands import recount
from boards.models import Board, LongRun, Post, PostBucket
from boards.repair import recounting
from tests.crowd import fill_board


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(repair, "CHUNK", 3)


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("recount", *arguments, stdout=out)
    return out.getvalue()


def damage() -> None:
    Post.objects.update(comment_count=7)
    PostBucket.objects.update(count=5)


@pytest.fixture
def posts(board, minji):
    return fill_board(board, minji, 8)


def test_steps_report_their_progress(posts):
    steps = [step for step in recounting() if step.part == "posts"]
    assert [step.place for step in steps] == [posts[2].pk, posts[5].pk, posts[7].pk]
    assert {step.last for step in steps} == {posts[7].pk}
    assert list(dict.fromkeys(step.part for step in recounting())) == [
        "posts", "boards", "members", "buckets",
    ]  # fmt: skip


def test_the_command_prints_progress(posts, monkeypatch):
    monkeypatch.setattr(recount, "PAUSE", 0)
    assert f"posts {posts[2].pk:,}/{posts[7].pk:,}" in run()
    monkeypatch.setattr(recount, "PAUSE", 60)
    assert run() == "어긋난 숫자 0개\n"


class Killed(BaseException):
    """An exception that no command catches."""


def test_a_killed_run_continues_where_it_stopped(posts, monkeypatch):
    damage()
    with monkeypatch.context() as patched:
        shown = []

        def power_cut(self, step):
            shown.append(step)
            if len(shown) == 2:
                raise Killed

        patched.setattr(recount.Command, "show", power_cut)
        with pytest.raises(Killed):
            run()
    assert LongRun.objects.get(pk="recount").place == posts[2].pk  # the second step runs again
    Post.objects.filter(pk__in=[posts[0].pk, posts[7].pk]).update(comment_count=9)
    said = run()
    assert f"posts {posts[2].pk:,}: 멈춘 곳부터 잇습니다." in said
    assert not LongRun.objects.exists()
    posts[0].refresh_from_db()
    assert posts[0].comment_count == 9, "what was done is not looked at again"
    assert [drift.what for drift in repair.recount()] == [f"post {posts[0].pk} comment_count"]


def test_checking_does_not_move_the_position_of_a_run(posts):
    LongRun.note("recount", posts[2].pk, "posts")
    Post.objects.filter(pk=posts[0].pk).update(comment_count=9)
    with pytest.raises(SystemExit):
        run("--check")
    assert LongRun.objects.get(pk="recount").place == posts[2].pk
    assert "어긋난 숫자 1개" in run("--restart")


def test_changes_during_a_run_are_counted_correctly(posts, board, minji, junho):
    """Between the steps people change rows that were processed and rows that were not."""
    damage()
    done = []
    for step in recounting():
        if step.part not in done:
            done.append(step.part)
            write_comment(author=junho, post=posts[0], text="댓글")
            write_comment(author=junho, post=posts[7], text="댓글")
            vote_post(post=posts[len(done)], member=junho, value=1)
            write_post(author=minji, board=board, subject="새 글", source="")
    assert repair.recount() == []


def test_a_row_repaired_meanwhile_is_no_drift(posts, monkeypatch):
    """Each row that the statement reports is counted again under a row lock."""
    Post.objects.filter(pk=posts[1].pk).update(comment_count=7)
    lock = repair._lock

    def late(rows):
        locked = lock(rows)
        Post.objects.filter(pk=posts[1].pk).update(comment_count=0)
        return locked

    monkeypatch.setattr(repair, "_lock", late)
    assert repair.recount() == []


def test_a_step_is_one_statement_per_counter_without_a_transaction(posts):
    """Each differing row is repaired in a transaction of its own, so that no request waits for more
    than one.
    """
    with CaptureQueriesContext(connection) as captured:
        assert repair.recount() == []
    statements = [query["sql"] for query in captured]
    assert not [sql for sql in statements if sql.startswith(("UPDATE", "INSERT", "BEGIN"))]
    compared = [sql for sql in statements if "comment_count" in sql and 'FROM "boards_post"' in sql]
    assert len([sql for sql in compared if "BETWEEN" in sql or ">" in sql]) >= 3


def test_many_buckets_are_counted_in_spans(posts, board, monkeypatch):
    monkeypatch.setattr(repair, "SPAN", 2)
    Board.objects.filter(pk=board.pk).update(last_number=7 * 1024)
    Post.objects.filter(pk=posts[7].pk).update(number=7 * 1024, thread=7 * 1024)
    drifts = [(step.place, step.drifts) for step in recounting() if step.part == "buckets"]
    assert [place for place, _found in drifts] == [0, 0, 0, board.pk]
    assert [len(found) for _place, found in drifts] == [1, 0, 0, 1]
    assert repair.recount() == []
