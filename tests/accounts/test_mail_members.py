"""회원메일발송: whom a mailing reaches, once each, with consent, by day, and how it goes on after a crash."""

import datetime
import os
import re
import signal
import subprocess
import sys

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.actions import mailings
from accounts.actions.consents import give_consents
from accounts.actions.mailings import mail_members, start_mailing
from accounts.actions.notification_mails import mail_notifications
from accounts.mails.mailings import compose_mailing, stop_address
from accounts.models import (
    Bounce,
    Consent,
    Delivery,
    Mailing,
    MailRefusal,
    Member,
    MemberSettings,
    Notification,
)
from accounts.permissions import Refused
from accounts.queries.recipients import recipients
from boardsite.mail.mail_url import BACKEND, read_mail_url
from boardsite.models import MailSettings, OneRow, SiteSettings
from tests.conftest import make_member
from tests.mail_server import MailServer

LIST = "/admin/accounts/mailing/"
NOON = datetime.datetime(2090, 4, 5, 12, tzinfo=mailings.SEOUL)
DRAFT = {
    "kind": "news",
    "subject": "{별명}님께 봄 소식",
    "html": '<p>벚꽃이 피었습니다, {별명}님.</p><p><a href="/free/1/">글 보기</a></p>',
    "min_level": 2,
    "max_level": 10,
    "visited_days": 90,
}


@pytest.fixture
def mailing(db):
    return Mailing.objects.create(**DRAFT)


@pytest.fixture
def by_day(monkeypatch):
    monkeypatch.setattr(mailings, "is_night", lambda now=None: False)


