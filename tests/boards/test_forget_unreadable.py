"""A member who loses the right to read a board no longer sees it in 알림 (notifications) or mails."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.actions.members import change_level
from accounts.models import Member, Notification
from boards.actions.comments import write_comment
from boards.actions.merging import merge_members
from boards.actions.posts import write_post
from boards.actions.watching import watch_board, watch_word
from boards.models import Board
from tests.conftest import make_member

# Notifications are sent on commit.
pytestmark = pytest.mark.usefixtures("side_by_side")
MORNING = datetime.datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture
def closed(group):
    return Board.objects.create(
        group=group, slug="closed", name="우수회원", list_level=5, read_level=5, comment_level=5
    )


@pytest.fixture
def notified(minji, junho, board, closed):
    """junho (level 5) has one notification of each kind about the closed board, and one about the
    open one.
    """
    for member in (minji, junho):
        Member.objects.filter(pk=member.pk).update(level=5)
        member.refresh_from_db()
    watch_board(member=junho, board=closed)
    watch_word(member=junho, word="비밀계획")
    own = write_post(author=junho, board=closed, subject="우수 준호", source="")
    write_comment(author=minji, post=own, text="우수하네요")
    write_post(author=minji, board=closed, subject="우수 새 글", source="")
    write_post(author=minji, board=closed, subject="우수 비밀계획", source="")
    there = write_post(author=junho, board=board, subject="모두의 글", source="")
    write_comment(author=minji, post=there, text="저도요")
    assert titles(junho) == {"우수 준호", "[우수회원] 우수 새 글", "우수 비밀계획", "모두의 글"}
    return junho


def titles(member) -> set[str]:
    member = Member.objects.get(pk=member.pk)
    rows = Notification.objects.filter(member=member)
    assert member.unread_notification_count == rows.filter(read_at=None).count()
    return set(rows.values_list("title", flat=True))


def test_a_lower_level_deletes_the_notifications(notified, owner, log_in):
    """Attack case 112."""
    change_level(member=notified, level=2, by=owner)
    assert titles(notified) == {"모두의 글"}
    assert "우수" not in log_in(notified).get("/notifications/").text


def test_the_admin_form_deletes_the_notifications_too(notified, as_owner):
    address = f"/admin/accounts/member/{notified.pk}/change/"
    form = as_owner.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    answer = as_owner.post(address, sent | {"level": "2"})
    assert answer.status_code == 302
    assert titles(notified) == {"모두의 글"}


def test_a_higher_level_deletes_nothing(notified, owner):
    before = titles(notified)
    change_level(member=notified, level=6, by=owner)
    assert titles(notified) == before


def test_read_notifications_are_deleted_too(notified, owner):
    Notification.objects.filter(member=notified).update(read_at=timezone.now())
    Member.objects.filter(pk=notified.pk).update(unread_notification_count=0)
    change_level(member=notified, level=2, by=owner)
    assert titles(notified) == {"모두의 글"}


@pytest.mark.parametrize("way", ["now", "daily"])
def test_a_mail_checks_permissions_again(notified, minji, way, monkeypatch):
    """Attack case 112: a mail contains nothing unreadable, however the right was lost."""
    Notification.objects.update(mail=way)
    # without an action that deletes notifications
    Member.objects.filter(pk=notified.pk).update(level=2)
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    Notification.objects.update(at=MORNING)
    call_command("mail_notifications")
    (sent,) = mail.outbox
    words = sent.subject + sent.body + sent.alternatives[0][0]
    assert "모두의 글" in words
    assert "우수" not in words
    assert titles(notified) == {"모두의 글"}


def test_no_mail_is_sent_when_nothing_readable_is_left(notified, group, monkeypatch):
    Notification.objects.filter(title="모두의 글").delete()
    Member.objects.filter(pk=notified.pk).update(level=2, unread_notification_count=3)
    Notification.objects.update(mail="now")
    call_command("mail_notifications")
    assert mail.outbox == []
    assert titles(notified) == set()


def test_leaving_a_private_group_deletes_the_notifications(notified, owner, group, as_owner):
    group.is_private = True
    group.save()
    group.members.add(notified)
    answer = as_owner.post(
        f"/admin/boards/boardgroup/{group.pk}/change/",
        {"name": "커뮤니티", "slug": "community", "position": 0, "is_private": "on", "members": []},
    )
    assert answer.status_code == 302
    assert titles(notified) == set()


def test_a_merge_gives_the_remaining_account_no_unreadable_notification(notified, owner):
    kept = make_member("kept", "남는이")
    merge_members(kept=kept, gone=notified, by=owner)
    assert titles(kept) == {"모두의 글"}
