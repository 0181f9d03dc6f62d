"""Notifications by mail: content, time, receivers, and that each is sent once."""

import datetime
import re
from email import message_from_bytes, policy
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.messages import send_message
from accounts.actions.notification_mails import mail_notifications
from accounts.actions.notifications import choose_notifications, forget, notify, read_notifications
from accounts.models import MemberSettings, Notification
from boards import repair
from boardsite.models import OneRow, SiteSettings
from tests.conftest import make_member
from tests.page import Page

KINDS = Notification.Kind.values
SEOUL = ZoneInfo("Asia/Seoul")
MORNING = datetime.datetime(2026, 3, 2, 8, 0, tzinfo=SEOUL)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """`clock(datetime)` sets the time, which stands still; a timedelta moves it forward."""
    times = {"now": MORNING.replace(hour=7)}
    monkeypatch.setattr(timezone, "now", lambda: times["now"])

    def move(to):
        times["now"] = to if isinstance(to, datetime.datetime) else times["now"] + to

    return move


def wants(member, way="mail", kinds=KINDS):
    choose_notifications(member=member, ways=dict.fromkeys(kinds, way))


def make_notification(member, kind="comment", about="post:1", **more):
    words = {"title": "봄나들이", "address": "/free/1/#comment-7", "actor": "준호"} | more
    notify(member=member, kind=kind, about=about, **words)


def waiting(member) -> int:
    return Notification.objects.filter(member=member).exclude(mail="").count()


def minutes(count: int) -> datetime.timedelta:
    return datetime.timedelta(minutes=count)


def test_a_mail_says_who_did_what_and_links_there(minji, settings):
    settings.SITE_URL = "https://pado.kr"
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "파도"})
    wants(minji)
    make_notification(minji)
    call_command("mail_notifications")
    (sent,) = mail.outbox
    assert sent.to == ["minji@example.com"]
    assert sent.subject == "[파도] 준호님이 회원님의 글에 댓글을 썼습니다. 봄나들이"
    (html, kind) = sent.alternatives[0]
    assert kind == "text/html"
    links = [link["href"] for link in Page(html).all("a")]
    assert links[:2] == ["https://pado.kr/", "https://pado.kr/free/1/#comment-7"]
    for words in (sent.body, html):
        assert "민지님, 파도에 새 알림이 있습니다." in words
        assert "준호님이 회원님의 글에 댓글을 썼습니다." in words
        assert "봄나들이" in words
        assert "https://pado.kr/free/1/#comment-7" in words
        assert "다음 알림을 메일로도 받게 되어 있어 보내 드립니다: 내 글에 댓글" in words
        assert "https://pado.kr/notifications/choose/" in words


def test_its_headers(minji, settings):
    settings.SITE_URL = "https://pado.kr"
    wants(minji)
    make_notification(minji)
    mail_notifications()
    read = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    stop = read["List-Unsubscribe"].strip()
    assert re.fullmatch(r"<https://pado\.kr/notifications/unsubscribe/[\w:-]+/>", stop)
    assert stop[1:-1] in mail.outbox[0].body
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Message-ID"]
    assert read["Date"]
    assert "Precedence" not in read
    assert read.get_body(("plain",)).get_content_charset() == "utf-8"


def test_all_waiting_notifications_are_one_mail(minji, junho):
    wants(minji)
    wants(junho, kinds=["mention"])
    for number in range(3):
        make_notification(minji, about=f"post:{number}", title=f"글 {number}")
        make_notification(junho, about=f"post:{number}")
    make_notification(junho, "mention")
    assert mail_notifications() == 2
    first, second = mail.outbox
    assert first.to == ["minji@example.com"]
    assert "새 알림 3건: " in first.subject
    assert all(f"글 {number}" in first.body for number in range(3))
    assert "회원님을 언급했습니다." in second.body
    assert "댓글을" not in second.body  # which junho wants on the site only
    assert mail_notifications() == 0
    assert (waiting(minji), waiting(junho)) == (0, 0)


def test_a_long_list_ends_in_a_number(minji):
    wants(minji)
    for number in range(33):
        make_notification(minji, about=f"post:{number}", title=f"글 {number}.")
    mail_notifications()
    (sent,) = mail.outbox
    assert "글 32." in sent.body
    assert "글 2." not in sent.body
    assert "그 밖에 3건이 더 있습니다." in sent.body
    assert "새 알림 33건: " in sent.subject


