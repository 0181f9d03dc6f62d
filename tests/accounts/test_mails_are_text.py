"""Attack case 50: members' names write no header and no markup into any mail."""

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.mails.members import mail_member
from accounts.models import Consent, Device, Member
from boardsite.models import OneRow, SiteSettings

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
EVIL = "<b>x</b>\r\nBcc: a@b.kr"
OURS = Path(settings.BASE_DIR) / "templates/accounts/email"
NAMES = sorted(path.name[: -len("_subject.txt")] for path in OURS.glob("*_subject.txt"))


@pytest.fixture
def evil(minji):
    """Rows that no form would accept: the mails must be safe by themselves."""
    Member.objects.filter(pk=minji.pk).update(nickname=EVIL[:16], suspension_reason=EVIL)
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": f"마을 {EVIL}"})
    OneRow.forget()
    return Member.objects.get(pk=minji.pk)


@pytest.mark.parametrize("name", NAMES)
def test_case_50_in_our_mails(name, evil):
    consent = Consent(member=evil, kind="marketing", given_at=timezone.now())
    mail_member(
        evil,
        name,
        applicant=evil,
        device=Device(member=evil, name=EVIL, first_seen_at=timezone.now()),
        consent=consent,
        until=timezone.now(),
        address="https://board.example.kr/",
        password_url="https://board.example.kr/",
        sessions_url="https://board.example.kr/",
    )
    is_plain(mail.outbox[-1], to=evil.email)


def is_plain(letter, to: str) -> None:
    """One subject, no other receivers, and no markup but our own."""
    read = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    assert not read.defects
    assert letter.recipients() == [to]
    assert "Bcc" not in read
    assert "Cc" not in read
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert not re.search("&(lt|gt|amp|quot|#)", letter.body), "text is not escaped as HTML is"
    html = read.get_body(("html",)).get_content()
    assert "<b>" not in html, "what members write is escaped there"
    assert "<script" not in html


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/accounts/password/reset/", {"email": "minji@example.com"}),
        ("/accounts/login/code/", {"email": "minji@example.com"}),
    ],
)
def test_case_50_in_allauths_mails(address, form, evil, as_guest):
    as_guest.post(address, form)
    (letter,) = mail.outbox
    is_plain(letter, to="minji@example.com")


def test_case_50_no_form_accepts_an_address_with_a_header(as_guest, minji):
    for email in ("a@b.kr\nBcc: c@d.kr", "a@b.kr\r\n\r\nx", "a@b.kr, c@d.kr", "<a@b.kr>"):
        as_guest.post("/accounts/password/reset/", {"email": email})
        as_guest.post("/accounts/login/code/", {"email": email})
    assert not mail.outbox
