"""Every alarm of the dashboard is sent once, and once more when it is over."""

import json
import sys
from datetime import timedelta
from io import BytesIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from boardsite.alarming import channels, outages, sending
from boardsite.alarming.channels import NotSent
from boardsite.alarming.messages import LENGTH, Notice, payload_of, subject_of
from boardsite.alarming.sending import send_alarms
from boardsite.health.checks import Check, State
from boardsite.models import ChoreRun, SentAlarm
from boardsite.reporting.dashboard import Alarm
from tests.conftest import make_member

pytestmark = pytest.mark.django_db
DISK = Alarm("디스크가 거의 찼습니다: 남은 곳 5.1 GB(5%).", is_wrong=True)
REPORTS = Alarm("신고 3건이 기다립니다.", "/reports/")


@pytest.fixture
def alarms(monkeypatch, owner):
    """The alarms of the dashboard: a list that the test changes."""
    owner.email = "owner@board.example.net"
    owner.save()
    found = []
    monkeypatch.setattr(sending, "read_alarms", lambda user: list(found))
    return found


def minutes_pass(minutes: int) -> None:
    back = timedelta(minutes=minutes)
    for row in SentAlarm.objects.all():
        row.seen_at -= back
        row.sent_at = row.sent_at and row.sent_at - back
        row.claimed_at = row.claimed_at and row.claimed_at - back
        row.save()


def test_an_alarm_is_sent_once_and_then_resolved(alarms, settings):
    alarms += [REPORTS, DISK]
    assert send_alarms() == 2
    [sent] = mail.outbox
    assert sent.to == ["owner@board.example.net"]
    assert sent.subject == f"문제: {DISK.text} 외 1건"
    assert f"할 일: {REPORTS.text}\n{settings.SITE_URL}/reports/" in sent.body
    assert send_alarms() == 0
    alarms.remove(DISK)
    assert send_alarms() == 0  # it may come back
    minutes_pass(6)
    assert send_alarms() == 1
    assert f"해결됨: {DISK.text}" in mail.outbox[-1].body
    assert REPORTS.text not in mail.outbox[-1].body
    minutes_pass(6)
    assert send_alarms() == 0
    assert len(mail.outbox) == 2


def test_other_numbers_make_no_new_alarm(alarms):
    alarms.append(DISK)
    send_alarms()
    alarms[:] = [DISK._replace(text="디스크가 거의 찼습니다: 남은 곳 12 GB(9%).")]
    minutes_pass(6)
    assert send_alarms() == 0


def test_an_alarm_that_comes_and_goes_is_sent_once(alarms):
    alarms.append(DISK)
    send_alarms()
    for _ in range(3):
        alarms.clear()
        minutes_pass(1)
        send_alarms()
        alarms.append(DISK)
        send_alarms()
    assert len(mail.outbox) == 1


def test_the_dashboard_itself_is_read(owner):
    owner.email = "owner@board.example.net"
    owner.save()
    assert send_alarms() > 0  # the owner has not named the site yet
    assert "사이트 이름을 아직 정하지 않았습니다." in mail.outbox[0].body


def test_only_owners_with_a_real_address_get_it(alarms, minji):
    make_member("second", "둘째", is_superuser=True)  # at example.com, as quickstart makes them
    for name, fields in {
        "gone": {"is_superuser": True, "is_active": False},
        "clerk": {"is_staff": True},
    }.items():
        member = make_member(name, name, **fields)
        member.email = f"{name}@board.example.net"
        member.save()
    alarms.append(DISK)
    send_alarms()
    assert [each.to for each in mail.outbox] == [["owner@board.example.net"]]