def test_one_mail_in_ten_minutes(minji, clock):
    wants(minji)
    make_notification(minji)
    mail_notifications()
    clock(minutes(1))
    make_notification(minji, about="post:2")
    make_notification(minji)  # and one more of a kind that was mailed already
    assert mail_notifications() == 0
    assert waiting(minji) == 2
    clock(minutes(9))
    assert mail_notifications() == 1
    assert "준호님이 회원님의 글에 댓글을 썼습니다. (외 1건)" in mail.outbox[1].body


def test_the_digest_is_sent_at_eight_in_the_morning(minji, junho, clock):
    wants(minji, "digest")
    wants(junho)
    clock(MORNING - minutes(1))
    make_notification(minji)
    make_notification(minji, "like")
    make_notification(junho)
    assert mail_notifications() == 1  # junho's; minji's waits for eight in Seoul
    clock(MORNING)
    make_notification(minji, about="post:2")
    assert mail_notifications() == 1
    assert mail.outbox[1].to == ["minji@example.com"]
    assert "새 알림 3건: " in mail.outbox[1].subject
    make_notification(minji, about="post:3")
    for hour in (9, 15, 23):
        clock(MORNING.replace(hour=hour))
        assert mail_notifications() == 0
    clock(MORNING + datetime.timedelta(days=1) - minutes(1))
    assert mail_notifications() == 0
    clock(minutes(30))  # a run may be late
    assert mail_notifications() == 1


def test_read_notifications_are_not_mailed(minji):
    wants(minji)
    make_notification(minji)
    make_notification(minji, about="post:2", title="꽃구경")
    read_notifications(member=minji, about="post:1")
    mail_notifications()
    assert "꽃구경" in mail.outbox[0].body
    assert "봄나들이" not in mail.outbox[0].body


def test_notifications_about_invisible_things_are_not_mailed(minji):
    wants(minji)
    make_notification(minji, part="comment:7")
    forget(part="comment:7")
    assert mail_notifications() == 0
    assert repair.recount(repairs=False) == []


def nobody(member):
    pass


def suspended(member):
    member.suspended_until = timezone.now() + minutes(60)


def left(member):
    member.left_at = timezone.now()


def pending(member):
    member.pending_since = timezone.now()


def inactive(member):
    member.is_active = False


def without_address(member):
    member.email = ""


def robot(member):
    member.is_robot = True


@pytest.mark.parametrize(
    "become", [suspended, left, pending, inactive, without_address, robot, nobody]
)
def test_members_who_get_no_mail(minji, become):
    wants(minji)
    make_notification(minji)
    become(minji)
    minji.save()
    assert mail_notifications() == (become is nobody)
    assert waiting(minji) == 0  # nor later, about what happened meanwhile


def test_an_expired_suspension_does_not_matter(minji):
    minji.suspended_until = timezone.now() - minutes(1)
    minji.save()
    wants(minji)
    make_notification(minji)
    assert mail_notifications() == 1


@pytest.mark.parametrize("verified", [True, False])
def test_where_addresses_are_confirmed_only_those_get_mails(minji, verified):
    MemberSettings.objects.update_or_create(pk=1, defaults={"confirms_email": True})
    OneRow.forget()
    EmailAddress.objects.create(user=minji, email="Minji@example.com", verified=verified)
    wants(minji)
    make_notification(minji)
    assert mail_notifications() == verified


def test_user_text_is_not_mailed(minji, junho):
    wants(minji)
    send_message(sender=junho, receivers=[minji], text="우리끼리 하는 말")
    make_notification(minji, "moderation", title="숨김: 비밀댓글의 글자 (사유)")
    mail_notifications()
    message = mail.outbox[0].message().as_string()
    (html, _kind) = mail.outbox[0].alternatives[0]
    for words in (mail.outbox[0].subject, mail.outbox[0].body, html, message):
        assert "우리끼리" not in words
        assert "비밀댓글" not in words
    assert "준호님이 쪽지를 보냈습니다." in mail.outbox[0].body
    assert "/messages/" in mail.outbox[0].body


