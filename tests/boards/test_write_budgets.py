"""Statements that a member's post or comment takes, from the request to the response, on each database.

Other requests wait for the open transaction. A change that raises a number explains why.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions import guests
from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.actions.posts import write_post
from boards.models import Board
from tests.boards.browsing import comment_form, document, guest_fields, post_form

NEW_POST, REPLY = "/free/write/", "/free/1/reply/"
WRITE = "/free/1/comments/write/"
# The board, the post, the session, the member; the rate limit, which is counted before the form is
# validated; the submission with the id, the locked post, the limits, the comment, the index, three
# counters. (SAVEPOINTs belong to the test; a request has a BEGIN.)
A_COMMENT = 13
NOTIFY_AGAIN = 2  # the member's locked row with their preferences; the unread count
NOTIFY_FIRST = 4  # also the notification and its count
# The board, the session, the member, the rate limit; the submission with the id, the limits, the body,
# the index, the board's number and counter, the post, the author's counter, the list's counter, the
# draft of the form; and afterwards who watches the board or words.
A_POST = 14
A_REPLY_POST = A_POST + 3  # the parent, the locked parent, the member who is notified of it
# The version of the settings, whether a member has the name, the password, the session that remembers
# the name; but no member, no counter of theirs and no draft.
A_GUESTS_POST = A_POST + 1
# Before it is stored: whether the member may write now, how many uploads, how much today. The file; its
# post; the files of the post.
A_FILE = 6
LEFT_OUT = (
    *("SAVEPOINT", "RELEASE", "BEGIN"),
    'SELECT "accounts_addressblock"',  # read every ten seconds
)


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Return a function that returns the statements of a form, without SAVEPOINTs."""

    def send(browser, address: str, form: dict) -> list[str]:
        committing = django_capture_on_commit_callbacks(execute=True)
        with CaptureQueriesContext(connection) as captured, committing:
            assert browser.post(address, form).status_code == 302
        sql = [query["sql"].strip() for query in captured]
        return [each for each in sql if not each.startswith(LEFT_OUT)]

    return send


@pytest.fixture
def statements(as_junho, post, sent):
    """Return a function that returns the statements of junho's comment on minji's post."""

    def write(text: str, **more) -> list[str]:
        return sent(as_junho, WRITE, comment_form(text=text, **more))

    as_junho.get("/free/1/")  # fills the caches
    write("첫 댓글")
    return write


@pytest.fixture
def posted(as_junho, post, sent):
    """Return a function that returns the statements of a post by junho, or by another browser."""

    def write(browser=as_junho, address: str = NEW_POST, **fields) -> list[str]:
        return sent(browser, address, post_form(**fields))

    as_junho.get(NEW_POST)  # fills the caches
    write(subject="첫 글")
    return write


def written_tables(sql: list[str]) -> list[str]:
    """Return the table that each statement writes, for those that write one."""
    found = (re.search(r'\b(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', each) for each in sql)
    return [match[1] for match in found if match]


# -- posts -----------------------------------------------------------------------------------------
def test_a_post_keeps_to_its_budget_with_one_and_with_thirty(posted, board, minji):
    assert len(posted(subject="하나")) == A_POST
    for number in range(30):
        write_post(board=board, author=minji, subject=f"글 {number}", source="<p>글</p>")
    assert len(posted(subject="서른 하나")) == A_POST


def test_a_reply_post_keeps_to_its_budget(posted):
    sql = posted(address=REPLY, subject="답변")
    assert len(sql) == A_REPLY_POST + NOTIFY_FIRST


def test_a_guest_s_post_keeps_to_its_budget(posted, board, as_guest):
    Board.objects.filter(pk=board.pk).update(write_level=1)
    posted(as_guest, subject="손님의 첫 글", **guest_fields())
    assert len(posted(as_guest, subject="손님의 글", **guest_fields())) == A_GUESTS_POST


def test_a_post_with_a_file_keeps_to_its_budget(posted):
    posted(subject="첫 파일", files=[document()])
    assert len(posted(subject="파일", files=[document("둘.txt")])) == A_POST + A_FILE


def test_each_row_of_a_post_is_written_once(posted):
    tables = written_tables(posted(subject="봄"))
    tables.remove("boardsite_ratewindow")  # attempts are counted before the transaction
    assert len(tables) == len(set(tables))


def test_other_writers_of_the_board_wait_only_for_what_needs_the_number(posted, statements):
    for sql, after in (
        (posted(subject="봄"), ["boards_post", "accounts_member", "boards_postbucket"]),
        (statements("여름"), ["accounts_member", "accounts_notification"]),
    ):
        tables = written_tables(sql)
        assert tables[tables.index("boards_board") + 1 :] == after


# -- comments --------------------------------------------------------------------------------------
def test_a_comment_keeps_to_its_budget_with_one_and_with_thirty(statements, post, minji, junho):
    minji.notifications.all().delete()
    assert len(statements("하나")) == A_COMMENT + NOTIFY_FIRST
    assert len(statements("둘")) == A_COMMENT + NOTIFY_AGAIN
    for number in range(30):
        write_comment(post=post, author=junho, text=f"댓글 {number}")
    assert len(statements("서른 하나")) == A_COMMENT + NOTIFY_AGAIN


def test_a_reply_reads_its_parent_comment(statements, post, minji):
    parent = write_comment(post=post, author=minji, text="고맙습니다")
    assert len(statements("답글", parent=parent.pk)) == A_COMMENT + 1 + NOTIFY_FIRST


def test_moderation_rights_are_read_only_when_a_rule_is_broken(statements, board):
    """junho has just joined; their comment has fewer links than the five allowed."""
    Board.objects.filter(pk=board.pk).update(new_member_days=3, new_member_links=5)
    assert not any("moderators" in each for each in statements("봄 https://example.com"))


def test_each_row_of_a_comment_is_written_once(statements):
    tables = written_tables(statements("봄"))
    tables.remove("boardsite_ratewindow")  # attempts are counted before the transaction
    assert len(tables) == len(set(tables))


def test_no_transaction_is_open_while_a_guest_s_password_is_hashed(side_by_side, monkeypatch, post):
    """Hashing takes a tenth of a second, and SQLite has one writer at a time."""
    make, within = guests.make_password, []

    def noting(password):
        within.append(connection.in_atomic_block)
        return make(password)

    monkeypatch.setattr(guests, "make_password", noting)
    who = Guest("손님", "1234")
    write_comment(author=None, guest=who, post=post, text="댓글")
    write_post(author=None, guest=who, board=post.board, subject="글", source="글")
    assert within == [False, False]
