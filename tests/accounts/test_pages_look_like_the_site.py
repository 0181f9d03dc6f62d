"""Every reachable page of allauth has the site's look and is in Korean."""

import re

import pytest
from allauth.account import urls as allauth_urls
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa import urls as mfa_urls
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount import urls as social_urls
from django.template.loader import get_template
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import MemberSettings
from boardsite.models import SiteSettings
from tests.accounts.providers import ADAPTERS
from tests.accounts.software_key import SoftwareKey
from tests.accounts.test_social_log_in import travel
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TO_GUESTS = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_request_login_code",
    "account_confirm_login_code",
}
TO_MEMBERS = {
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "account_confirm_email",
    "account_reset_password",
    "account_set_password",
}
# allauth.mfa: all require the password again, except the two of a log-in.
SECOND_FACTORS = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
# a file; accepts a form and returns JSON
NO_PAGES = {"mfa_download_recovery_codes", "mfa_login_webauthn"}
IN_A_LOG_IN = {"mfa_authenticate"}
# allauth.socialaccount: the first three are for visitors who return from a provider.
THROUGH_PROVIDERS = {
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "socialaccount_connections",
}

# Words of allauth's own pages; names (E-mail, ID/PW, RSS) are no sentences.
ENGLISH = re.compile(
    r"\b(sign|password|please|your|account|address|confirm|change|forgot\w*|remember|username"
    r"|submit|cancel|menu|messages|the|you|this|is|are|not)\b",
    re.IGNORECASE,
)


def words_of(page: str) -> str:
    """The text of a page as read or heard by a visitor."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:placeholder|aria-label|alt|title|content)="([^"]*)"', page)
    return " ".join([re.sub(r"<[^>]*>", " ", page), *spoken])


def address(name: str, member) -> str:
    if name == "account_confirm_email":
        email = EmailAddress.objects.create(user=member, email="new@example.com")
        return reverse(name, args=[EmailConfirmationHMAC(email).key])
    if name == "account_reset_password_from_key":
        from allauth.account.forms import default_token_generator

        token = default_token_generator.make_token(member)
        return reverse(name, args=[user_pk_to_url_str(member), token])
    return reverse(name)


def names_of(patterns) -> set[str]:
    names = set()
    for entry in patterns:
        names |= names_of(entry.url_patterns) if isinstance(entry, URLResolver) else {entry.name}
    return names


def prove(client, path: str = "/accounts/2fa/"):
    """Enters the password again, as the pages of second factors require."""
    return client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})


def assert_ours(response) -> None:
    assert response.status_code in (200, 401, 403, 429)
    page = response.text
    assert '<html lang="ko">' in page
    assert re.search(r"<title>\s*[^<]* \| 한울 마을</title>", page)
    assert '<a class="site-name" href="/">한울 마을</a>' in page
    assert "testserver" not in words_of(page)
    found = ENGLISH.findall(words_of(page).replace("minji@example.com", ""))
    assert not found


@pytest.fixture(autouse=True)
def village(db):
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "한울 마을"})


def test_every_url_of_allauth_is_listed_here():
    assert names_of(allauth_urls.urlpatterns) == TO_GUESTS | TO_MEMBERS
    assert names_of(mfa_urls.urlpatterns) == SECOND_FACTORS | NO_PAGES | IN_A_LOG_IN


@pytest.mark.parametrize("name", sorted(TO_GUESTS))
def test_pages_for_anonymous_visitors(as_guest, minji, name):
    assert_ours(as_guest.get(address(name, minji), follow=True))


@pytest.mark.parametrize("name", sorted(TO_MEMBERS))
def test_pages_for_members(as_minji, minji, name):
    if name == "account_set_password":
        minji.set_unusable_password()
        minji.save()
        as_minji.force_login(minji)
    page = as_minji.get(address(name, minji), follow=True)
    assert page.request["PATH_INFO"].startswith("/accounts/")
    assert_ours(page)


@pytest.mark.parametrize("name", sorted(TO_GUESTS | TO_MEMBERS))
def test_an_empty_form_gets_korean_errors(minji, name):
    client = Client()
    if name not in TO_GUESTS:
        client.force_login(minji)
    path = client.get(address(name, minji), follow=True).request["PATH_INFO"]
    page = client.post(path, {"action_add": "1"}, follow=True)
    if page.status_code != 405:  # pages without a form
        assert page.status_code == 200
        assert "다시 확인해 주세요." in page.text or page.redirect_chain
        if page.request["PATH_INFO"].startswith("/accounts/"):
            assert_ours(page)


@pytest.mark.parametrize("name", sorted(SECOND_FACTORS))
def test_pages_of_the_second_factors(as_minji, minji, name):
    key = SoftwareKey()
    if name != "mfa_activate_totp":
        TOTP.activate(minji, "A" * 32)
        RecoveryCodes.activate(minji)
    prove(as_minji)
    pk = key.register(as_minji, "내 노트북")
    path = reverse(name, args=[pk] if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else [])
    page = as_minji.get(path)
    assert page.status_code == 200
    assert_ours(page)
    if name in ("mfa_index", "mfa_list_webauthn"):
        return
    answer = as_minji.post(path, {}, follow=True)  # an empty form, or only a button
    assert answer.status_code == 200 or name == "mfa_view_recovery_codes"
    if answer.status_code == 200:
        assert_ours(answer)


def test_the_second_page_of_a_log_in(as_guest, minji):
    TOTP.activate(minji, "A" * 32)
    form = {"login": "minji", "password": PASSWORD}
    page = as_guest.post("/accounts/login/", form, follow=True)
    assert page.request["PATH_INFO"] == reverse("mfa_authenticate")
    assert_ours(page)
    assert_ours(as_guest.post(reverse("mfa_authenticate"), {"code": ""}))
    assert_ours(as_guest.post(reverse("mfa_authenticate"), {"credential": "{}"}))


def test_the_page_that_takes_a_mailed_code(as_guest, minji):
    page = as_guest.post("/accounts/login/code/", {"email": "minji@example.com"}, follow=True)
    assert page.request["PATH_INFO"] == reverse("account_confirm_login_code")
    assert_ours(page)
    assert_ours(as_guest.post(reverse("account_confirm_login_code"), {"code": ""}))


def test_disabled_pages_are_not_found(as_guest):
    for path in ("phone/verify/", "phone/change/", "signup/passkey/", "2fa/trust/", "nothing/"):
        assert as_guest.get("/accounts/" + path).status_code == 404


def test_expired_links(as_guest, minji):
    assert_ours(as_guest.get(reverse("account_confirm_email", args=["x:y:z"])))
    assert_ours(as_guest.get(reverse("account_reset_password_from_key", args=["1", "x-y"])))


def test_the_closed_sign_up(as_guest):
    MemberSettings.objects.create(pk=1, signup_open=False)
    assert_ours(as_guest.get("/accounts/signup/"))


def test_our_own_pages(as_minji, minji):
    assert_ours(as_minji.get("/accounts/profile/"))


def test_an_address_that_waits_to_be_confirmed(as_minji, minji):
    EmailAddress.objects.create(user=minji, email="minji@example.com")
    assert "아직 확인되지 않은 주소입니다." in as_minji.get("/accounts/email/").text
    EmailAddress.objects.create(user=minji, email="new@example.com")
    page = as_minji.get("/accounts/email/")
    assert "변경 취소" in page.text
    assert_ours(page)


def test_too_often(as_guest, minji):
    for _ in range(21):
        page = as_guest.post("/accounts/signup/", {})
    assert page.status_code == 429
    assert_ours(page)


def test_the_admin_renders_its_own_fields(as_owner, minji):
    page = as_owner.get(f"/admin/accounts/member/{minji.pk}/change/").text
    assert 'class="vTextField"' in page
    assert 'id="id_nickname_helptext"' in page
    assert as_owner.get("/admin/accounts/member/add/").status_code == 200
    assert as_owner.get(f"/admin/accounts/member/{minji.pk}/password/").status_code == 200


def _patterns(resolver):
    for each in resolver.url_patterns:
        yield from _patterns(each) if hasattr(each, "url_patterns") else [each]


def test_each_page_of_allauth_has_a_template_of_ours():
    """Its own are in Django's language, of which the public site has none."""
    views = [getattr(each.callback, "view_class", None) for each in _patterns(get_resolver())]
    names = {
        each.template_name
        for each in views
        if each and each.__module__.startswith("allauth.") and getattr(each, "template_name", None)
    }
    names = {each for each in names if not each.endswith(".txt")}
    assert len(names) > 20
    for name in names:
        assert get_template(name).backend.name == "jinja", name