@pytest.mark.parametrize(
    "title",
    [
        "<img src=x onerror=alert(1)> & <a href='//evil.example'>여기</a>",
        "제목\r\nBcc: victim@example.com\r\n\r\n본문",
        "제목\u2028Bcc: victim@example.com\u202egnp.exe\x0c",
        "가" * 200,
    ],
)
def test_a_title_cannot_change_the_mail(minji, title):
    """Case 50: nickname and title are escaped in mails, and none of their lines becomes a header."""
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "파도\r\nX-Evil: 1"})
    wants(minji)
    make_notification(minji, title=title, actor=f"<b>준호</b>\r\nCc: {title[:10]}")
    mail_notifications()
    (sent,) = mail.outbox
    read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert not read.defects
    assert not {"Bcc", "Cc", "X-Evil"} & {*read.keys()}
    assert len(sent.subject) <= 120
    assert sent.subject.isprintable()
    html = read.get_body(("html",)).get_content()
    assert "<img" not in html
    assert "<b>" not in html
    assert [link["href"] for link in Page(html).all("a") if "evil" in link["href"]] == []
    for part in (sent.body, html):
        assert "\u202e" not in part
        assert "\x0c" not in part
    assert not re.search(r"^Bcc", sent.body, re.MULTILINE)


class Away(EmailBackend):
    """A mail server that is unavailable or refuses some messages."""

    is_away = False
    refused: tuple[str, ...] = ()

    def open(self):
        if self.is_away:
            raise ConnectionRefusedError
        return

    def send_messages(self, messages):
        if {*messages[0].to} & {*self.refused}:
            raise OSError("550 no such user")
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    monkeypatch.setattr(Away, "is_away", False)
    monkeypatch.setattr(Away, "refused", ())
    return Away


def test_an_unavailable_server_loses_nothing(minji, junho, clock, server, caplog):
    for member in (minji, junho):
        wants(member)
        make_notification(member)
    server.is_away = True
    assert mail_notifications() == 0
    assert "Could not reach the mail server" in caplog.text
    server.is_away = False
    clock(minutes(1))
    assert mail_notifications() == 2


def test_a_refused_mail_delays_nobody_and_is_repeated(minji, junho, clock, server, caplog):
    for member in (minji, junho):
        wants(member)
        make_notification(member)
    server.refused = ("minji@example.com",)
    assert mail_notifications() == 1
    assert "minji@example.com" not in caplog.text
    assert (waiting(minji), waiting(junho)) == (1, 0)
    clock(minutes(1))
    assert mail_notifications() == 0
    server.refused = ()
    clock(minutes(10))
    assert mail_notifications() == 1
    assert mail.outbox[-1].to == ["minji@example.com"]


def test_repeating_ends(minji, clock, server):
    wants(minji)
    make_notification(minji)
    server.refused = ("minji@example.com",)
    mail_notifications()
    clock(datetime.timedelta(days=3, minutes=1))
    server.refused = ()
    assert mail_notifications() == 0
    assert waiting(minji) == 0
    minji.refresh_from_db()
    assert minji.unread_notification_count == 1  # the notification stays on the site


def test_a_server_that_refuses_everything_is_left_alone(clock, server):
    members = [make_member(f"member{n}", f"회원{n}") for n in range(6)]
    for member in members:
        wants(member)
        make_notification(member)
    server.refused = tuple(member.email for member in members)
    assert mail_notifications() == 0
    server.refused = ()
    clock(minutes(1))
    assert mail_notifications() == 3  # those that were not tried yet
    clock(minutes(10))
    assert mail_notifications() == 3


def test_the_cost_without_anything_to_mail(minji, junho, clock):
    mail_notifications()
    with CaptureQueriesContext(connection) as captured:
        mail_notifications()
    assert len([each for each in captured if not each["sql"].startswith(("SAVE", "REL"))]) <= 5


@pytest.mark.usefixtures("side_by_side")
def test_two_parallel_runs_send_each_mail_once():
    members = [make_member(f"member{n}", f"회원{n}") for n in range(10)]
    for member in members:
        wants(member)
        make_notification(member)
    start, counts = Barrier(2), []

    def run():
        try:
            start.wait()
            counts.append(mail_notifications())
        finally:
            connections.close_all()

    runs = [Thread(target=run) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert sum(counts) == 10
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(m.email for m in members)
