"""The duration of a log-in must not reveal who is a member: one hash, whatever is typed."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.models import Member
from tests.conftest import PASSWORD, make_member

pytestmark = pytest.mark.django_db


class CountingHasher(MD5PasswordHasher):
    calls = 0

    def encode(self, password, salt):
        CountingHasher.calls += 1
        return super().encode(password, salt)


@pytest.fixture
def hashes(settings):
    """`hashes(action)` returns how many passwords are hashed meanwhile."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    def count(action) -> int:
        before = CountingHasher.calls
        action()
        return CountingHasher.calls - before

    return count


@pytest.fixture
def members(minji, junho):
    """One member of each kind; junho and another one wait to confirm an address that is Minji's."""
    without = make_member("kakao", "카카오로")
    without.set_unusable_password()
    without.save()
    make_member("inactive", "쉼", is_active=False)
    make_member("robot", "수집", is_robot=True)
    for other in (junho, without):
        EmailAddress.objects.create(user=other, email=minji.email)
        EmailAddress.objects.create(user=other, email="nobodys@example.com")
    Member.objects.filter(username="robot").update(email="Robot@Example.com")


TYPED = [
    "minji",
    " MINJI ",
    "minji@example.com",
    "MINJI@example.com",
    "junho@example.com",
    "kakao",
    "kakao@example.com",
    "inactive",
    "inactive@example.com",
    "robot@example.com",
    "nobody",
    "nobody@example.com",
    "nobodys@example.com",
    "민지",
    "@",
    "a" * 2_000,
    "a" * 2_000 + "@example.com",
]


@pytest.mark.parametrize("password", ["guess", PASSWORD, "가" * 3_000])
def test_one_hash_whatever_is_typed(hashes, members, password):
    """Attack case 104."""
    counts = {}
    for number, typed in enumerate(TYPED):
        browser = Client(REMOTE_ADDR=f"203.0.113.{number}")  # each below the limit of guesses
        form = {"login": typed, "password": password}
        counts[typed] = hashes(lambda b=browser, f=form: b.post("/accounts/login/", f))
    assert counts == dict.fromkeys(TYPED, 1)


def test_a_shared_address_opens_the_account_of_its_owner(as_guest, members, minji):
    """Attack case 104: members who only wait to confirm it do not come first."""
    as_guest.post("/accounts/login/", {"login": minji.email, "password": PASSWORD})
    assert as_guest.session["_auth_user_id"] == str(minji.pk)


def test_reauthentication_hashes_once_too(hashes, members, as_minji):
    for password in ("guess", PASSWORD):
        form = {"password": password, "next": "/accounts/email/"}
        assert hashes(lambda form=form: as_minji.post("/accounts/reauthenticate/", form)) == 1
