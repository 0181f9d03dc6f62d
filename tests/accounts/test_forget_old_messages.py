"""Old 쪽지 are deleted when the owner wants it; unread and reported ones stay."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.actions import messages as actions
from accounts.models import Member, MemberSettings, Message, Notification
from boardsite.models import OneRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(minji, junho):
    """Three messages of half a year ago: read then, unread, and read and reported."""
    sent = []
    for text in ("읽은 쪽지", "안 읽은 쪽지", "신고한 쪽지"):
        sent += actions.send_message(sender=junho, receivers=[minji], text=text)
    ago = timezone.now() - timedelta(days=181)
    for message in (sent[0], sent[2]):
        actions.read_message(message=message, member=minji)
    Message.objects.update(sent_at=ago)
    Message.objects.exclude(read_at=None).update(read_at=ago)
    actions.report_message(message=sent[2], member=minji, reason="욕설")
    actions.send_message(sender=minji, receivers=[junho], text="새 쪽지")
    actions.read_message(message=Message.objects.get(text="새 쪽지"), member=junho)
    return sent


def keep(days: int) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults={"message_days": days})
    OneRow.forget()


def texts() -> list[str]:
    return [*Message.objects.order_by("pk").values_list("text", flat=True)]


def test_all_stay_without_a_setting(old):
    call_command("tidy")
    assert len(texts()) == 4


def test_messages_read_long_ago_disappear_from_both_boxes(old, as_minji, as_junho, minji, capsys):
    keep(180)
    call_command("tidy")
    assert texts() == ["안 읽은 쪽지", "신고한 쪽지", "새 쪽지"]
    assert "읽은 지 오래된 쪽지 1개를 지웠습니다." in capsys.readouterr().out
    assert as_minji.get(f"/messages/{old[0].pk}/").status_code == 404
    assert as_junho.get(f"/messages/{old[0].pk}/").status_code == 404
    assert not Notification.objects.filter(about=f"message:{old[0].pk}").exists()
    for member in Member.objects.all():
        unread = Message.objects.unread().filter(receiver=member).count()
        lines = Notification.objects.filter(member=member, read_at=None).count()
        assert (member.unread_message_count, member.unread_notification_count) == (unread, lines)
    minji.refresh_from_db()
    assert minji.unread_message_count == 1


def test_many_are_deleted_in_batches(old, monkeypatch):
    keep(1)
    monkeypatch.setattr(actions, "CHUNK", 1)
    Message.objects.filter(text="새 쪽지").update(read_at=timezone.now() - timedelta(days=2))
    assert actions.forget_old_messages() == 2
    assert actions.forget_old_messages() == 0
