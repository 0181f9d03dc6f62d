"""The whole way to a provider and back, with the provider of the test."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import suspend_member
from accounts.actions.invitations import clean_code
from accounts.models import Invitation, Member, MemberSettings
from boardsite.models import OneRow
from tests.accounts.providers import ADAPTERS

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
SIGN_UP = "/accounts/3rdparty/signup/"
CONNECTIONS = "/accounts/3rdparty/"


def start(client, provider: str, **form) -> str:
    """The address at the provider to which our page continues."""
    page = client.post(f"/accounts/{provider}/login/", form)
    assert page.status_code == 200
    return html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)[1])


def say_yes(address: str) -> str:
    """Consents at the provider; returns path and query at our site."""
    answer = requests.get(address, allow_redirects=False, timeout=60)
    return answer.headers["Location"].removeprefix("http://testserver")


def travel(client, provider: str, **form):
    """There and back; returns our response to the provider's redirect."""
    return client.get(say_yes(start(client, provider, **form)))


def filled_in(**changes) -> dict:
    form = {"agree_terms": "on", "agree_privacy": "on", "agree_age": "on"}
    form |= {"username": "sora", "nickname": "소라", "email": "sora@example.com"}
    return {**form, **changes}


def join(client, provider: str = "kakao", **changes):
    travel(client, provider)
    return client.post(SIGN_UP, filled_in(**changes))


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def set_rules(**rules) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults=rules)
    OneRow.forget()


# -- without keys ----------------------------------------------------------------------------------
@pytest.mark.parametrize("provider", ADAPTERS)
def test_without_keys_a_provider_is_not_available(as_guest, provider):
    for answer in (
        as_guest.get(f"/accounts/{provider}/login/"),
        as_guest.post(f"/accounts/{provider}/login/"),
    ):
        assert answer.status_code == 404
        assert "이 사이트에서 쓰지 않는 로그인 방법입니다." in answer.text
    assert as_guest.get(f"/accounts/{provider}/login/callback/").status_code in (404, 405)
    assert as_guest.post(f"/accounts/{provider}/login/callback/").status_code == 404


def test_without_keys_there_is_no_button_and_one_query(as_guest):
    for address in ("/accounts/login/", "/accounts/signup/"):
        as_guest.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = as_guest.get(address)
        assert "계정으로 계속하기" not in page.text
        assert sum("socialaccount" in query["sql"] for query in queries) == 1


def test_with_keys_each_provider_has_a_button(as_guest, keys):
    SocialApp.objects.filter(provider="apple").delete()
    for address in ("/accounts/login/?next=/free/", "/accounts/signup/?next=/free/"):
        page = as_guest.get(address).text
        forms = re.findall(
            r'<form method="post" action="/accounts/(\w+)/login/">(.*?)</form>', page, re.DOTALL
        )
        assert [name for name, _ in forms] == ["kakao", "naver", "google", "github"]
        for _name, form in forms:
            assert "csrfmiddlewaretoken" in form
            assert 'name="next" value="/free/"' in form
        assert "카카오 계정으로 계속하기" in page


# -- joining ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("provider", "is_verified"),
    [("kakao", True), ("naver", False), ("google", True), ("github", True)],
)
def test_the_first_time_leads_to_our_form_and_creates_a_member(
    as_guest, keys, stand_in, provider, is_verified
):
    answer = travel(as_guest, provider, next="/new/")
    assert answer["Location"] == SIGN_UP
    assert not Member.objects.exists()
    page = as_guest.get(SIGN_UP).text
    assert 'value="sora@example.com"' in page
    assert 'value="소라"' in page
    assert ('value="sora"' in page) == (provider == "github")
    assert "password" not in page

    answer = as_guest.post(SIGN_UP, filled_in())
    assert answer["Location"] == "/new/"
    sora = Member.objects.get()
    assert (sora.username, sora.nickname, sora.email) == ("sora", "소라", "sora@example.com")
    assert not sora.has_usable_password()
    assert as_guest.session["_auth_user_id"] == str(sora.pk)
    assert "소라님의 회원가입을 진심으로 축하합니다." in as_guest.get("/accounts/profile/").text
    assert list(EmailAddress.objects.values_list("email", "verified")) == [
        ("sora@example.com", is_verified)
    ]
    consents = set(sora.consents.values_list("kind", flat=True))
    assert {"terms", "privacy"} <= consents


