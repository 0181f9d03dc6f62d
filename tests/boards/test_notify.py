"""Which members are notified of events on boards; no notification is about a post that they may not
read.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, edit_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.actions.reports import report_post, uphold_report
from boards.actions.withholding_comments import delete_comment
from boards.models import Report, Vote
from tests.conftest import make_member
from tests.crowd import fill_board

pytestmark = pytest.mark.usefixtures("side_by_side")  # notifications are sent on commit


def unread(member) -> list[tuple[str, str]]:
    """Return (kind, address) of the unread notifications of `member`, oldest first; asserts their
    count.
    """
    member.refresh_from_db()
    rows = Notification.objects.filter(member=member, read_at=None).order_by("pk")
    assert member.unread_notification_count == len(rows)
    return [(row.kind, row.address) for row in rows]


def test_a_comment_notifies_only_the_author_of_the_post(post, minji, junho, owner):
    comment = write_comment(author=junho, post=post, text="좋네요")
    assert unread(minji) == [("comment", comment.get_absolute_url())]
    assert unread(junho) == unread(owner) == []


def test_own_actions_notify_nobody(post, minji):
    own = write_comment(author=minji, post=post, text="덧붙입니다 @민지")
    write_comment(author=minji, post=post, text="또", parent=own)
    assert unread(minji) == []


def test_a_reply_notifies_the_author_of_its_parent_once(post, comment, minji, junho):
    Notification.objects.all().delete()
    type(minji).objects.update(unread_notification_count=0)
    reply = write_comment(author=minji, post=post, text="@준호 네", parent=comment)
    assert unread(junho) == [("reply", reply.get_absolute_url())]
    assert unread(minji) == []


def test_a_mention_notifies_the_mentioned_member(post, minji, junho):
    seoyeon = make_member("seoyeon", "서연")
    comment = write_comment(author=junho, post=post, text="@서연님 보셨어요?")
    assert unread(seoyeon) == [("mention", comment.get_absolute_url())]


def test_guests_get_no_notification_but_cause_them(board, minji, junho):
    from boards.actions.guests import Guest

    guest = Guest("나그네", "1234abcd")
    post = write_post(
        author=None, guest=guest, board=board, subject="손님 글", source="<p>본문</p>"
    )
    write_comment(author=junho, post=post, text="반갑습니다")
    assert not Notification.objects.exists()


def test_a_member_who_may_not_read_the_post_is_not_notified(board, minji, junho):  # case 19
    secret = write_post(
        author=minji, board=board, subject="속사정", source="<p>몰래</p>", is_secret=True
    )
    write_comment(author=minji, post=secret, text="@준호 들었어요?")
    assert unread(junho) == []
    public = write_post(author=minji, board=board, subject="공개", source="<p>글</p>")
    first = write_comment(author=minji, post=public, text="비밀 @준호", is_secret=True)
    assert unread(junho) == []
    board.read_level = 5
    board.save()
    write_comment(author=minji, post=public, text="@준호 @민지", parent=first)
    assert unread(junho) == []


def test_a_reply_post_notifies_the_author_of_the_thread(board, post, minji, junho):
    answer = write_post(
        author=junho, board=board, subject="Re: 봄", source="<p>저도요</p>", reply_to=post
    )
    assert unread(minji) == [("answer", answer.get_absolute_url())]


def test_likes_share_one_unread_notification_and_dislikes_cause_none(post, minji, junho, owner):
    vote_post(post=post, member=junho, value=Vote.LIKE)
    vote_post(post=post, member=junho, value=Vote.LIKE)
    vote_post(post=post, member=owner, value=Vote.LIKE)
    assert unread(minji) == [("like", post.get_absolute_url())]
    assert Notification.objects.get().count == 2
    Notification.objects.all().delete()
    vote_post(post=post, member=junho, value=Vote.DISLIKE)
    assert not Notification.objects.exists()


def test_moderation_notifies_the_author_unless_they_did_it_themselves(post, minji, moderator):
    hide_post(post=post, by=moderator, reason="도배")
    (row,) = Notification.objects.filter(member=minji)
    assert (row.kind, row.address) == ("moderation", post.get_absolute_url())
    assert row.title == "숨김: 봄나들이 다녀왔어요 (도배)"


def test_deleting_an_own_post_notifies_nobody(post, minji):
    delete_post(post=post, by=minji)
    assert unread(minji) == []


def test_a_decided_report_notifies_its_reporter(post, minji, junho, moderator):
    report_post(post=post, member=junho, reason="spam")
    uphold_report(report=Report.objects.get(), by=moderator)
    assert unread(junho) == [("report", "/free/")]


@pytest.mark.parametrize("way", ["hide", "delete", "secret"])
def test_an_unreadable_post_loses_its_notifications(post, minji, junho, moderator, way):  # case 21
    seoyeon = make_member("seoyeon", "서연")
    write_comment(author=junho, post=post, text="@서연 보세요")
    assert unread(seoyeon)
    if way == "hide":
        hide_post(post=post, by=moderator)
    elif way == "delete":
        delete_post(post=post, by=minji)
    else:
        words = {"subject": post.subject, "source": "<p>몰래</p>", "is_secret": True}
        edit_post(post=post, by=minji, **words)
    assert unread(seoyeon) == []
    assert not Notification.objects.filter(about=f"post:{post.pk}").exists()


def test_a_deleted_comment_loses_its_notifications(post, minji, junho):
    comment = write_comment(author=junho, post=post, text="실수")
    delete_comment(comment=comment, by=junho)
    assert unread(minji) == []


def test_reading_a_post_reads_its_notifications(post, minji, junho, log_in):
    write_comment(author=junho, post=post, text="좋네요")
    as_minji = log_in(minji)
    assert log_in(junho).get(post.get_absolute_url()).status_code == 200
    assert unread(minji)
    as_minji.get(post.get_absolute_url())
    assert unread(minji) == []


def test_opening_a_post_without_notifications_writes_nothing(as_minji, minji, junho, board):
    post, other = fill_board(board, minji, 2)
    write_comment(author=junho, post=post, text="반갑습니다")
    as_minji.get(other.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        assert as_minji.get(other.get_absolute_url()).status_code == 200
    statements = {query["sql"].split()[0] for query in captured}
    assert statements <= {"SELECT", "WITH"}
    assert len(unread(minji)) == 1
    as_minji.get(post.get_absolute_url())
    assert unread(minji) == []


def test_an_action_succeeds_when_its_notification_fails(post, minji, junho, monkeypatch):
    def broken(**_news):
        raise RuntimeError

    monkeypatch.setattr("boards.actions.notifying_comments.notify", broken)
    comment = write_comment(author=junho, post=post, text="좋네요")
    assert comment.pk
    assert unread(minji) == []