def test_an_address_that_is_refused_keeps_it_from_nobody_else(
    alarms, settings, monkeypatch, caplog
):
    """And those who got it do not get it each minute."""
    send = EmailBackend.send_messages

    def refuse(self, messages):
        if "wrong" in messages[0].to[0]:
            raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    settings.ALARM_MAIL = ["wrong@board.example.net", "watch@board.example.net", "owners"]
    alarms.append(DISK)
    assert send_alarms() == 1
    assert send_alarms() == 0
    sent = [each.to for each in mail.outbox]
    assert sent == [["watch@board.example.net"], ["owner@board.example.net"]]
    assert "wrong@board.example.net" in caplog.text
    settings.ALARM_MAIL = ["wrong@board.example.net"]
    alarms.append(REPORTS)
    with pytest.raises(NotSent):
        send_alarms()


def test_without_a_channel_nothing_is_noted(alarms, settings):
    settings.ALARM_MAIL = []
    alarms.append(DISK)
    assert send_alarms() == 0
    assert not SentAlarm.objects.exists()
    settings.ALARM_MAIL = ["watch@board.example.net"]
    assert send_alarms() == 1
    assert mail.outbox[0].to == ["watch@board.example.net"]


class Hook:
    """What a webhook was sent, and what it answers."""

    def __init__(self):
        self.status, self.sent = 204, []

    def post(self, address, *, json, timeout, allow_redirects, stream):
        assert not allow_redirects
        assert timeout == channels.SECONDS
        self.sent.append((address, json))
        response = channels.requests.Response()
        response.status_code, response.raw = self.status, BytesIO()
        if self.status == 302:
            response.headers["Location"] = "http://127.0.0.1/"
        return response


@pytest.fixture
def hook(monkeypatch, settings):
    settings.ALARM_MAIL = []
    settings.ALARM_WEBHOOK = "https://chat.example.net/hooks/secret"
    hook = Hook()
    monkeypatch.setattr(channels.requests, "post", hook.post)
    return hook


def test_a_webhook_gets_json_that_chats_show(alarms, hook, settings):
    alarms.append(REPORTS)
    send_alarms()
    [(address, sent)] = hook.sent
    assert address == settings.ALARM_WEBHOOK
    assert sent["text"] == sent["content"]
    assert REPORTS.text in sent["text"]
    [about] = sent["alarms"]
    assert about == {
        "state": "firing",
        "problem": False,
        "text": REPORTS.text,
        "address": f"{settings.SITE_URL}/reports/",
    }


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_no_channel_takes_is_sent_later(alarms, hook, caplog, status):
    hook.status = status
    alarms.append(DISK)
    with pytest.raises(NotSent):
        send_alarms()
    assert "secret" not in caplog.text  # the address is one
    hook.status = 204
    assert send_alarms() == 1
    assert len(hook.sent) == 2


def test_one_channel_that_works_is_enough(alarms, hook, settings):
    settings.ALARM_MAIL = ["watch@board.example.net"]
    hook.status = 500
    alarms.append(DISK)
    assert send_alarms() == 1
    assert send_alarms() == 0
    assert len(mail.outbox) == len(hook.sent) == 1


def test_a_command_gets_the_json_on_its_standard_input(alarms, settings, tmp_path):
    taken = tmp_path / "taken"
    program = f"import sys; open({str(taken)!r}, 'w').write(sys.stdin.read())"
    settings.ALARM_MAIL = []
    settings.ALARM_COMMAND = f'{sys.executable} -c "{program}"'
    alarms.append(DISK)
    assert send_alarms() == 1
    assert json.loads(taken.read_text())["alarms"][0]["text"] == DISK.text


@pytest.mark.parametrize("command", ["false", "/nowhere/to/be/found", "echo 'unclosed"])
def test_a_command_that_fails_has_not_taken_it(alarms, settings, command):
    settings.ALARM_MAIL, settings.ALARM_COMMAND = [], command
    alarms.append(DISK)
    with pytest.raises(NotSent):
        send_alarms()
    assert SentAlarm.objects.get().sent_at is None


