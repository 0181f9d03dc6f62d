"""The owner enters the providers' keys in the admin."""

import pytest
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.models import Permission

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
ADD = "/admin/socialaccount/socialapp/add/"
LIST = "/admin/socialaccount/socialapp/"


def enter(client, address=ADD, **changes):
    form = {"provider": "kakao", "client_id": "rest-api-key", "secret": "hush-hush", "key": ""}
    return client.post(address, {**form, "certificate_key": "", **changes})


def test_the_keys_enable_the_provider(as_owner, as_guest):
    assert "카카오 계정으로 계속하기" not in as_guest.get("/accounts/login/").text
    assert enter(as_owner).status_code == 302
    assert "카카오 계정으로 계속하기" in as_guest.get("/accounts/login/").text
    app = SocialApp.objects.get()
    assert (app.name, app.client_id, app.secret) == ("카카오", "rest-api-key", "hush-hush")


def test_the_page_shows_the_callback_address(as_owner, settings):
    settings.SITE_URL = "https://pado.example"
    page = as_owner.get(ADD).text
    assert "https://pado.example/accounts/naver/login/callback/" in page
    assert "https://pado.example/accounts/kakao/login/callback/" in page
    assert page.count("<option") == 5


def test_a_secret_is_never_shown_and_kept_when_left_empty(as_owner):
    enter(as_owner)
    app = SocialApp.objects.get()
    address = f"{LIST}{app.pk}/change/"
    assert "Apple 팀 ID" not in as_owner.get(address).text  # only Apple has these fields
    for page in (as_owner.get(address), as_owner.get(LIST), as_owner.get("/admin/")):
        assert "hush-hush" not in page.text
    enter(as_owner, address, client_id="another", secret="")
    app.refresh_from_db()
    assert (app.client_id, app.secret) == ("another", "hush-hush")
    enter(as_owner, address, secret="new")
    app.refresh_from_db()
    assert app.secret == "new"


def test_apple_has_its_own_keys(as_owner):
    page = enter(as_owner, provider="apple")
    assert "Apple에는 꼭 있어야 합니다." in page.text
    assert not SocialApp.objects.exists()
    pem = "-----BEGIN PRIVATE KEY-----\r\nabc\r\n-----END PRIVATE KEY-----"
    assert enter(as_owner, provider="apple", key="TEAM", certificate_key=pem).status_code == 302
    app = SocialApp.objects.get()
    assert app.settings == {"certificate_key": pem.replace("\r\n", "\n").strip()}
    address = f"{LIST}{app.pk}/change/"
    assert "PRIVATE" not in as_owner.get(address).text
    enter(as_owner, address, key="TEAM2")
    app.refresh_from_db()
    assert (app.key, "abc" in app.settings["certificate_key"]) == ("TEAM2", True)


@pytest.mark.parametrize("provider", ["naver", "google", "github"])
def test_a_secret_is_required(as_owner, provider):
    assert "꼭 있어야 합니다." in enter(as_owner, provider=provider, secret="").text
    assert not SocialApp.objects.exists()


def test_kakao_needs_no_secret(as_owner):
    assert enter(as_owner, secret="").status_code == 302


def test_a_provider_is_entered_once(as_owner):
    enter(as_owner)
    assert "이미 키를 넣었습니다." in enter(as_owner).text
    assert enter(as_owner, provider="myspace").status_code == 200
    assert SocialApp.objects.count() == 1


def test_it_requires_an_owner(as_owner, log_in, junho, minji):
    enter(as_owner)
    junho.is_staff = True
    junho.save()
    junho.user_permissions.set(Permission.objects.all())
    app = SocialApp.objects.get()
    for client in (log_in(junho), log_in(minji)):
        for address in (LIST, ADD, f"{LIST}{app.pk}/change/"):
            assert client.get(address).status_code in (302, 403)
        assert enter(client, provider="naver").status_code in (302, 403)
    assert SocialApp.objects.count() == 1


def test_allauths_own_admin_pages_are_removed(as_owner):
    page = as_owner.get("/admin/").text
    for name in ("socialaccount", "socialtoken"):
        assert f"/admin/socialaccount/{name}/" not in page
        assert as_owner.get(f"/admin/socialaccount/{name}/").status_code == 404
