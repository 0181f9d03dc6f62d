"""The owner looks at the days' counts in the admin; nobody changes them."""

from datetime import date

import pytest
from django.urls import reverse

from visits.models import DayCount

pytestmark = pytest.mark.django_db

LIST = "admin:visits_daycount_changelist"


@pytest.fixture
def day():
    return DayCount.objects.create(day=date(2026, 11, 23), visitors=2_108)


def test_the_owner_sees_the_days(admin_client, day):
    page = admin_client.get(reverse(LIST))
    assert page.status_code == 200
    assert "접속자집계" in page.content.decode()
    assert "2108" in page.content.decode().replace(",", "")


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_the_owner_changes_nothing(admin_client, day, deed):
    address = reverse(f"admin:visits_daycount_{deed}", args=[day.pk])
    admin_client.post(address, {"day": "2026-11-23", "visitors": "1"})
    assert DayCount.objects.get().visitors == 2_108


def test_days_cannot_be_added(admin_client):
    assert admin_client.get(reverse("admin:visits_daycount_add")).status_code == 403


def test_a_stranger_is_sent_to_log_in(client, day):
    assert client.get(reverse(LIST)).status_code == 302


MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_case_42_markup_in_what_a_browser_says_is_text_for_the_staff(client, admin_client):
    """User agent, referrer and address headers: in the counts, in the sessions, in a record."""
    from accounts.models import Device, Member

    member = Member.objects.create_user("minji", "minji@example.com", "correct-horse-42")
    told = {
        "user-agent": f"Mozilla/5.0 {MARKUP} (Windows NT 10.0) Chrome/130.0",
        "referer": f"https://evil.example/?{MARKUP}",
        "x-forwarded-for": MARKUP,
        "x-real-ip": MARKUP,
        "accept-language": MARKUP,
    }
    client.get("/", headers=told)
    form = {"login": "minji", "password": "correct-horse-42"}
    client.post("/accounts/login/", form, headers=told)
    Device.objects.create(member=member, key_hash="x", name=MARKUP[:40])
    member.events.create(kind="device", words=MARKUP)
    member.notes.create(text=MARKUP)
    pages = {
        reverse(LIST): admin_client,
        f"/admin/accounts/member/{member.pk}/change/": admin_client,
        f"/admin/accounts/member/{member.pk}/record/": admin_client,
        "/admin/accounts/member/": admin_client,
        "/accounts/sessions/": client,
    }
    for address, browser in pages.items():
        page = browser.get(address)
        assert page.status_code == 200, address
        assert "<script>alert(1)" not in page.text, address
        assert "<img src=x" not in page.text, address
    assert (
        "&lt;script&gt;alert(1)"
        in admin_client.get(f"/admin/accounts/member/{member.pk}/record/").text
    )
