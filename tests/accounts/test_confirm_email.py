"""While the owner requires it, new members confirm their address before they can log in."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Member, MemberSettings
from boardsite.models import OneRow
from tests.accounts.test_sign_up import sign_up
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
SENT = "/accounts/confirm-email/"
AGAIN = "/accounts/confirm-email/again/"
NEW = {"login": "sora", "password": "gilgeori-tteokbokki"}


def owner_sets(**fields):
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


@pytest.fixture
def confirming(db):
    owner_sets(confirms_email=True)


def link() -> str:
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def is_logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_new_members_must_confirm(as_guest, confirming):
    page = as_guest.get(sign_up(as_guest)["Location"])
    assert page.request["PATH_INFO"] == SENT
    assert "보내 드린 메일의 링크를 눌러 주세요." in page.text
    assert f'action="{AGAIN}"' in page.text
    assert not is_logged_in(as_guest)
    (message,) = mail.outbox
    assert message.to == ["sora@example.com"]
    assert message.subject == "[우리 게시판] 가입을 마치려면 E-mail 주소를 확인해 주세요"
    assert "소라님(sora)" in message.body


def test_confirming_logs_in_the_browser_that_joined(as_guest, confirming):
    sign_up(as_guest, next="/free/")
    answer = as_guest.post(link())
    assert answer["Location"] == "/free/"
    assert is_logged_in(as_guest)


def test_another_browser_has_to_log_in_afterwards(as_guest, confirming):
    """The link alone gives no session to somebody who finds it later."""
    sign_up(as_guest)
    elsewhere = Client()
    answer = elsewhere.post(link(), follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"
    assert "sora@example.com 주소를 확인했습니다." in answer.text
    assert not is_logged_in(elsewhere)
    assert elsewhere.post("/accounts/login/", NEW)["Location"] == "/"
    assert is_logged_in(elsewhere)


def test_case_12_a_link_that_scanners_open_is_not_used_up(as_guest, confirming):
    sign_up(as_guest)
    path, scanner = link(), Client()
    for _ in range(10):
        assert "소라님의 E-mail 주소로 쓰시겠습니까?" in scanner.get(path).text
        assert scanner.head(path).status_code == 200
    as_guest.post("/accounts/login/", NEW)
    assert not is_logged_in(as_guest)
    Client().post(path)
    as_guest.post("/accounts/login/", NEW)
    assert is_logged_in(as_guest)


def test_no_password_page_logs_an_unconfirmed_member_in(as_guest, confirming):
    sign_up(as_guest)
    elsewhere = Client()
    answer = elsewhere.post("/accounts/login/", NEW)
    assert answer["Location"] == SENT
    assert not is_logged_in(elsewhere)
    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_the_mail_can_be_sent_again(as_guest, confirming):
    sign_up(as_guest)
    answer = as_guest.post(AGAIN, follow=True)
    assert "sora@example.com 주소로 확인 메일을 보냈습니다." in answer.text
    assert len(mail.outbox) == 2
    as_guest.post(link())
    assert is_logged_in(as_guest)


def test_the_mail_is_not_sent_again_for_others(as_guest, confirming):
    sign_up(as_guest)
    answer = Client().post(AGAIN, follow=True)
    assert "로그인하시면 확인 메일을 다시 보내 드립니다." in answer.text
    assert len(mail.outbox) == 1
    assert as_guest.get(AGAIN).status_code == 405


def test_case_15_at_most_five_mails_a_day(as_guest, confirming):  # case 86 too
    sign_up(as_guest)
    answers = [as_guest.post(AGAIN) for _ in range(20)]
    assert len(mail.outbox) == 5
    assert answers[-1].status_code == 429
    assert "오늘은 확인 메일을 더 보낼 수 없습니다." in answers[-1].text
    assert "하루에 5통까지" in answers[-1].text
    Client().post("/accounts/login/", NEW)
    assert len(mail.outbox) == 5
    as_guest.post(link())
    assert is_logged_in(as_guest)


def test_case_15_at_most_five_mails_to_different_addresses(as_minji, minji):
    asked = {"password": PASSWORD, "next": "/accounts/email/"}
    as_minji.post("/accounts/email/", {"action_add": "1", "email": "a0@example.com"})
    as_minji.post("/accounts/reauthenticate/", asked)
    for number in range(1, 8):
        form = {"action_add": "1", "email": f"a{number}@example.com"}
        answer = as_minji.post("/accounts/email/", form)
    assert answer.status_code == 429
    assert "오늘은 확인 메일을 더 보낼 수 없습니다." in answer.text
    assert len(mail.outbox) == 5


def test_existing_members_are_not_locked_out(as_guest, minji):
    sign_up(as_guest)
    owner_sets(confirms_email=True)
    for login in ({"login": "minji", "password": PASSWORD}, NEW):
        client = Client()
        assert client.post("/accounts/login/", login)["Location"] == "/"
        assert is_logged_in(client)


def test_waiting_members_can_log_in_when_the_setting_is_off(as_guest, confirming):
    sign_up(as_guest)
    owner_sets(confirms_email=False)
    as_guest.post("/accounts/login/", NEW)
    assert is_logged_in(as_guest)


def test_points_are_given_on_confirmation(as_guest, confirming, points_on):
    sign_up(as_guest)
    assert Member.objects.get(username="sora").points == 0
    Client().post(link())
    assert Member.objects.get(username="sora").points == 1000


def test_members_who_never_confirm_are_deleted(as_guest, confirming, minji):
    """Otherwise anybody could occupy names and other people's addresses for ever."""
    sign_up(as_guest)
    sora = Member.objects.filter(username="sora")

    def tidy(days: float) -> bool:
        sora.update(date_joined=timezone.now() - timedelta(days=days))
        Member.objects.filter(pk=minji.pk).update(date_joined=timezone.now() - timedelta(days=days))
        call_command("tidy")
        return sora.exists()

    assert tidy(6.9)
    assert not tidy(7.1)
    assert Member.objects.filter(pk=minji.pk).exists()
    cache.clear()  # allauth sends one mail in three minutes
    sign_up(Client())
    Client().post(link())
    assert tidy(7.1)


def test_nobody_is_deleted_while_the_setting_is_off(as_guest, confirming):
    sign_up(as_guest)
    owner_sets(confirms_email=False)
    Member.objects.update(date_joined=timezone.now() - timedelta(days=30))
    call_command("tidy")
    assert Member.objects.filter(username="sora").exists()