def test_a_command_that_hangs_is_ended(alarms, settings, monkeypatch):
    monkeypatch.setattr(channels, "COMMAND_SECONDS", 0.2)
    settings.ALARM_MAIL, settings.ALARM_COMMAND = [], "sleep 600"
    alarms.append(DISK)
    with pytest.raises(NotSent):
        send_alarms()


def test_two_hosts_send_it_once(alarms, hook, monkeypatch):
    alarms.append(DISK)
    post = hook.post

    def post_meanwhile(*args, **options):
        assert send_alarms() == 0  # the other host, while this one sends
        return post(*args, **options)

    monkeypatch.setattr(channels.requests, "post", post_meanwhile)
    assert send_alarms() == 1


def test_what_a_killed_process_had_claimed_is_sent_later(alarms):
    alarms.append(DISK)
    sending.note_alarms(alarms, now := timezone.now())
    assert len(sending._claim_changes(now)) == 1  # and then it is killed
    assert send_alarms() == 0
    minutes_pass(6)
    assert send_alarms() == 1


def test_a_text_is_short_enough_for_chats_and_mails():
    many = [Notice("긴 문장. " * 30)] * 40
    assert len(payload_of(many)["content"]) <= LENGTH
    assert len(subject_of(many)) < 150
    assert "\n" not in subject_of([Notice("두\n줄")])


# -- the database does not work --------------------------------------------------------------------
@pytest.fixture
def database(monkeypatch, settings, tmp_path):
    """What the check of the database finds: an object that the test changes."""
    found = {"read": Check("read")}
    module = "boardsite.management.commands.send_alarms"
    monkeypatch.setattr(f"{module}.read_checks", lambda *, patience: [found["read"]])
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(outages.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    return found


AWAY = Check("read", State.FAILED, "제때 답하지 않았습니다.")


def test_an_outage_is_sent_once_and_then_resolved(alarms, hook, database):
    database["read"] = AWAY
    for _ in range(3):
        call_command("send_alarms", verbosity=0)
    [(_address, sent)] = hook.sent
    assert AWAY.detail in sent["text"]
    database["read"] = Check("read")
    for _ in range(2):
        call_command("send_alarms", verbosity=0)
    assert [each["alarms"][0]["state"] for _address, each in hook.sent] == ["firing", "resolved"]
    assert ChoreRun.objects.get(name="send_alarms").ended_at


def test_an_outage_is_remembered_without_the_folder_of_the_data(alarms, hook, database, settings):
    settings.DATA_DIR = settings.DATA_DIR / "unmounted"
    database["read"] = AWAY
    for _ in range(3):
        call_command("send_alarms", verbosity=0)
    assert len(hook.sent) == 1


def test_an_outage_that_nobody_was_told_is_sent_again(alarms, hook, database):
    database["read"] = AWAY
    hook.status = 500
    with pytest.raises(NotSent):
        call_command("send_alarms", verbosity=0)
    hook.status = 200
    call_command("send_alarms", verbosity=0)
    assert len(hook.sent) == 2


def test_a_database_that_takes_no_rows_is_an_outage(alarms, hook, database, monkeypatch):
    def refuse(*args):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(sending, "note_alarms", refuse)
    for _ in range(2):
        with pytest.raises((DatabaseError, CommandError)):
            call_command("send_alarms", verbosity=0)
    [(_address, sent)] = hook.sent
    assert "disk is full" in sent["text"]


def test_an_outage_is_mailed_to_named_addresses_only(database, settings, monkeypatch):
    """The owners' addresses are in the database."""
    settings.ALARM_WEBHOOK = settings.ALARM_COMMAND = ""
    settings.EMAIL_CONFIG = {**settings.EMAIL_CONFIG, "EMAIL_HOST": "mail.example.net"}
    settings.ALARM_MAIL = ["owners"]
    assert channels.channels(has_database=False) == []
    settings.ALARM_MAIL = ["owners", "watch@board.example.net"]
    assert [name for name, _ in channels.channels(has_database=False)] == ["mail"]
