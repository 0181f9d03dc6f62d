"""Forms that another site submits are refused, even with a valid token."""

import pytest
from django.test import Client

from accounts.mails.notifications import token_of
from accounts.models import NotificationChoice
from boards.models import Comment
from tests.boards.browsing import comment_form

pytestmark = pytest.mark.any_database

WRITE = "/free/1/comments/write/"
FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://testserver.evil.example"},
    {"referer": "http://evil.example/free/1/"},
    {"referer": "http://testserver@evil.example/"},
    {"referer": "http://[evil/"},
    {"referer": "javascript:alert(1)"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    {"referer": "http://evil.example/", "sec-fetch-site": "same-origin"},
]
OWN = [
    {},
    {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
    {"sec-fetch-site": "none"},
    {"referer": "http://testserver/free/1/?comments=2"},
    {"origin": "http://testserver"},
    {"sec-fetch-site": "same-site"},
]


@pytest.fixture
def browser(junho):
    """Junho's browser, which must send the token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(junho)
    return client


def send(client, address, fields, headers):
    """Posts one of our forms with its token."""
    client.get("/free/1/")
    token = client.cookies["csrftoken"].value
    return client.post(address, fields | {"csrfmiddlewaretoken": token}, headers=headers)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_from_elsewhere_is_refused_with_a_good_token(browser, post, headers):
    """Attack case 123."""
    answer = send(browser, WRITE, comment_form(text="남이 보낸 말"), headers)
    assert answer.status_code == 403
    assert not Comment.objects.exists()
    assert "남이 보낸 말" not in answer.text, "it is not the visitor's"


@pytest.mark.parametrize("headers", OWN)
def test_our_own_form_is_accepted(browser, post, headers):
    assert send(browser, WRITE, comment_form(), headers).status_code == 302
    assert Comment.objects.count() == 1


def test_a_form_of_a_trusted_origin_is_accepted(browser, post, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.pado.kr"]
    for source in ("https://www.pado.kr", "https://pado.kr.evil.example", "http://www.pado.kr"):
        send(browser, WRITE, comment_form(), {"referer": f"{source}/free/"})
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/logout/", "/admin/login/", "/accounts/signup/"]
)
def test_every_form_is_protected(browser, post, address, headers):
    assert send(browser, address, {}, headers).status_code == 403


def test_an_anonymous_visitor_with_a_cached_page(post):
    client = Client(enforce_csrf_checks=True)
    for headers in FOREIGN:
        assert send(client, "/accounts/login/", {}, headers).status_code == 403
    answer = send(client, "/accounts/login/", {}, {"origin": "http://testserver"})
    assert answer.status_code != 403


def test_mail_programs_unsubscribe_from_anywhere(minji):
    """RFC 8058: without a cookie, and from whatever site the mail is read at."""
    NotificationChoice.objects.create(member=minji, kind="comment", way="mail")
    client = Client(enforce_csrf_checks=True)
    address = f"/notifications/unsubscribe/{token_of(minji.pk, ['comment'])}/"
    headers = {"sec-fetch-site": "cross-site", "origin": "https://mail.example"}
    answer = client.post(address, {"List-Unsubscribe": "One-Click"}, headers=headers)
    assert answer.status_code == 200
    assert not NotificationChoice.objects.filter(member=minji, way="mail").exists()


def test_reading_is_allowed_from_everywhere(as_guest, post):
    for headers in FOREIGN:
        assert as_guest.get("/free/1/", headers=headers).status_code == 200


def test_apples_answer_comes_by_post_from_apple(client, db):
    """Its form_post has neither our cookie nor our token; allauth checks the state."""
    headers = {"sec-fetch-site": "cross-site", "origin": "https://appleid.apple.com"}
    csrf = Client(enforce_csrf_checks=True)
    answer = csrf.post("/accounts/apple/login/callback/", {"state": "x"}, headers=headers)
    assert answer.status_code != 403
