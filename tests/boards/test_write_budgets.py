"""What writing costs: statements of a comment by a member, from the request to the answer.

They are what others wait for while a transaction goes on. Whoever must raise a number says why in
the same change.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions import guests
from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.actions.posts import write_post
from boards.models import Board
from tests.boards.browsing import comment_form

WRITE = "/free/1/comments/write/"
# The board, the post, the session, the member; the id, the form, the post's row held, the pace, the
# comment, the three counts, the index. (SAVEPOINTs are the test's: a visitor's is a BEGIN.)
A_COMMENT = 13
TOLD_AGAIN = 2  # the member's row held, with what he wants; one more of what he has not read
TOLD_FIRST = 4  # … a line of his own, and its count


@pytest.fixture
def statements(as_junho, post, django_capture_on_commit_callbacks):
    """Statements of a comment of junho to minji's post, by what they begin with; SAVEPOINTs apart."""

    def write(text: str, **more) -> list[str]:
        committing = django_capture_on_commit_callbacks(execute=True)
        with CaptureQueriesContext(connection) as captured, committing:
            assert as_junho.post(WRITE, comment_form(text=text, **more)).status_code == 302
        sent = [query["sql"].strip() for query in captured]
        return [each for each in sent if not each.startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]

    as_junho.get("/free/1/")  # what a process learns once
    write("첫 댓글")
    return write


def test_a_comment_keeps_to_its_budget_with_one_and_with_thirty(statements, post, minji, junho):
    minji.notifications.all().delete()
    assert len(statements("하나")) == A_COMMENT + TOLD_FIRST
    assert len(statements("둘")) == A_COMMENT + TOLD_AGAIN
    for number in range(30):
        write_comment(post=post, author=junho, text=f"댓글 {number}")
    assert len(statements("서른 하나")) == A_COMMENT + TOLD_AGAIN


def test_an_answer_reads_the_comment_that_it_answers(statements, post, minji):
    parent = write_comment(post=post, author=minji, text="고맙습니다")
    assert len(statements("답글", parent=parent.pk)) == A_COMMENT + 1 + TOLD_FIRST


def test_who_moderates_is_not_asked_of_one_who_breaks_no_rule(statements, board):
    """junho has just joined: five links are too many, none is asked about."""
    Board.objects.filter(pk=board.pk).update(new_member_days=3, new_member_links=5)
    assert not any("moderators" in each for each in statements("봄 https://example.com"))


def test_each_row_is_written_once(statements):
    written = [each.split()[:3] for each in statements("봄") if not each.startswith("SELECT")]
    tables = [words[1 if words[0] == "UPDATE" else 2].split("(")[0] for words in written]
    assert len(tables) == len(set(tables))


def test_nobody_waits_while_a_guests_password_is_hashed(side_by_side, monkeypatch, post):
    """That takes a tenth of a second, and SQLite has one writer at a time."""
    make, within = guests.make_password, []

    def noting(password):
        within.append(connection.in_atomic_block)
        return make(password)

    monkeypatch.setattr(guests, "make_password", noting)
    who = Guest("손님", "1234")
    write_comment(author=None, guest=who, post=post, text="댓글")
    write_post(author=None, guest=who, board=post.board, subject="글", source="글")
    assert within == [False, False]
