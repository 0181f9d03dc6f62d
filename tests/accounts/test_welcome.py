"""New members get points and a 쪽지, once."""

import pytest

from accounts.actions.joining import go_on_joining
from accounts.models import Member, MemberEvent, MemberSettings, Message
from boardsite.models import OneRow
from tests.accounts.test_sign_up import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def welcoming(db):
    words = "{별명}님, 어서 오세요!\n처음이면 공지부터 읽어 주세요."
    MemberSettings.objects.create(pk=1, welcome_message=words)
    OneRow.forget()


def test_a_message_from_the_site_is_waiting(as_guest, welcoming):
    sign_up(as_guest)
    sora = Member.objects.get(username="sora")
    message = Message.objects.get()
    assert (message.sender, message.sender_name, message.receiver) == (None, "우리 게시판", sora)
    assert sora.unread_message_count == 1
    page = as_guest.get(message.get_absolute_url()).text
    assert "소라님, 어서 오세요!" in page
    assert "공지부터" in page
    assert ">답장<" not in page
    sora.refresh_from_db()
    assert sora.unread_message_count == 0


def test_the_member_can_delete_it(as_guest, welcoming):
    sign_up(as_guest)
    message = Message.objects.get()
    as_guest.post(f"{message.get_absolute_url()}delete/")
    assert not Message.objects.exists()
    sora = Member.objects.get(username="sora")
    assert (sora.unread_message_count, sora.unread_notification_count) == (0, 0)


def test_only_once(as_guest, welcoming, points_on):
    sign_up(as_guest)
    sora = Member.objects.get(username="sora")
    go_on_joining(member=sora)
    sora.refresh_from_db()
    assert Message.objects.count() == 1
    assert sora.points == 1000 + 100  # for joining, and for the day's first visit
    assert MemberEvent.objects.filter(member=sora, kind=MemberEvent.Kind.JOINED).count() == 1


def test_no_message_where_the_owner_wrote_none(as_guest):
    sign_up(as_guest)
    assert not Message.objects.exists()
