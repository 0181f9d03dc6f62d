"""Finders of a vulnerability learn where to report it (RFC 9116)."""

from datetime import UTC, datetime, timedelta

import pytest

from boardsite.models import OneRow, SiteSettings

ADDRESS = "/.well-known/security.txt"

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]


def name_contact(contact: str) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"security_contact": contact})
    OneRow.forget()


def fields_of(response) -> dict[str, str]:
    lines = response.content.decode().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_there_is_none_until_the_owner_has_named_a_contact(as_guest):
    assert as_guest.get(ADDRESS).status_code == 404


def test_it_names_contact_expiry_and_languages(as_guest, settings):
    settings.SITE_URL = "https://board.example.org"
    name_contact("security@example.org")
    response = as_guest.get(ADDRESS)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = fields_of(response)
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Preferred-Languages"] == "ko, en"
    assert fields["Canonical"] == "https://board.example.org/.well-known/security.txt"
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=80) < expires - datetime.now(UTC) < timedelta(days=365)


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("https://example.org/신고", "https://example.org/%EC%8B%A0%EA%B3%A0"),
        ("a+b?subject=x@example.org", "mailto:a+b%3Fsubject%3Dx@example.org"),
    ],
)
def test_a_contact_is_a_valid_address(as_guest, contact, shown):
    name_contact(contact)
    assert fields_of(as_guest.get(ADDRESS))["Contact"] == shown


def test_the_owner_names_it_in_the_settings(as_owner, as_guest):
    site = SiteSettings.load()
    form = {"name": site.name, "page_size": site.page_size, "security_contact": "s@example.org"}
    assert as_owner.post("/admin/boardsite/sitesettings/1/change/", form).status_code == 302
    assert fields_of(as_guest.get(ADDRESS))["Contact"] == "mailto:s@example.org"


@pytest.mark.parametrize(
    "contact",
    [
        "전화 주세요",
        "http://example.org/",
        "javascript://x",
        "a@example.org\nContact: mailto:b@x.org",
    ],
)
def test_an_invalid_contact_is_refused(as_owner, contact):
    site = SiteSettings.load()
    form = {"name": site.name, "page_size": site.page_size, "security_contact": contact}
    response = as_owner.post("/admin/boardsite/sitesettings/1/change/", form)
    assert response.status_code == 200
    assert SiteSettings.load().security_contact == ""
