"""A slow mail server delays no response, and so does not reveal which addresses are known."""

import threading
import time

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
CODE = "/accounts/login/code/"
may_go = threading.Event()


class Slow(EmailBackend):
    """A mail server that accepts nothing before the test allows it."""

    def send_messages(self, messages):
        assert may_go.wait(30)
        return super().send_messages(messages)


class Broken(EmailBackend):
    def send_messages(self, messages):
        raise ValueError("not even a mail server")


@pytest.fixture
def slow(settings):
    settings.MAILS_IN_BACKGROUND = True
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    may_go.clear()
    yield
    may_go.set()


def arrived(count: int) -> list:
    until = time.monotonic() + 120
    while len(mail.outbox) < count and time.monotonic() < until:
        time.sleep(0.01)
    return mail.outbox


@pytest.mark.parametrize("path", [RESET, CODE])
def test_case_7_the_response_does_not_wait_for_the_mail(as_guest, minji, slow, path):
    known = as_guest.post(path, {"email": "minji@example.com"})
    assert known.status_code == 302
    assert mail.outbox == []
    may_go.set()
    [message] = arrived(1)
    assert message.to == ["minji@example.com"]


def test_errors_are_logged(as_guest, minji, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    assert as_guest.post(RESET, {"email": "minji@example.com"}).status_code == 302
    assert "Could not send account/email/password_reset_key" in caplog.text
    assert "not even a mail server" in caplog.text
