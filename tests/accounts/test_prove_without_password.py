"""Before sensitive operations, a member without a password logs in again, through the provider or
by a code."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts.models import Member
from tests.accounts.test_social_log_in import CONNECTIONS, is_in, join, say_yes, start, travel

pytestmark = pytest.mark.django_db
ANEW = "다시 로그인해 주세요."
NEW = {"password1": "gilgeori-tteokbokki", "password2": "gilgeori-tteokbokki"}


@pytest.fixture
def as_sora(as_guest, keys):
    """A browser in which somebody joined through Kakao an hour ago."""
    join(as_guest)
    grow_old(as_guest)
    return as_guest


def grow_old(client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3_600
    session.save()


SENSITIVE = [
    ("/accounts/email/", {"action_add": "1", "email": "thief@example.com"}),
    ("/accounts/password/set/", NEW),
    ("/accounts/2fa/totp/activate/", {"code": "123456"}),
    ("/accounts/2fa/webauthn/add/", {"name": "x", "credential": "{}"}),
    ("/accounts/kakao/login/", {"process": "connect"}),
    ("/accounts/leave/", {"agree": "on"}),
]


@pytest.mark.parametrize(("path", "form"), SENSITIVE)
def test_an_open_browser_is_not_enough_to_change_anything(as_sora, mailoutbox, path, form):
    """Attack case 119."""
    page = as_sora.post(path, form)
    assert page.status_code == 403
    assert ANEW in page.text
    sora = Member.objects.get()
    assert (sora.email, sora.has_usable_password(), sora.left_at) == (
        "sora@example.com",
        False,
        None,
    )
    assert not Authenticator.objects.exists()
    assert SocialAccount.objects.count() == 1
    assert not mailoutbox


def test_an_open_browser_is_not_enough_to_disconnect_the_account(as_sora, keys):
    """Attack case 119."""
    account = SocialAccount.objects.create(user=Member.objects.get(), provider="naver", uid="7")
    assert as_sora.post(CONNECTIONS, {"account": account.pk}).status_code == 403
    assert SocialAccount.objects.filter(pk=account.pk).exists()


def test_after_logging_in_again_the_member_continues(as_sora):
    page = as_sora.get("/accounts/password/set/")
    assert "/accounts/login/?next=/accounts/password/set/" in page.text
    as_sora.post("/accounts/logout/", {"next": "/accounts/login/?next=/accounts/password/set/"})
    assert not is_in(as_sora)
    answer = travel(as_sora, "kakao", next="/accounts/password/set/")
    assert answer["Location"] == "/accounts/password/set/"
    assert as_sora.get("/accounts/password/set/").status_code == 200
    as_sora.post("/accounts/password/set/", NEW)
    assert Member.objects.get().check_password(NEW["password1"])


def test_a_connection_that_took_too_long_returns_to_the_list(as_sora, stand_in):
    """The log-in was recent when connecting a second provider began, and is not any more
    afterwards."""
    travel(as_sora, "kakao")
    address = start(as_sora, "naver", process="connect")
    grow_old(as_sora)
    page = as_sora.get(say_yes(address))
    assert page.status_code == 403
    assert f"/accounts/login/?next={CONNECTIONS}" in page.text
    assert SocialAccount.objects.count() == 1


def test_members_with_a_password_are_asked_for_it(as_minji):
    assert as_minji.get("/accounts/password/set/")["Location"] == "/accounts/password/change/"
    answer = as_minji.post("/accounts/email/", {"action_add": "1", "email": "x@example.com"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
