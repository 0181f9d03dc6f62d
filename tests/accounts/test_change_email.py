"""Changing the e-mail address requires the password and a confirmation (attack cases 9, 12)."""

import re

import pytest
from django.core import mail

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "/accounts/email/"


def ask_for(client, email, password=PASSWORD):
    """Submits the form, and the password that is asked for."""
    page = client.post(EMAIL, {"action_add": "1", "email": email}, follow=True)
    if page.request["PATH_INFO"] != "/accounts/reauthenticate/":
        return page
    again = {"password": password, "next": EMAIL}
    return client.post("/accounts/reauthenticate/", again, follow=True)


def link() -> str:
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def test_a_new_address_counts_when_it_is_confirmed(as_minji, as_guest, minji):
    page = ask_for(as_minji, "New@Example.com")
    assert "new@example.com 주소로 확인 메일을 보냈습니다." in page.text
    minji.refresh_from_db()
    assert minji.email == "minji@example.com"
    path = link()
    for _ in range(3):  # a mail scanner opens it
        assert "민지님의 E-mail 주소로 쓰시겠습니까?" in as_guest.get(path).text
    minji.refresh_from_db()
    assert minji.email == "minji@example.com"
    as_minji.post(path)
    minji.refresh_from_db()
    assert minji.email == "new@example.com"
    assert [message.to for message in mail.outbox] == [["new@example.com"], ["minji@example.com"]]
    assert "E-mail 주소가 바뀌었습니다" in mail.outbox[-1].subject


def test_the_password_is_required(as_minji, minji):
    page = ask_for(as_minji, "new@example.com", password="guess")
    assert "비밀번호가 틀립니다." in page.text
    assert not mail.outbox


def test_not_the_address_of_another_member(as_minji, minji, junho):
    page = ask_for(as_minji, "junho@example.com")
    assert "이미 사용 중인 E-mail 주소입니다." in page.text
    assert not mail.outbox


def test_a_second_change_replaces_the_first(as_minji, minji):
    ask_for(as_minji, "one@example.com")
    first = link()
    ask_for(as_minji, "two@example.com")
    assert "쓸 수 없는 링크입니다." in as_minji.get(first).text
    as_minji.post(link())
    minji.refresh_from_db()
    assert minji.email == "two@example.com"


def test_a_change_can_be_cancelled(as_minji, minji):
    ask_for(as_minji, "new@example.com")
    path = link()
    page = as_minji.post(EMAIL, {"action_remove": "1", "email": "new@example.com"}, follow=True)
    assert "new@example.com 주소로 바꾸는 것을 취소했습니다." in page.text
    assert "쓸 수 없는 링크입니다." in as_minji.get(path).text


def test_the_current_address_cannot_be_removed(as_minji, minji):
    ask_for(as_minji, "new@example.com")
    page = as_minji.post(EMAIL, {"action_remove": "1", "email": "minji@example.com"}, follow=True)
    assert "지금 쓰는 E-mail 주소는 지울 수 없습니다." in page.text
    unconfirmed = {"action_primary": "1", "email": "new@example.com"}
    assert as_minji.post(EMAIL, unconfirmed).status_code == 404
    minji.refresh_from_db()
    assert minji.email == "minji@example.com"
