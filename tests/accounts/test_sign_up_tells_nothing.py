"""Where addresses are confirmed by mail, joining does not reveal which of them have a member."""

import re
from difflib import unified_diff

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import Member, MemberSettings
from boardsite.models import OneRow
from tests.accounts.test_confirm_email import AGAIN, SENT
from tests.accounts.test_log_in_hashes_once import hashes as hashes
from tests.accounts.test_sign_up import filled_in, sign_up
from tests.accounts.test_social_log_in import join
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
RANDOM = re.compile(
    r'name="(csrfmiddlewaretoken|made|captcha\w*|work)" value="[^"]*"|data-\w+="[^"]*"'
)
TAKEN = "이미 사용 중인 E-mail 주소입니다."


@pytest.fixture
def confirming(db):
    MemberSettings.objects.update_or_create(pk=1, defaults={"confirms_email": True})
    OneRow.forget()


def plain(page, *addresses: str) -> str:
    text = RANDOM.sub("", page.text)
    for address in addresses:
        text = text.replace(address, "")
    return text


def seen(client, email: str) -> list:
    """Everything that a browser sees on the way, with errors and with another request for the mail."""
    pages = [sign_up(client, email=email, password2="another"), sign_up(client, email=email)]
    pages += [client.get(SENT)]
    pages += [client.post(AGAIN, follow=True) for _ in range(6)]
    words = ("sora", "소라", email)
    return [(page.status_code, page.headers.get("Location"), plain(page, *words)) for page in pages]


def test_the_pages_are_the_same(minji, confirming):
    """Attack case 127."""
    unknown = seen(Client(), "nobody@example.com")
    Member.objects.filter(username="sora").delete()
    cache.clear()
    known = seen(Client(), "minji@example.com")
    for number, (one, other) in enumerate(zip(known, unknown, strict=True)):
        assert one[:2] == other[:2], number
        assert list(unified_diff(one[2].split("\n"), other[2].split("\n"), n=0)) == [], number
    assert unknown[1][1] == SENT
    assert unknown[-1][0] == 429


@pytest.mark.parametrize("email", ["minji@example.com", "Minji@Example.com"])
def test_the_member_gets_a_mail_and_nobody_is_created(as_guest, minji, confirming, email):
    """Attack case 127."""
    sign_up(as_guest, email=email)
    assert Member.objects.get() == minji
    assert "_auth_user_id" not in as_guest.session
    [message] = mail.outbox
    assert message.to == ["minji@example.com"]
    assert message.subject == "[우리 게시판] 이미 가입하신 주소입니다"
    assert "회원님의 아이디는 minji입니다." in message.body
    assert "http://localhost:8000/accounts/password/reset/" in message.body
    assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", message.body)


def test_it_gives_no_access(as_guest, minji, confirming):
    sign_up(as_guest, email=minji.email)
    for path in ("/accounts/profile/", "/accounts/email/", "/accounts/2fa/authenticate/"):
        assert as_guest.get(path).status_code == 302
    minji.refresh_from_db()
    assert minji.check_password(PASSWORD)
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_it_needs_as_many_hashes(minji, confirming, hashes):
    """Attack case 127: otherwise the duration would reveal it."""
    known = hashes(lambda: sign_up(Client(), email=minji.email))
    assert known == hashes(lambda: sign_up(Client(), email="nobody@example.com")) == 1


def test_a_robots_address_gets_no_mail(as_guest, minji, confirming):
    Member.objects.filter(pk=minji.pk).update(is_robot=True)
    assert sign_up(as_guest, email=minji.email)["Location"] == SENT
    assert not mail.outbox


def test_the_form_after_a_providers_answer_does_not_reveal_it(as_guest, keys, minji, confirming):
    """Attack case 127: after a provider's answer, any address can be entered in the form."""
    answer = join(as_guest, "naver", email=minji.email)
    assert answer["Location"] == SENT
    assert mail.outbox[-1].to == [minji.email]
    assert not minji.socialaccount_set.exists()


def test_without_confirmation_it_cannot_be_avoided(as_guest, minji):
    """docs/privacy.md says so."""
    assert TAKEN in sign_up(as_guest, email=minji.email).text
    assert TAKEN in as_guest.post("/accounts/signup/", filled_in(email=minji.email)).text
    assert not mail.outbox