@pytest.mark.parametrize("provider", ["kakao", "naver", "github"])
def test_little_of_the_providers_data_is_stored(as_guest, keys, provider):
    join(as_guest, provider)
    account = SocialAccount.objects.get()
    assert account.extra_data.keys() == {"name"}
    stored = json.dumps(account.extra_data)
    assert not any(word in stored for word in ("0401", "010-1234", "http"))
    assert SocialToken.objects.count() == 0


def test_the_next_time_is_a_log_in(as_guest, keys, stand_in):
    join(as_guest)
    again = Client()
    stand_in.people["kakao"]["kakao_account"]["email"] = "moved@example.com"
    assert travel(again, "kakao", next="/free/")["Location"] == "/free/"
    sora = Member.objects.get()
    assert again.session["_auth_user_id"] == str(sora.pk)
    assert sora.email == "sora@example.com"


def test_it_redirects_to_no_other_site(as_guest, keys):
    travel(as_guest, "kakao", next="https://evil.example/")
    assert as_guest.post(SIGN_UP, filled_in())["Location"] == "/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"agree_terms": ""}, "회원가입약관의 내용에 동의하셔야 회원가입하실 수 있습니다."),
        ({"username": "Admin"}, "이미 예약된 단어라서 사용할 수 없는 아이디입니다."),
        ({"username": ""}, "아이디를 입력해 주세요."),
        ({"nickname": "운영자"}, "이미 예약된 단어라서 사용할 수 없는 별명입니다."),
        ({"nickname": "바보"}, "사용할 수 없는 별명"),
        ({"email": ""}, "E-mail 주소를 입력해 주세요."),
    ],
)
def test_the_form_has_the_rules_of_the_other_one(as_guest, keys, changes, sentence):
    set_rules(refused_names="바보")
    page = join(as_guest, **changes)
    assert sentence in page.text
    assert not Member.objects.exists()
    assert as_guest.post(SIGN_UP, filled_in())["Location"] == "/"


def test_it_is_refused_while_the_sign_up_is_closed(as_guest, keys):
    set_rules(signup_open=False)
    assert "지금은 새 회원을 받지 않습니다." in travel(as_guest, "kakao").text
    as_guest.post(SIGN_UP, filled_in())
    assert not Member.objects.exists()


def test_it_requires_an_invitation_like_the_other_form(as_guest, keys, owner):
    set_rules(needs_invitation=True)
    join(as_guest)
    assert not Member.objects.exclude(pk=owner.pk).exists()
    invitation = Invitation.objects.create(code=clean_code("BOMNAL2026"), maker=owner)
    as_guest.post(SIGN_UP, filled_in(code="BOMNAL2026"))
    assert Member.objects.get(username="sora").invitation == invitation


def test_the_code_of_an_invitations_link_is_kept(as_guest, keys, owner):
    set_rules(needs_invitation=True)
    invitation = Invitation.objects.create(code=clean_code("BOMNAL2026"), maker=owner)
    as_guest.get(f"/accounts/signup/?code={invitation.code}")
    travel(as_guest, "kakao")
    assert f'value="{invitation.code}"' in as_guest.get(SIGN_UP).text
    as_guest.post(SIGN_UP, filled_in(code=invitation.code))
    assert Member.objects.get(username="sora").invitation == invitation


def test_the_owners_approval_is_required_here_too(as_guest, keys):
    set_rules(needs_approval=True)
    assert join(as_guest).status_code == 403
    assert Member.objects.get().is_pending
    assert not is_in(as_guest)
    again = Client()
    travel(again, "kakao")
    assert not is_in(again)


def test_an_unverified_address_is_confirmed_by_mail(as_guest, keys, mailoutbox):
    set_rules(confirms_email=True)
    join(as_guest, "naver")
    assert not is_in(as_guest)
    assert [mail.to for mail in mailoutbox] == [["sora@example.com"]]
    other = Client()
    join(other, "kakao", username="haneul", nickname="하늘", email="other@example.com")
    assert not is_in(other)  # the provider has verified sora@, not the entered one


def test_a_verified_address_need_not_be_confirmed(as_guest, keys, mailoutbox):
    set_rules(confirms_email=True)
    join(as_guest, "kakao")
    assert is_in(as_guest)
    assert mailoutbox == []


def test_after_a_conflict_another_name_can_be_chosen(as_guest, keys, monkeypatch):
    def too_late(*args, **kwargs):
        raise IntegrityError

    travel(as_guest, "kakao")
    with monkeypatch.context() as patch:
        patch.setattr(SocialAccount, "save", too_late)
        page = as_guest.post(SIGN_UP, filled_in())
    assert "방금 다른 분이 같은 이름을 골랐습니다." in page.text
    assert not Member.objects.exists()
    assert as_guest.post(SIGN_UP, filled_in())["Location"] == "/"


