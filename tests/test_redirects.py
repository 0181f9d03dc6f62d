"""Attack case 72: whatever `next` a form or a URL contains, it leads to a page of this site."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.accounts.test_log_in import ELSEWHERE
from tests.accounts.test_sign_up import sign_up
from tests.accounts.test_social_log_in import SIGN_UP, filled_in, travel
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
OWN = re.compile(r"/(?![/\\])[!-~]*\Z")  # a path: no host, no second slash, no invisible characters


def stays(response) -> bool:
    """Whether the response does not redirect, or redirects to a path of this site."""
    assert "Set-Cookie:a" not in str(response.headers)
    if response.status_code not in (301, 302):
        return True
    location = response["Location"].removeprefix("http://testserver/free/") or "/"
    return bool(OWN.match(location))


def proven(member) -> Client:
    client = Client()
    client.force_login(member)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize("address", ELSEWHERE)
def test_case_72_of_a_guest(address, minji, as_guest):
    assert sign_up(as_guest, next=address)["Location"] == "/"
    for page in ("login/", "signup/", "login/code/", "2fa/webauthn/login/"):
        assert stays(Client().get(f"/accounts/{page}", {"next": address})), page
    client = Client()
    client.post("/accounts/login/code/", {"email": "minji@example.com", "next": address})
    code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    answer = client.post("/accounts/login/code/confirm/", {"code": code, "next": address})
    assert answer["Location"] == "/"
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("address", ELSEWHERE)
def test_case_72_of_a_member(address, minji, junho, as_minji):
    for page in ("consents/agree/", "reauthenticate/", "email/", "password/change/", "3rdparty/"):
        assert stays(as_minji.get(f"/accounts/{page}", {"next": address})), page
    proof = {"password": PASSWORD, "next": address}
    assert stays(as_minji.post("/accounts/reauthenticate/", proof))
    for action in ("block", "unblock"):
        assert stays(as_minji.post(f"/members/junho/{action}/", {"next": address})), action
    assert stays(as_minji.post("/accounts/consents/agree/", {"next": address}))
    assert stays(as_minji.post("/accounts/logout/", {"next": address}))
    assert stays(as_minji.get("/admin/login/", {"next": address}))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_case_72_by_way_of_a_provider(address, as_guest, keys, minji):
    travel(as_guest, "kakao", next=address)
    assert as_guest.post(SIGN_UP, filled_in())["Location"] == "/"
    assert travel(Client(), "kakao", next=address)["Location"] == "/"
    assert stays(travel(proven(minji), "naver", process="connect", next=address))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_case_72_where_a_post_is_opened_or_reported(address, as_guest, as_owner, post):
    assert stays(as_guest.post("/free/1/unlock/", {"password": "x", "to": address}))
    assert stays(as_guest.get("/free/1/unlock/", {"to": address}))
    assert stays(as_owner.post("/reports/", {"next": address, "back": address}))


def test_case_72_there_is_no_address_that_sets_a_language():
    """Django's own view would redirect to any `next`."""
    with pytest.raises(NoReverseMatch):
        reverse("set_language")


def test_case_72_the_page_that_refuses_leads_nowhere_else(as_guest, board):
    page = (
        as_guest.get("//evil.example/free/write/").text
        + as_guest.get("/free/write/?next=//evil").text
    )
    assert 'value="//' not in page
    assert 'href="//' not in page
