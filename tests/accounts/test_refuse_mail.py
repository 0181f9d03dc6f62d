"""Addresses that the owner refuses to new members and as new addresses."""

import pytest
from django.core import mail

from accounts.models import Member, MemberSettings
from accounts.text.mail_addresses import is_disposable, is_refused
from boardsite.models import OneRow
from tests.accounts.test_change_email import ask_for
from tests.accounts.test_sign_up import sign_up

pytestmark = pytest.mark.django_db
REFUSED = "이 사이트에서 받지 않는 E-mail 주소입니다."
DISPOSABLE = "일회용 E-mail 주소는 쓸 수 없습니다."


def owner_sets(**fields):
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("email", "refused"),
    [
        ("sora@spam.example", True),
        ("sora@mail.spam.example", True),
        ("sora@SPAM.example", True),
        ("sora@notspam.example", False),
        ("sora@spam.example.kr", False),
        ("pest@good.example", True),
        ("guest@good.example", False),
        ("sora@도깨비.example", True),
        ("sora@xn--9l0bq5hpuk.example", True),
        ("sora@wild.example", True),
        ("sora@at.example", True),
        ("sora", False),
    ],
)
def test_lines_of_the_owner(email, refused):
    lines = "spam.example\n\n Pest@good.example \n도깨비.example\n*.wild.example\n@at.example"
    assert is_refused(email, lines) is refused


def test_disposable_domains_and_their_subdomains():
    assert is_disposable("sora@mailinator.com")
    assert is_disposable("sora@some.MAILINATOR.com")
    assert not is_disposable("sora@naver.com")
    assert not is_disposable("sora@mailinator.com.example")


def test_nobody_joins_with_a_refused_address(as_guest):
    owner_sets(refused_mail="example.com")
    page = sign_up(as_guest)
    assert REFUSED in page.text
    assert 'value="sora"' in page.text
    assert not Member.objects.exists()


def test_disposable_addresses_are_refused_where_the_owner_says_so(as_guest):
    owner_sets(refuses_disposable=True)
    assert DISPOSABLE in sign_up(as_guest, email="sora@mailinator.com").text
    owner_sets(refuses_disposable=False)
    assert sign_up(as_guest, email="sora@mailinator.com").status_code == 302


def test_a_member_cannot_change_to_one(as_minji, minji):
    owner_sets(refused_mail="spam.example")
    assert REFUSED in ask_for(as_minji, "minji@spam.example").text
    assert not mail.outbox


def test_members_who_have_one_can_still_reset_the_password(as_guest, minji):
    owner_sets(refused_mail="example.com")
    as_guest.post("/accounts/password/reset/", {"email": "minji@example.com"})
    assert [message.to for message in mail.outbox] == [["minji@example.com"]]