# -- no account is taken over (case 16)
# --------------------------------------------------------------
@pytest.mark.parametrize("provider", ["kakao", "naver", "google", "github"])
def test_a_members_address_connects_nothing(as_guest, keys, stand_in, minji, provider):
    """Case 16: neither an unverified nor a verified address."""
    EmailAddress.objects.create(user=minji, email=minji.email, verified=True, primary=True)
    for person in (stand_in.people["kakao"]["kakao_account"], stand_in.people["naver"]["response"]):
        person["email"] = minji.email
    stand_in.people["google"]["email"] = stand_in.emails[0]["email"] = minji.email
    assert travel(as_guest, provider)["Location"] == SIGN_UP
    assert not is_in(as_guest)
    page = as_guest.post(SIGN_UP, filled_in(email=minji.email))
    assert "먼저 그 아이디로 로그인한 뒤" in page.text
    assert Member.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_a_log_in_is_not_started_by_a_link_or_another_site(keys, minji):
    """Case 16."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(minji)
    asks = client.get("/accounts/kakao/login/?process=connect")
    assert asks.status_code == 200
    assert "http-equiv" not in asks.text
    assert "카카오 계정 연결" in asks.text
    assert client.post("/accounts/kakao/login/?process=connect").status_code == 403
    assert "socialaccount_states" not in client.session


@pytest.mark.parametrize("state", [None, "", "x" * 16, "somebody else's"])
def test_an_answer_without_this_browsers_state_is_refused(keys, stand_in, as_minji, state):
    """Case 16: an attacker's own code, sent to a member who is logged in."""
    attacker = Client()
    back = say_yes(start(attacker, "kakao", process="connect"))
    words = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    if state is None:
        del words["state"]
    elif state != "somebody else's":
        words["state"] = state
    answer = as_minji.get("/accounts/kakao/login/callback/", words)
    assert answer.status_code == 401
    assert "로그인하지 못했습니다" in answer.text
    assert not SocialAccount.objects.exists()


def test_a_state_is_valid_once_and_for_one_provider(as_guest, keys):
    """Case 16, and case 11: the identity from a provider is the only one that is checked here."""
    back = say_yes(start(as_guest, "kakao"))
    elsewhere = back.replace("kakao", "naver")
    assert as_guest.get(elsewhere).status_code == 401
    assert as_guest.get(back)["Location"] == SIGN_UP
    assert as_guest.get(back).status_code == 401


def test_an_account_without_a_password_accepts_none(as_guest, keys):
    """Case 2: neither an empty nor the unusable password, nor a forged cookie."""
    join(as_guest)
    sora = Member.objects.get()
    thief = Client()
    for password in ("", "!", sora.password, "None"):
        thief.post("/accounts/login/", {"login": "sora", "password": password, "remember": "on"})
        assert not is_in(thief)
    device = as_guest.cookies.get("device")
    for cookies in (
        {"sessionid": "a" * 32, "remember": "sora"},
        {"ck_auto": "sora"},
        {"device": device.value if device else ""},
    ):
        thief = Client()
        thief.cookies.load(cookies)
        assert thief.get("/accounts/profile/").status_code == 302


# -- logging in ------------------------------------------------------------------------------------
def test_a_suspended_member_is_refused(as_guest, keys, owner):
    join(as_guest)
    sora = Member.objects.get(username="sora")
    suspend_member(member=sora, until=None, reason="광고", by=owner)
    again = Client()
    page = travel(again, "kakao")
    assert page.status_code == 403
    assert "이용이 정지된 아이디입니다." in page.text
    assert not is_in(again)


def test_declining_at_the_provider_is_explained(as_guest, keys, stand_in):
    stand_in.declines = True
    answer = as_guest.get(say_yes(start(as_guest, "kakao")), follow=True)
    assert "로그인을 그만두었습니다" in answer.text
    assert not is_in(as_guest)


@pytest.mark.parametrize("provider", ["kakao", "naver", "google", "github"])
def test_a_provider_that_is_down_is_no_error_of_ours(as_guest, keys, stand_in, provider):
    back = say_yes(start(as_guest, provider))
    stand_in.is_broken = True
    page = as_guest.get(back)
    assert page.status_code == 401
    assert "로그인하지 못했습니다" in page.text


def test_a_forged_code_is_refused(as_guest, keys):
    back = say_yes(start(as_guest, "kakao"))
    assert as_guest.get(re.sub("code=[^&]+", "code=guess", back)).status_code == 401


