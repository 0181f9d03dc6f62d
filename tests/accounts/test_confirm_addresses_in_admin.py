"""The owner confirms an address where no mail arrives; addresses cannot be changed there."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission

pytestmark = pytest.mark.django_db
DESK = "/admin/account/emailaddress/"


@pytest.fixture
def address(minji):
    return EmailAddress.objects.create(user=minji, email=minji.email, primary=True)


def confirm(client, address):
    form = {"action": "confirm", "_selected_action": [address.pk]}
    return client.post(DESK, form, follow=True)


def test_the_owner_confirms(as_owner, address):
    assert "민지 (minji)" in as_owner.get(DESK).content.decode()

    assert "주소 1개를 확인한 것으로 했습니다." in confirm(as_owner, address).content.decode()

    address.refresh_from_db()
    assert address.verified


def test_staff_with_every_permission_cannot(as_junho, junho, address):
    junho.is_staff = True
    junho.save()
    junho.user_permissions.set(Permission.objects.filter(content_type__app_label="account"))

    assert as_junho.get(DESK).status_code == 403
    assert confirm(as_junho, address).status_code == 403
    address.refresh_from_db()
    assert not address.verified


def test_even_the_owner_cannot_add_or_change_one(as_owner, address):
    assert as_owner.get(f"{DESK}add/").status_code == 403
    change = as_owner.post(f"{DESK}{address.pk}/change/", {"email": "junho@example.com"})
    assert change.status_code == 403
    address.refresh_from_db()
    assert address.email == "minji@example.com"


def test_allauths_admin_pages_have_korean_names(as_owner):
    page = as_owner.get("/admin/").content.decode()

    assert "Authenticators" not in page
    assert "소셜 애플리케이션" not in page
    assert "소셜 로그인 키" in page
    assert "2단계 인증과 패스키" in page