def test_a_wrong_password_and_a_right_one(as_minji, minji):
    path = "/accounts/reauthenticate/"
    page = as_minji.post(path, {"password": "guess"})
    assert "비밀번호가 틀립니다." in page.text
    assert_ours(page)
    assert as_minji.post(path, {"password": PASSWORD, "next": "/free/"})["Location"] == "/free/"


def test_every_url_of_providers_is_listed_here():
    assert {pattern.name for pattern in social_urls.urlpatterns} == THROUGH_PROVIDERS


@pytest.mark.parametrize("name", sorted(THROUGH_PROVIDERS - {"socialaccount_signup"}))
def test_pages_about_providers(as_minji, keys, name):
    assert_ours(as_minji.get(reverse(name)))


@pytest.mark.parametrize("provider", ADAPTERS)
def test_pages_on_the_way_to_a_provider(as_guest, keys, provider):
    address = reverse(f"{provider}_login")
    assert_ours(as_guest.get(address))
    assert_ours(as_guest.get(address, {"process": "connect"}))
    # only this page names the host, to which the visitor returns
    leaves = as_guest.post(address).text
    assert re.search(r"<title>[^<]* \| 한울 마을</title>", leaves)
    assert not ENGLISH.findall(re.sub("<[^>]*>", " ", leaves))
    back = reverse("apple_finish_callback" if provider == "apple" else f"{provider}_callback")
    assert_ours(as_guest.get(back, {"code": "x", "state": "x"}))


def test_pages_of_joining_through_a_provider(as_guest, keys):
    travel(as_guest, "kakao")
    address = reverse("socialaccount_signup")
    assert_ours(as_guest.get(address))
    page = as_guest.post(address, {})
    assert "다시 확인해 주세요." in page.text
    assert_ours(page)


def test_the_list_of_sessions(as_minji):
    assert_ours(as_minji.get("/accounts/sessions/"))
