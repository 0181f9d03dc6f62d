"""A form that needs a fresh proof waits in the session, if it is a member's and short."""

import pytest
from django.contrib.sessions.models import Session

pytestmark = pytest.mark.django_db
PATH = "/accounts/2fa/totp/activate/"


def test_nothing_of_an_anonymous_visitors_form_is_stored(as_guest):
    for code in ("123456", "x" * 1_000_000):
        answer = as_guest.post(PATH, {"code": code})
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/accounts/login/?next={PATH.replace('/', '%2F')}",
        )
    assert not Session.objects.exists()


@pytest.mark.parametrize(("length", "is_stored"), [(6, True), (1_000_000, False)])
def test_a_members_form_is_stored_if_it_is_short(as_minji, length, is_stored):
    answer = as_minji.post(PATH, {"code": "1" * length})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    stored = as_minji.session.get("account_reauthentication_state")
    assert (stored is not None) == is_stored
    assert len(str(dict(as_minji.session))) < 20_000
