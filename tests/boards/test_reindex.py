"""`manage.py reindex` makes the search indexes again from what may be found."""

import io

import pytest
from django.core.management import CommandError, call_command

from boards import search
from boards.actions.comments import delete_comment, write_comment
from boards.actions.posts import hide_post, write_post
from boards.management.commands import reindex
from boards.search import Document, ask


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


def test_what_may_not_be_found_stays_so(minji, junho, moderator, board):
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


def test_what_should_not_be_there_goes(post):
    search.posts.add(Document(post.pk + 7, post.board_id, None, "", "고슴도치", ""))
    run()
    assert found(search.posts, "고슴도치") == []
    assert found(search.posts, "벚꽃") == [post.pk]


def test_a_stopped_run_goes_on_where_it_was(minji, board):
    posts = five_posts(minji, board)
    search.posts.clear()
    said = run("posts", "--from-id", str(posts[2].pk))
    assert f"--from-id {posts[3].pk + 1}" in said
    assert found(search.posts, "고슴도치") == [posts[4].pk, posts[3].pk, posts[2].pk]
    run("posts", "--from-id", "1")  # what is there already is left alone
    assert len(found(search.posts, "고슴도치")) == 5
    with pytest.raises(CommandError):
        run("--from-id", "3")
