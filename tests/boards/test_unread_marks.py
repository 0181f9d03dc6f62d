"""Lists tell a member what they have read, and where others have commented since."""

import pytest
from django.db import connection

from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.actions.posts import write_post
from boards.actions.reading import Mark, mark_read
from boards.actions.withholding_comments import delete_comment, hide_comment
from boards.models import Post
from boards.queries.marks import with_marks
from boards.rows import mixed_rows
from tests.boards.browsing import read
from tests.page import Page
from tests.plans import indexes_of

PATHS = ["/free/", "/free/?sort=views", "/new/"]


def marks(client, path: str = "/free/") -> tuple[bool, bool]:
    """Whether the only row says that its post is read, and that it has new comments."""
    row = Page(read(client, path)).one("table", class_="posts").one("tbody")
    return bool(row.all("a", class_="read")), bool(row.all("a", class_="unread"))


@pytest.mark.parametrize("path", PATHS)
def test_a_post_is_read_until_others_comment(path, as_junho, post, minji):
    write_comment(author=minji, post=post, text="하나")
    assert marks(as_junho, path) == (False, False)
    read(as_junho, "/free/1/")
    assert marks(as_junho, path) == (True, False)
    write_comment(author=minji, post=post, text="둘")
    assert marks(as_junho, path) == (True, True)
    read(as_junho, "/free/1/")
    assert marks(as_junho, path) == (True, False)


@pytest.mark.parametrize("path", PATHS)
def test_nobody_else_sees_it(path, as_junho, as_minji, as_reader, moderator, client, post, minji):
    read(as_junho, "/free/1/")
    write_comment(author=minji, post=post, text="하나")
    client.force_login(moderator)
    for _ in range(2):  # rows are cached for all members
        assert marks(as_junho, path) == (True, True)
        for other in (as_minji, as_reader, client):
            assert marks(other, path) == (False, False)


def test_own_comments_and_removed_ones_are_not_new(as_junho, post, minji, junho, owner):
    write_comment(author=minji, post=post, text="하나")
    read(as_junho, "/free/1/")
    write_comment(author=junho, post=post, text="내 댓글")
    assert marks(as_junho) == (True, False)
    hidden, deleted = (write_comment(author=minji, post=post, text=text) for text in ("둘", "셋"))
    assert marks(as_junho) == (True, True)
    hide_comment(comment=hidden, by=owner)
    delete_comment(comment=deleted, by=owner)
    assert marks(as_junho) == (True, False)


def test_a_comment_of_a_guest_is_new(as_junho, post):
    read(as_junho, "/free/1/")
    write_comment(author=None, guest=Guest("나그네", "풀잎 1234"), post=post, text="손님 말")
    assert marks(as_junho) == (True, True)


def test_a_post_that_has_become_secret_tells_nothing_of_its_comments(as_junho, board, minji, junho):
    post = write_post(board=board, author=minji, subject="쉿", source="쉿", is_secret=True)
    mark_read([Mark(junho.pk, post.pk, 0)])
    write_comment(author=minji, post=post, text="하나")
    assert marks(as_junho)[1] is False


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what it has counted")
def test_long_threads_are_not_walked_through(junho, post):
    rows = mixed_rows(junho, Post.objects.all())
    assert "comment_of_post" in indexes_of(lambda: with_marks(junho, rows))
