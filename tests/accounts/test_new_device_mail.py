"""The mail about a log-in on a new device."""

import pytest
from django.test import Client

from accounts.models import Device, Member, MemberEvent
from tests.accounts.test_list_sessions import FIREFOX, come_in
from tests.accounts.test_sign_up import filled_in
from tests.accounts.test_social_log_in import join, travel
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]


@pytest.fixture
def arrive(django_capture_on_commit_callbacks):
    """come_in, with the mails that are sent after the commit."""

    def arrive(*args, **more) -> Client:
        with django_capture_on_commit_callbacks(execute=True):
            return come_in(*args, **more)

    return arrive


def lines_of(member) -> list[str]:
    return list(member.events.filter(kind=MemberEvent.Kind.DEVICE).values_list("words", flat=True))


def test_its_content(minji, arrive, mailoutbox, settings):
    settings.SITE_URL = "https://pado.example"
    arrive()
    arrive(agent=FIREFOX)
    [mail] = mailoutbox
    device = Device.objects.latest("pk")
    assert mail.to == ["minji@example.com"]
    assert mail.subject == "[우리 게시판] 새 기기에서 로그인했습니다"
    assert "민지님의 아이디(minji)로 처음 쓰는 기기에서 로그인했습니다." in mail.body
    assert "기기: Linux의 Firefox" in mail.body
    assert "일시: 20" in mail.body
    assert "https://pado.example/accounts/password/change/" in mail.body
    assert "https://pado.example/accounts/sessions/" in mail.body
    assert "203.0" not in mail.body
    assert "127.0.0.1" not in mail.body
    assert device.key_hash not in mail.body
    assert lines_of(minji) == ["Linux의 Firefox"]


def test_the_first_device_is_not_mailed(minji, arrive, mailoutbox):
    arrive()
    assert mailoutbox == []
    assert lines_of(minji) == []


def test_a_known_device_is_not_mailed(
    minji, arrive, mailoutbox, django_capture_on_commit_callbacks
):
    arrive()
    client = arrive(agent=FIREFOX)
    client.post("/accounts/logout/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    assert len(mailoutbox) == len(lines_of(minji)) == 1


def test_signing_up_is_not_mailed(as_guest, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        as_guest.post("/accounts/signup/", filled_in())
    assert Device.objects.get().member == Member.objects.get()
    assert not any("기기" in mail.subject for mail in mailoutbox)


def test_a_log_in_through_a_provider_is_mailed_too(
    as_guest, keys, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        join(as_guest)
    assert mailoutbox == []
    with django_capture_on_commit_callbacks(execute=True):
        travel(Client(headers={"user-agent": FIREFOX}), "kakao")
    assert "Linux의 Firefox" in mailoutbox[0].body


def test_a_wrong_password_is_not_mailed(minji, arrive, mailoutbox):
    arrive()
    Client().post("/accounts/login/", {"login": "minji", "password": "guess"})
    assert mailoutbox == []


def test_other_members_get_no_mail(minji, junho, arrive, mailoutbox):
    arrive("junho")
    arrive("minji")
    assert mailoutbox == []


def test_mails_are_limited(minji, arrive, mailoutbox):
    for _ in range(6):
        arrive()
    assert len(mailoutbox) == 3
    assert len(lines_of(minji)) == 5


def test_a_device_that_was_logged_out_remotely_counts_as_new(
    minji, arrive, mailoutbox, django_capture_on_commit_callbacks
):
    here, there = arrive(), arrive(agent=FIREFOX)
    here.post("/accounts/sessions/end-others/")
    with django_capture_on_commit_callbacks(execute=True):
        there.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    assert len(mailoutbox) == 2


def test_old_devices_are_deleted_when_there_are_too_many(minji, arrive):
    for _ in range(35):
        arrive().post("/accounts/logout/")
    assert Device.objects.count() == 30
