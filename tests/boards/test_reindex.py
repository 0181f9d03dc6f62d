"""`manage.py reindex` rebuilds the search indexes from the posts and comments that may be found."""

import contextlib
import io
import os
import random
import signal
import time
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection

from boards import search
from boards.actions.comments import write_comment
from boards.actions.indexing import post_document
from boards.actions.posts import edit_post, hide_post, write_post
from boards.actions.withholding_comments import delete_comment
from boards.management.commands import reindex
from boards.models import LongRun, Post
from boards.search import Document, ask
from tests.crowd import fill_board


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(reindex, "CHUNK", 2)
    monkeypatch.setattr(reindex, "BREATH", 0)


def run(*arguments) -> str:
    out = io.StringIO()
    call_command("reindex", *arguments, stdout=out)
    return out.getvalue()


def found(index, query: str) -> list[int]:
    return index.find(ask(query), limit=100)


def document(post: Post) -> Document:
    return post_document(post, post.body.html)


def five_posts(minji, board):
    return [
        write_post(author=minji, board=board, subject=f"고슴도치 {number}", source="<p>먹이</p>")
        for number in range(5)
    ]


def test_everything_is_found_again(minji, junho, board):
    posts = five_posts(minji, board)
    comments = [write_comment(author=junho, post=post, text="도롱뇽은요?") for post in posts]
    search.posts.clear()
    search.comments.clear()
    assert found(search.posts, "먹이") == found(search.comments, "도롱뇽") == []
    run()
    assert found(search.posts, "먹이") == [post.pk for post in reversed(posts)]
    assert found(search.comments, "도롱뇽") == [comment.pk for comment in reversed(comments)]
    assert search.posts.find(ask("고슴", boards=[board.pk], author_id=minji.pk), limit=1)


def test_unsearchable_texts_stay_unsearchable(minji, junho, moderator, board):
    hidden, secret, shown = (
        write_post(author=minji, board=board, subject="고슴도치", source="", is_secret=is_secret)
        for is_secret in (False, True, False)
    )
    comments = [
        write_comment(author=minji, post=post, text="도롱뇽")
        for post in (hidden, secret, shown, shown)
    ]
    hide_post(post=hidden, by=moderator)
    delete_comment(comment=comments[3], by=minji)
    run()
    assert found(search.posts, "고슴도치") == [shown.pk]
    assert found(search.comments, "도롱뇽") == [comments[2].pk]


def test_wrong_entries_are_removed(post):
    search.posts.add(Document(post.pk + 7, post.board_id, None, "", "고슴도치", ""))
    run()
    assert found(search.posts, "고슴도치") == []
    assert found(search.posts, "벚꽃") == [post.pk]


def test_the_newest_posts_are_indexed_first_and_progress_is_printed(minji, board):
    posts = five_posts(minji, board)
    search.posts.clear()
    said = run("posts").splitlines()
    assert said[0].startswith("posts ")
    assert said[-1] == "posts 100% · 5"
    percents = [int(line.split()[1].rstrip("%")) for line in said]
    assert percents == sorted(percents)
    assert len(percents) == 3
    assert found(search.posts, "고슴도치") == [post.pk for post in reversed(posts)]
    assert not LongRun.objects.exists()


class Killed(BaseException):
    """An exception that no command catches."""


def test_a_killed_run_continues_where_it_stopped(minji, board, monkeypatch):
    posts = five_posts(minji, board)
    search.posts.clear()

    def power_cut(seconds):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(reindex, "time", SimpleNamespace(sleep=power_cut))
        with pytest.raises(Killed):
            run("posts")
    assert found(search.posts, "고슴도치") == [posts[4].pk, posts[3].pk]
    search.posts.remove(document(posts[4]))  # finished posts are not read again
    said = run("posts")
    assert "멈춘 곳부터 잇습니다." in said
    assert found(search.posts, "고슴도치") == [post.pk for post in posts[3::-1]]
    run("posts")
    assert len(found(search.posts, "고슴도치")) == 5


@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_repeatedly_finishes(minji, board, monkeypatch):
    monkeypatch.setattr(reindex, "BREATH", 0.01)
    posts = fill_board(board, minji, 60, subject="고슴도치")
    search.posts.clear()
    killed, rng = 0, random.Random(8)
    for _ in range(8):
        connection.close()  # a child process must not share open connections
        child = os.fork()
        if not child:
            with contextlib.redirect_stdout(io.StringIO()):
                run("posts")
            os._exit(0)
        time.sleep(rng.uniform(0.01, 0.15))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert killed >= 2
    run("posts")
    assert found(search.posts, "고슴도치") == [post.pk for post in reversed(posts)]
    assert not LongRun.objects.exists()


def test_the_anew_option_begins_with_the_newest_post_although_a_run_was_interrupted(minji, board):
    posts = five_posts(minji, board)
    LongRun.note("reindex posts", posts[1].pk)
    search.posts.clear()
    run("posts", "--restart")
    assert len(found(search.posts, "고슴도치")) == 5


def test_changes_during_a_run_are_indexed_correctly(minji, junho, moderator, board, monkeypatch):
    """Between two batches people write, edit, hide and comment on posts above and below the current
    position.
    """
    posts = five_posts(minji, board)
    comment = write_comment(author=junho, post=posts[0], text="도롱뇽은요?")

    def live(_seconds):
        monkeypatch.setattr(reindex, "time", SimpleNamespace(sleep=lambda _seconds: None))
        words = {"subject": "두더지", "source": "<p>먹이</p>"}
        edit_post(post=posts[0], by=minji, **words)  # not processed yet
        edit_post(post=posts[4], by=minji, **words)  # already processed
        hide_post(post=posts[1], by=moderator)
        hide_post(post=posts[3], by=moderator)
        delete_comment(comment=comment, by=junho)
        write_post(author=minji, board=board, subject="고슴도치 6", source="")

    monkeypatch.setattr(reindex, "time", SimpleNamespace(sleep=live))
    run()
    assert found(search.posts, "두더지") == [posts[4].pk, posts[0].pk]
    newest = Post.objects.latest("pk")
    assert found(search.posts, "고슴도치") == [newest.pk, posts[2].pk]
    assert found(search.comments, "도롱뇽") == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's index is emptied first")
def test_postgresql_keeps_finding_posts_and_writes_only_differences(minji, board, monkeypatch):
    posts = five_posts(minji, board)
    search.posts.replace(document(posts[0]), Document(posts[0].pk, board.pk, None, "", "옛말", ""))
    counts = []

    def look(_seconds):
        counts.append(len(found(search.posts, "고슴도치")))

    monkeypatch.setattr(reindex, "time", SimpleNamespace(sleep=look))
    assert run("posts").splitlines()[-1] == "posts 100% · 1"
    assert counts == [4, 4, 5]
    assert found(search.posts, "옛말") == []
    assert len(found(search.posts, "고슴도치")) == 5
