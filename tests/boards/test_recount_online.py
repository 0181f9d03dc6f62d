"""`manage.py recount` on a site that goes on: in small steps, resumed where it was cut off."""

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


def test_steps_say_how_far_they_are(posts):
    steps = [step for step in recounting() if step.part == "posts"]
    assert [step.place for step in steps] == [posts[2].pk, posts[5].pk, posts[7].pk]
    assert {step.last for step in steps} == {posts[7].pk}
    assert list(dict.fromkeys(step.part for step in recounting())) == [
        "posts", "boards", "members", "buckets",
    ]  # fmt: skip


def test_progress_is_told(posts, monkeypatch):
    monkeypatch.setattr(recount, "PAUSE", 0)
    assert f"posts {posts[2].pk:,}/{posts[7].pk:,}" in run()
    monkeypatch.setattr(recount, "PAUSE", 60)
    assert run() == "어긋난 숫자 0개\n"


class Killed(BaseException):
    """Nothing that a command catches."""


def test_a_killed_run_goes_on_where_it_was(posts, monkeypatch):
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
    assert LongRun.objects.get(pk="recount").place == posts[2].pk  # the second step goes again
    Post.objects.filter(pk__in=[posts[0].pk, posts[7].pk]).update(comment_count=9)
    said = run()
    assert f"posts {posts[2].pk:,}: 멈춘 곳부터 잇습니다." in said
    assert not LongRun.objects.exists()
    posts[0].refresh_from_db()
    assert posts[0].comment_count == 9, "what was done is not looked at again"
    assert [drift.what for drift in repair.recount()] == [f"post {posts[0].pk} comment_count"]


def test_asking_leaves_the_place_of_a_run_alone(posts):
    LongRun.note("recount", posts[2].pk, "posts")
    Post.objects.filter(pk=posts[0].pk).update(comment_count=9)
    with pytest.raises(SystemExit):
        run("--check")
    assert LongRun.objects.get(pk="recount").place == posts[2].pk
    assert "어긋난 숫자 1개" in run("--anew")


def test_what_is_written_meanwhile_ends_right(posts, board, minji, junho):
    """Between the steps people go on, in rows that are done and in rows that are yet to come."""
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


def test_a_row_that_was_mended_meanwhile_is_no_drift(posts, monkeypatch):
    """What a statement has found is counted once more under the row's lock."""
    Post.objects.filter(pk=posts[1].pk).update(comment_count=7)
    lock = repair._locked

    def late(rows):
        locked = lock(rows)
        Post.objects.filter(pk=posts[1].pk).update(comment_count=0)
        return locked

    monkeypatch.setattr(repair, "_locked", late)
    assert repair.recount() == []


def test_a_step_is_one_statement_a_count_and_no_transaction(posts):
    """However many rows differ, each is mended on its own: nobody waits for more than one of them."""
    with CaptureQueriesContext(connection) as captured:
        assert repair.recount() == []
    statements = [query["sql"] for query in captured]
    assert not [sql for sql in statements if sql.startswith(("UPDATE", "INSERT", "BEGIN"))]
    compared = [sql for sql in statements if "comment_count" in sql and 'FROM "boards_post"' in sql]
    assert len([sql for sql in compared if "BETWEEN" in sql or ">" in sql]) >= 3


def test_many_buckets_are_counted_a_span_at_a_time(posts, board, monkeypatch):
    monkeypatch.setattr(repair, "SPAN", 2)
    Board.objects.filter(pk=board.pk).update(last_number=7 * 1024)
    Post.objects.filter(pk=posts[7].pk).update(number=7 * 1024, thread=7 * 1024)
    drifts = [(step.place, step.drifts) for step in recounting() if step.part == "buckets"]
    assert [place for place, _found in drifts] == [0, 0, 0, board.pk]
    assert [len(found) for _place, found in drifts] == [1, 0, 0, 1]
    assert repair.recount() == []
