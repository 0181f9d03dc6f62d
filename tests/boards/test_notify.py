"""Who is told of what happens on boards, and that nobody is told what he may not read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Notification
from boards.actions.comments import delete_comment, write_comment
from boards.actions.posts import delete_post, edit_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.actions.reports import report_post, uphold_report
from boards.models import Report, Vote
from tests.conftest import make_member
from tests.crowd import fill_board

pytestmark = pytest.mark.usefixtures("side_by_side")  # told once the deed is committed


def told(member) -> list[tuple[str, str]]:
    """(kind, address) of what `member` has not read, oldest first; his count agrees."""
    member.refresh_from_db()
    rows = Notification.objects.filter(member=member, is_read=False).order_by("pk")
    assert member.unread_notification_count == len(rows)
    return [(row.kind, row.address) for row in rows]


def test_a_comment_tells_the_posts_author_and_nobody_else(post, minji, junho, owner):
    comment = write_comment(author=junho, post=post, text="좋네요")
    assert told(minji) == [("comment", comment.get_absolute_url())]
    assert told(junho) == told(owner) == []


def test_ones_own_deeds_tell_nobody(post, minji):
    own = write_comment(author=minji, post=post, text="덧붙입니다 @민지")
    write_comment(author=minji, post=post, text="또", parent=own)
    assert told(minji) == []


def test_a_reply_tells_whose_comment_it_answers_once(post, comment, minji, junho):
    Notification.objects.all().delete()
    type(minji).objects.update(unread_notification_count=0)
    reply = write_comment(author=minji, post=post, text="@준호 네", parent=comment)
    assert told(junho) == [("reply", reply.get_absolute_url())]
    assert told(minji) == []


def test_a_mention_tells_whom_it_calls(post, minji, junho):
    seoyeon = make_member("seoyeon", "서연")
    comment = write_comment(author=junho, post=post, text="@서연님 보셨어요?")
    assert told(seoyeon) == [("mention", comment.get_absolute_url())]


def test_a_guest_is_told_nothing_and_tells_as_a_guest(board, minji, junho):
    from boards.actions.guests import Guest

    guest = Guest("나그네", "1234abcd")
    post = write_post(
        author=None, guest=guest, board=board, subject="손님 글", source="<p>본문</p>"
    )
    write_comment(author=junho, post=post, text="반갑습니다")
    assert not Notification.objects.exists()


def test_who_may_not_read_it_is_not_told(board, minji, junho):  # case 19
    secret = write_post(
        author=minji, board=board, subject="속사정", source="<p>몰래</p>", is_secret=True
    )
    write_comment(author=minji, post=secret, text="@준호 들었어요?")
    assert told(junho) == []
    public = write_post(author=minji, board=board, subject="공개", source="<p>글</p>")
    first = write_comment(author=minji, post=public, text="비밀 @준호", is_secret=True)
    assert told(junho) == []
    board.read_level = 5
    board.save()
    write_comment(author=minji, post=public, text="@준호 @민지", parent=first)
    assert told(junho) == []


def test_an_answer_tells_who_opened_the_thread(board, post, minji, junho):
    answer = write_post(
        author=junho, board=board, subject="Re: 봄", source="<p>저도요</p>", answer_to=post
    )
    assert told(minji) == [("answer", answer.get_absolute_url())]


def test_likes_are_one_line_while_unread_and_dislikes_none(post, minji, junho, owner):
    vote_post(post=post, member=junho, value=Vote.LIKE)
    vote_post(post=post, member=junho, value=Vote.LIKE)
    vote_post(post=post, member=owner, value=Vote.LIKE)
    assert told(minji) == [("like", post.get_absolute_url())]
    assert Notification.objects.get().count == 2
    Notification.objects.all().delete()
    vote_post(post=post, member=junho, value=Vote.DISLIKE)
    assert not Notification.objects.exists()


def test_a_moderators_deed_tells_the_author_and_his_own_does_not(post, minji, moderator):
    hide_post(post=post, by=moderator, reason="도배")
    (row,) = Notification.objects.filter(member=minji)
    assert (row.kind, row.address) == ("moderation", "/free/")
    assert row.title == "숨김: 봄나들이 다녀왔어요 (도배)"


def test_ones_own_deletion_tells_nobody(post, minji):
    delete_post(post=post, by=minji)
    assert told(minji) == []


def test_a_judged_report_tells_who_sent_it(post, minji, junho, moderator):
    report_post(post=post, member=junho, reason="spam")
    uphold_report(report=Report.objects.get(), by=moderator)
    assert told(junho) == [("report", "/free/")]


@pytest.mark.parametrize("way", ["hide", "delete", "secret"])
def test_what_goes_from_sight_takes_its_words_from_everybody(
    post, minji, junho, moderator, way
):  # case 21
    seoyeon = make_member("seoyeon", "서연")
    write_comment(author=junho, post=post, text="@서연 보세요")
    assert told(seoyeon)
    if way == "hide":
        hide_post(post=post, by=moderator)
    elif way == "delete":
        delete_post(post=post, by=minji)
    else:
        words = {"subject": post.subject, "source": "<p>몰래</p>", "is_secret": True}
        edit_post(post=post, by=minji, **words)
    assert told(seoyeon) == []
    assert not Notification.objects.filter(about=f"post:{post.pk}").exists()


def test_a_deleted_comment_is_not_told_of_any_more(post, minji, junho):
    comment = write_comment(author=junho, post=post, text="실수")
    delete_comment(comment=comment, by=junho)
    assert told(minji) == []


def test_reading_the_post_reads_what_was_told_of_it(post, minji, junho, log_in):
    write_comment(author=junho, post=post, text="좋네요")
    as_minji = log_in(minji)
    assert log_in(junho).get(post.get_absolute_url()).status_code == 200
    assert told(minji)
    as_minji.get(post.get_absolute_url())
    assert told(minji) == []


def test_who_has_others_unread_writes_nothing_to_read_a_post(as_minji, minji, junho, board):
    post, other = fill_board(board, minji, 2)
    write_comment(author=junho, post=post, text="반갑습니다")
    as_minji.get(other.get_absolute_url())
    with CaptureQueriesContext(connection) as captured:
        assert as_minji.get(other.get_absolute_url()).status_code == 200
    deeds = {query["sql"].split()[0] for query in captured}
    assert deeds <= {"SELECT", "WITH"}
    assert len(told(minji)) == 1
    as_minji.get(post.get_absolute_url())
    assert told(minji) == []


def test_a_deed_holds_though_telling_fails(post, minji, junho, monkeypatch):
    def broken(**_news):
        raise RuntimeError

    monkeypatch.setattr("boards.actions.telling.notify", broken)
    comment = write_comment(author=junho, post=post, text="좋네요")
    assert comment.pk
    assert told(minji) == []