# -- Apple -----------------------------------------------------------------------------------------
def apples_form(address: str) -> tuple[str, dict]:
    page = requests.get(address, timeout=60).text
    fields = re.findall(r'<input name="(\w+)" value="([^"]*)">', page)
    where = re.search(r'action="http://testserver([^"]+)"', page)[1]
    return where, {name: html.unescape(value) for name, value in fields}


def come_back_from_apple(client):
    """Apple's page posts from its own site, so without our cookies."""
    where, form = apples_form(start(client, "apple"))
    cookieless = Client(enforce_csrf_checks=True)
    answer = cookieless.post(where, form, headers={"origin": "https://appleid.apple.com"})
    assert answer.status_code == 302
    client.cookies.update(cookieless.cookies)
    return client.get(answer["Location"].removeprefix("http://testserver"))


def test_apple_posts_its_answer_from_its_own_site(as_guest, keys, stand_in):
    assert come_back_from_apple(as_guest)["Location"] == SIGN_UP
    asked = stand_in.asked[0]
    assert asked["response_mode"] == "form_post"
    assert asked["redirect_uri"] == "http://testserver/accounts/apple/login/callback/"
    assert set(asked["scope"].split()) == {"name", "email"}
    assert as_guest.post(SIGN_UP, filled_in())["Location"] == "/"
    assert SocialAccount.objects.get().uid == "apple-4711"


def test_an_answer_without_apples_signature_is_refused(as_guest, keys, stand_in):
    stand_in.signing_key = rsa.generate_private_key(65537, 2048)
    assert come_back_from_apple(as_guest).status_code == 401


def test_apples_answer_for_another_browser_is_refused(as_guest, keys, minji):
    """Case 16."""
    where, form = apples_form(start(Client(), "apple", process="connect"))
    as_guest.force_login(minji)
    answer = as_guest.post(where, form)
    assert as_guest.get(answer["Location"].removeprefix("http://testserver")).status_code == 401
    assert not SocialAccount.objects.exists()


def test_posts_in_apples_name_are_limited(as_guest, keys):
    where = "/accounts/apple/login/callback/"
    assert as_guest.post(where, {"id_token": "x" * 30_000}).status_code == 400
    statuses = [as_guest.post(where, {"code": "x"}).status_code for _ in range(25)]
    assert statuses[-1] == 429
    assert Client().post("/accounts/google/login/token/", {}).status_code == 404


# -- PKCE and nonce (the stand-in refuses a code whose verifier is missing or wrong) ---------------
@pytest.mark.parametrize("provider", ADAPTERS)
def test_a_code_is_useless_without_the_verifier(keys, stand_in, provider):
    """Attack case 118: each log-in has its own challenge, whose verifier stays at our site."""
    for _ in range(2):
        requests.get(start(Client(), provider), allow_redirects=False, timeout=60)
    first, second = stand_in.asked
    assert first["code_challenge_method"] == second["code_challenge_method"] == "S256"
    assert first["code_challenge"] != second["code_challenge"]
    assert "code_verifier" not in first


@pytest.mark.parametrize("provider", ADAPTERS)
def test_an_intercepted_code_is_useless_elsewhere(keys, stand_in, provider):
    """Attack case 118: the thief begins a log-in of their own and inserts another one's code."""
    caught = stand_in.authorize(provider, leaves_with(start(Client(), provider)))[1]["code"]
    thief = Client()
    answer = come_back(thief, provider, start(thief, provider), code=caught)
    assert answer.status_code == 401
    assert thief.get(SIGN_UP).status_code == 302, "nobody to sign up"
    assert not is_in(thief)


@pytest.mark.parametrize("nonce", ["", "of-another-log-in"])
@pytest.mark.parametrize("provider", ["google", "apple"])
def test_a_token_made_for_another_log_in_is_refused(as_guest, keys, stand_in, provider, nonce):
    """Attack case 118: somebody injects a token without a nonce or with another one."""
    stand_in.nonce = nonce
    assert come_back(as_guest, provider, start(as_guest, provider)).status_code == 401
    assert as_guest.get(SIGN_UP).status_code == 302
    stand_in.nonce = None
    assert come_back(as_guest, provider, start(as_guest, provider))["Location"] == SIGN_UP


def leaves_with(address: str) -> dict:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_back(client, provider: str, address: str, **changes):
    """From `address` at the provider, with changes to its answer."""
    if provider == "apple":
        where, form = apples_form(address)
        answer = Client().post(where, form | changes)
        client.cookies.update(answer.client.cookies)
        return client.get(answer["Location"].removeprefix("http://testserver"))
    back = urlsplit(say_yes(address))
    return client.get(back.path, leaves_with(back.geturl()) | changes)
