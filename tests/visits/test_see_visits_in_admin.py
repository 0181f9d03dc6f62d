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
    assert "날짜별 접속자" in page.content.decode()
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