@pytest.fixture
def server(db, settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = BACKEND
        settings.EMAIL_CONFIG = read_mail_url(f"smtp://127.0.0.1:{server.port}")
        MailSettings.objects.update_or_create(pk=1, defaults={"mails_per_minute": 3000})
        OneRow.forget()
        yield server


def agree(*members: Member) -> None:
    for member in members:
        give_consents(member=member, texts={Consent.Kind.MARKETING: None})


def start(mailing: Mailing, **changes) -> Mailing:
    Mailing.objects.filter(pk=mailing.pk).update(**changes)
    mailing.refresh_from_db()
    start_mailing(mailing=mailing)
    return mailing


def names(mailing: Mailing) -> set[str]:
    return {member.username for member in recipients(mailing)}


# -- Whom it is for --------------------------------------------------------------------------------
def test_by_level_visit_and_what_members_want(mailing, minji, junho, owner):
    make_member("robot", "수집기", is_robot=True)
    make_member("gone", "떠난이", left_at=timezone.now())
    make_member("shut", "쉬는이", suspended_until=timezone.now() + datetime.timedelta(days=1))
    assert names(mailing) == {"minji", "junho", "owner"}
    MailRefusal.objects.create(member=junho)
    Bounce.objects.create(member=owner, email=owner.email, response="550 5.1.1")
    assert names(mailing) == {"minji"}
    mailing.kind = "notice"
    assert names(mailing) == {"minji", "junho"}
    mailing.max_level, mailing.min_level = 9, 3
    assert names(mailing) == set()
    mailing.max_level, mailing.min_level, mailing.visited = 10, 2, "recently"
    assert names(mailing) == set()
    Member.objects.filter(pk=minji.pk).update(last_login=timezone.now())
    assert names(mailing) == {"minji"}
    mailing.visited = "long_ago"
    assert names(mailing) == {"junho"}


def test_a_group_of_boards(mailing, group, minji, junho, owner):
    group.members.add(minji)
    group.moderators.add(owner)
    mailing.circle = f"group:{group.pk}"
    assert names(mailing) == {"minji", "owner"}
    for unknown in ("group:999", "group:x", "x"):
        mailing.circle = unknown
        assert names(mailing) == set()


def test_advertising_goes_to_those_who_agreed_and_were_reminded(mailing, minji, junho, owner):
    agree(minji, junho)
    mailing.kind = "advert"
    assert names(mailing) == {"minji", "junho"}
    long_ago = timezone.now() - datetime.timedelta(days=731)
    Consent.objects.filter(member=junho).update(confirmed_at=long_ago)
    assert names(mailing) == {"minji"}
    Consent.objects.filter(member=minji).update(withdrawn_at=timezone.now())
    assert names(mailing) == set()


# -- What it says ----------------------------------------------------------------------------------
@pytest.mark.any_database
def test_news_can_be_refused_and_names_the_member(mailing, minji, settings):
    settings.SITE_URL = "https://pado.kr"
    message = compose_mailing(mailing, minji)
    assert message.subject == "[우리 게시판] 민지님께 봄 소식"
    assert "글 보기 (https://pado.kr/free/1/)" in message.body
    assert "벚꽃이 피었습니다, 민지님." in message.body
    html = message.alternatives[0][0]
    assert '<a href="https://pado.kr/free/1/"' in html
    assert 'class="sheet"' in html
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop.startswith("https://pado.kr/notifications/mailings/")
    assert f"소식 메일 그만 받기: {stop}" in message.body
    assert stop in html


@pytest.mark.any_database
def test_advertising_is_labelled_and_names_its_sender(mailing, minji):
    SiteSettings.objects.update_or_create(pk=1, defaults={"company": "파도상사", "phone": "02-1"})
    OneRow.forget()
    mailing.kind, mailing.subject = "advert", "(광고) 봄 할인"
    message = compose_mailing(mailing, minji)
    assert message.subject == "(광고) [우리 게시판] 봄 할인"
    for text in (message.body, message.alternatives[0][0]):
        assert "파도상사" in text
        assert "전화 02-1" in text
        assert "수신 거부(무료)" in text


@pytest.mark.any_database
def test_a_name_writes_no_markup(mailing, minji):
    Member.objects.filter(pk=minji.pk).update(nickname="<b>x</b>\r\nBcc:a")
    message = compose_mailing(mailing, Member.objects.get(pk=minji.pk))
    assert "<b>x</b>" not in message.alternatives[0][0]
    assert "\n" not in message.subject
    assert message.message()["Bcc"] is None


# -- Sending ---------------------------------------------------------------------------------------
def test_each_gets_one_mail(mailing, minji, junho, owner, server):
    start(mailing)
    call_command("mail_notifications")
    mail_members()
    assert sorted(server.receivers) == sorted([minji.email, junho.email, owner.email])
    mailing.refresh_from_db()
    assert (mailing.state, mailing.sent_count, mailing.recipient_count) == ("done", 3, 3)
    letter = server.letters[0]
    assert "벚꽃이 피었습니다" in letter.part("plain")
    assert "벚꽃이 피었습니다" in letter.part("html")
    start_mailing(mailing=mailing)
    assert mail_members() == 0
    assert len(server.letters) == 3


def test_the_list_is_made_in_small_steps(mailing, db, server, monkeypatch):
    monkeypatch.setattr(mailings, "CHUNK", 2)
    monkeypatch.setattr(mailings, "BATCH", 2)
    people = [make_member(f"neighbour{number}", f"이웃{number}") for number in range(5)]
    start(mailing)
    assert mail_members() == 5
    assert sorted(server.receivers) == sorted(member.email for member in people)


def test_pausing_and_going_on(mailing, minji, junho, owner, server):
    start(mailing)

    def pause(_letter) -> None:
        Mailing.objects.filter(pk=mailing.pk).update(state="paused")

    server_pauses, sent = mailings._deliver, []

    def deliver(*args):
        sent.append(server_pauses(*args))
        pause(None)
        return sent[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailings, "_deliver", deliver)
        assert mail_members() == 1
    assert mail_members() == 0
    mailing.refresh_from_db()
    mailings.resume_mailing(mailing=mailing)
    assert mail_members() == 2
    assert len(set(server.receivers)) == len(server.receivers) == 3


def test_the_rate_of_the_owner(mailing, minji, junho, owner, server):
    MailSettings.objects.update(mails_per_minute=2)
    OneRow.forget()
    start(mailing)
    assert mail_members() == 2
    assert mail_members() == 0


def test_withdrawing_meanwhile(mailing, minji, junho, owner, server, by_day):
    SiteSettings.objects.update_or_create(pk=1, defaults={"phone": "02-1"})
    agree(minji, junho)
    start(mailing, kind="advert")
    mailings._list_more(mailing)
    Consent.objects.filter(member=junho).update(withdrawn_at=timezone.now())
    assert mail_members() == 1
    mailing.refresh_from_db()
    assert (mailing.sent_count, mailing.skipped_count, mailing.state) == (1, 1, "done")
    assert server.receivers == [minji.email]


@pytest.mark.parametrize(
    ("hour", "is_night"), [(7, True), (8, False), (20, False), (21, True), (0, True)]
)
def test_night_is_from_nine_to_eight_in_korea(hour, is_night):
    moment = datetime.datetime(2090, 4, 5, hour, 59, tzinfo=mailings.SEOUL)
    assert mailings.is_night(moment.astimezone(datetime.UTC)) == is_night


def test_at_night_advertising_waits_and_news_go(mailing, minji, server, monkeypatch):
    monkeypatch.setattr(mailings, "is_night", lambda now=None: True)
    SiteSettings.objects.update_or_create(pk=1, defaults={"phone": "02-1"})
    agree(minji)
    advert = start(Mailing.objects.create(**{**DRAFT, "kind": "advert"}))
    start(mailing)
    assert mail_members() == 1
    assert server.letters[0].message["Subject"] == "[우리 게시판] 민지님께 봄 소식"
    monkeypatch.setattr(mailings, "is_night", lambda now=None: False)
    assert mail_members() == 1
    advert.refresh_from_db()
    assert advert.state == "done"


def test_an_address_that_bounces_is_set_aside(mailing, minji, junho, server, as_owner):
    server.refuses = {minji.email: "550 5.1.1 No such user"}
    start(mailing)
    mail_members()
    assert minji.email not in server.receivers
    mailing.refresh_from_db()
    assert (mailing.refused_count, mailing.sent_count) == (1, 2)
    Notification.objects.create(
        member=minji, kind="comment", mail="now", title="글", address="/free/1/", about="post:1"
    )
    assert mail_notifications() == 0
    page = as_owner.get("/admin/accounts/bounce/").content.decode()
    assert "550 5.1.1 No such user" in page
    chosen = {"action": "mail_again", "_selected_action": [str(minji.pk)]}
    as_owner.post("/admin/accounts/bounce/", chosen)
    assert not Bounce.objects.exists()


@pytest.mark.parametrize(
    "response", ["450 4.2.1 Greylisted", "554 5.7.1 Relay access denied", "550 5.7.26 No DKIM"]
)
def test_another_refusal_says_nothing_about_the_address(mailing, minji, server, response):
    server.refuses = {minji.email: response}
    start(mailing)
    assert mail_members() == 0
    assert not Bounce.objects.exists()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    Delivery.objects.update(claimed_at=timezone.now() - datetime.timedelta(hours=1))
    server.refuses = {}
    assert mail_members() == 1


def test_a_server_that_refuses_everybody_ends_it(mailing, server, monkeypatch):
    monkeypatch.setattr(mailings, "REFUSALS", 3)
    people = [make_member(f"neighbour{number}", f"이웃{number}") for number in range(5)]
    server.refuses = {member.email: "550 5.1.1 No" for member in people}
    start(mailing)
    mail_members()
    mailing.refresh_from_db()
    assert (mailing.state, mailing.refused_count) == ("paused", 3)
    assert "3명의 주소를 잇달아 거절했습니다" in mailing.pause_reason


def test_an_unavailable_server_loses_nothing(mailing, minji, server, settings, caplog):
    start(mailing)
    port = settings.EMAIL_CONFIG["EMAIL_PORT"]
    settings.EMAIL_CONFIG = read_mail_url("smtp://127.0.0.1:1")
    assert mail_members() == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
    settings.EMAIL_CONFIG = read_mail_url(f"smtp://127.0.0.1:{port}")
    assert mail_members() == 1


PROGRAM = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = os.environ["TEST_NAME"]
from boardsite.mail.mail_url import BACKEND, read_mail_url
settings.EMAIL_BACKEND = BACKEND
settings.EMAIL_CONFIG = read_mail_url("smtp://127.0.0.1:" + os.environ["TEST_PORT"])
from accounts.actions.mailings import mail_members
mail_members()
"""


def test_after_kill_9_it_goes_on_and_nobody_gets_it_twice(side_by_side, settings):
    from django.db import connection

    people = [make_member(f"neighbour{number}", f"이웃{number}") for number in range(6)]
    mailing = start(Mailing.objects.create(**DRAFT))
    with MailServer() as server:
        settings.EMAIL_BACKEND = BACKEND
        settings.EMAIL_CONFIG = read_mail_url(f"smtp://127.0.0.1:{server.port}")
        processes: list[subprocess.Popen] = []

        def kill(_letter) -> None:
            """Before the third mail is confirmed: the worst moment."""
            if len(server.letters) == 3 and processes:
                os.kill(processes.pop().pid, signal.SIGKILL)

        server.when_sent = kill
        names = {"TEST_NAME": connection.settings_dict["NAME"], "TEST_PORT": str(server.port)}
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], env={**os.environ, **names})
        processes.append(process)
        assert process.wait(60) == -signal.SIGKILL
        assert len(server.letters) == 3
        assert Delivery.objects.filter(state="claimed").count() == 1
        mail_members()
        mailing.refresh_from_db()
        assert mailing.state == "sending", "the claim may belong to a process that still runs"
        Delivery.objects.filter(state="claimed").update(
            claimed_at=timezone.now() - mailings.STALE - datetime.timedelta(seconds=1)
        )
        mail_members()
    assert sorted(server.receivers) == sorted(member.email for member in people)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.sent_count, mailing.unknown_count) == ("done", 5, 1)


def test_two_runs_share_the_work(mailing, minji, junho, owner, server):
    start(mailing)
    mailings._list_more(mailing)
    delivery = Delivery.objects.first()
    assert mailings._claim(delivery)
    assert not mailings._claim(delivery)
    assert mail_members() == 2


def test_old_lists_are_forgotten(mailing, minji, server):
    start(mailing)
    mail_members()
    assert mailings.forget_old_deliveries() == 0
    Mailing.objects.update(ended_at=timezone.now() - mailings.OLD - datetime.timedelta(days=1))
    assert mailings.forget_old_deliveries() == 1
    assert Mailing.objects.get().sent_count == 1


# -- Refusing --------------------------------------------------------------------------------------
def path_of(mailing: Mailing, member: Member) -> str:
    return re.sub(r"^https?://[^/]+", "", stop_address(mailing, member))


def test_one_click_ends_news(mailing, minji, client):
    path = path_of(mailing, minji)
    page = client.get(path)
    assert page.status_code == 200
    assert not MailRefusal.objects.exists()
    for _twice in range(2):
        page = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert "이제 소식 메일을 보내지 않습니다" in page.content.decode()
    assert MailRefusal.objects.get().member == minji
    assert names(mailing) == set()


def test_one_click_ends_advertising(mailing, minji, client):
    MemberSettings.objects.update_or_create(pk=1, defaults={"offers_marketing": True})
    agree(minji)
    mailing.kind = "advert"
    page = client.post(path_of(mailing, minji))
    assert "광고성 정보 수신 동의를 철회했습니다" in page.content.decode()
    assert names(mailing) == set()
    assert not MailRefusal.objects.exists()


@pytest.mark.any_database
def test_a_forged_link_ends_nothing(mailing, minji, client):
    path = path_of(mailing, minji)
    assert client.post(path[:-3] + "xx/").status_code == 404
    assert not MailRefusal.objects.exists()


@pytest.mark.any_database
def test_members_choose_on_their_page(minji, as_minji):
    form = dict.fromkeys(Notification.Kind.values, "site")
    as_minji.post("/notifications/choose/", {**form, "news": "none"})
    assert MailRefusal.objects.filter(member=minji).exists()
    as_minji.post("/notifications/choose/", form)
    assert MailRefusal.objects.filter(member=minji).exists()
    as_minji.post("/notifications/choose/", {**form, "news": "mail"})
    assert not MailRefusal.objects.exists()


# -- In the admin ----------------------------------------------------------------------------------
def test_the_owner_writes_tries_and_sends_it(as_owner, owner, minji, server):
    saved = as_owner.post(f"{LIST}add/", DRAFT)
    mailing = Mailing.objects.get()
    assert (saved.status_code, mailing.created_by) == (302, owner)
    page = f"{LIST}{mailing.pk}/"
    as_owner.post(f"{page}try/")
    assert server.receivers == [owner.email]
    confirm = as_owner.get(f"{page}start/").content.decode()
    assert "지금 2명" in confirm
    assert "[우리 게시판] 운영자님께 봄 소식" in confirm
    as_owner.post(f"{page}start/")
    as_owner.post(f"{page}start/")
    as_owner.post(f"{page}pause/")
    assert "이어서 보내기" in as_owner.get(f"{page}change/").content.decode()
    assert mail_members() == 0
    as_owner.post(f"{page}resume/")
    assert mail_members() == 2
    shown = as_owner.get(f"{page}change/").content.decode()
    assert "보냄 2명" in shown
    assert "벚꽃이 피었습니다" in shown
    assert as_owner.post(f"{page}change/", {**DRAFT, "subject": "다른 제목"}).status_code == 403
    assert "2/2명" in as_owner.get(LIST).content.decode()


@pytest.mark.any_database
def test_advertising_needs_a_contact_and_mails_a_server(mailing, minji, settings, as_owner):
    agree(minji)
    with pytest.raises(Refused, match="연락처"):
        start(mailing, kind="advert")
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = as_owner.post(f"{LIST}{mailing.pk}/start/", follow=True).content.decode()
    assert "메일 서버를 먼저 정해 주세요." in page
    assert Mailing.objects.get().state == "draft"
    assert not mail.outbox


@pytest.mark.any_database
@pytest.mark.parametrize(
    "changed", [{"min_level": 5, "max_level": 4}, {"circle": "group:999"}, {"html": " "}]
)
def test_a_mailing_that_makes_no_sense_is_refused(as_owner, db, changed):
    page = as_owner.post(f"{LIST}add/", {**DRAFT, **changed})
    assert "errorlist" in page.content.decode()
    assert not Mailing.objects.exists()


@pytest.mark.any_database
def test_others_are_refused(mailing, client, as_minji, log_in):
    staff = make_member("staff", "도우미", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    page = f"{LIST}{mailing.pk}/"
    for operation in ("try", "start", "pause", "resume"):
        for visitor in (client, as_minji):
            assert visitor.post(f"{page}{operation}/").status_code == 302
        assert log_in(staff).post(f"{page}{operation}/").status_code == 403
    assert log_in(staff).get(LIST).status_code == 403
    assert log_in(staff).get("/admin/accounts/bounce/").status_code == 403
    assert Mailing.objects.get().state == "draft"
    assert not mail.outbox
