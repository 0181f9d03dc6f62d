"""Consents: at sign-up, later on the member's page, and again after a text changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.consents import give_consents, publish_text
from accounts.models import Consent, Member, MemberSettings
from boardsite.models import OneRow
from tests.accounts.test_sign_up import SIGN_UP, sign_up
from tests.boards.browsing import post_form
from tests.page import Page

pytestmark = pytest.mark.django_db
OWN = "/accounts/consents/"
AGREE = "/accounts/consents/agree/"
GIVE = "/accounts/consents/marketing/agree/"
WITHDRAW = "/accounts/consents/marketing/withdraw/"


def rules(**changes) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults=changes)
    OneRow.forget()


def consents_of(username: str) -> dict:
    given = Consent.objects.filter(member__username=username)
    return {each.kind: each.text for each in given}


# -- At sign-up


def test_signing_up_stores_the_consents(as_guest):
    sign_up(as_guest)
    assert consents_of("sora") == {"terms": None, "privacy": None, "age": None}


def test_signing_up_stores_the_version_that_was_shown(as_guest):
    publish_text(kind="terms", text="하나")
    terms = publish_text(kind="terms", text="둘")
    page = Page(as_guest.get(SIGN_UP).content)
    assert page.one("input", name="shown_terms")["value"] == "2"
    assert page.one("input", name="shown_privacy")["value"] == "0"
    sign_up(as_guest, shown_terms="2", shown_privacy="0")
    assert consents_of("sora") == {"terms": terms, "privacy": None, "age": None}


def test_a_text_that_changed_meanwhile_is_asked_about_again(as_guest):
    publish_text(kind="terms", text="새 약관")
    answer = sign_up(as_guest, shown_terms="0", shown_privacy="0")
    page = Page(answer.content)
    assert "그 사이에 내용이 바뀌었습니다." in page.text
    assert "새 약관" in page.text
    assert page.one("input", name="shown_terms")["value"] == "1"
    assert "checked" not in page.one("input", name="agree_terms").attributes
    assert "checked" in page.one("input", name="agree_privacy").attributes
    assert page.one("input", name="username")["value"] == "sora"
    assert not Member.objects.exists()
    sign_up(as_guest, shown_terms="1", shown_privacy="0")
    assert consents_of("sora")["terms"].version == 1


def test_children_get_an_explanation(as_guest):
    answer = sign_up(as_guest, agree_age="")
    assert "만 14세 미만은 법정대리인의 동의가 있어야" in answer.text
    assert not Member.objects.exists()


def test_the_owner_may_omit_the_question_about_age(as_guest):
    rules(asks_age=False)
    assert "만 14세" not in as_guest.get(SIGN_UP).text
    sign_up(as_guest, agree_age="on")
    assert "age" not in consents_of("sora")


def test_marketing_is_asked_only_where_it_is_offered_and_stays_optional(as_guest, client):
    assert "agree_marketing" not in as_guest.get(SIGN_UP).text
    rules(offers_marketing=True)
    assert "agree_marketing" in as_guest.get(SIGN_UP).text
    sign_up(as_guest)
    assert "marketing" not in consents_of("sora")
    as_guest.logout()
    sign_up(as_guest, username="dami", nickname="다미", email="d@example.com", agree_marketing="on")
    assert "marketing" in consents_of("dami")


# -- The member's page


def test_the_page_lists_the_consents(as_minji, as_junho, as_guest, minji):
    give_consents(member=minji, texts={"terms": publish_text(kind="terms", text="하나")})
    page = Page(as_minji.get(OWN).content)
    assert "회원가입약관 버전 1 동의함" in page.one("main").text
    assert page.all("a", href="/terms/1/")
    assert "회원가입약관 버전 1" not in Page(as_junho.get(OWN).content).one("main").text
    assert as_guest.get(OWN)["Location"] == f"/accounts/login/?next={OWN}"


def test_marketing_is_given_and_withdrawn_and_both_are_stored(as_minji, minji, as_junho):
    rules(offers_marketing=True)
    for _press in range(2):
        assert as_minji.post(GIVE).status_code == 302
    assert "지금 받고 계십니다." in as_minji.get(OWN).text
    as_junho.post(WITHDRAW)  # junho's own, and there is none
    assert minji.consents.get().withdrawn_at is None
    for _press in range(2):
        assert as_minji.post(WITHDRAW).status_code == 302
    row = minji.consents.get()
    assert row.withdrawn_at is not None
    assert "철회함" in as_minji.get(OWN).text
    as_minji.post(GIVE)
    assert minji.consents.filter(withdrawn_at=None).count() == 1
    assert minji.consents.count() == 2
    words = [event.words for event in minji.events.order_by("pk")]
    assert words == [
        "광고성 정보 수신",
        "동의 철회: 광고성 정보 수신",
        "광고성 정보 수신",
    ]


def test_marketing_cannot_be_given_while_the_owner_sends_none(as_minji, minji):
    assert as_minji.post(GIVE).status_code == 403
    assert not minji.consents.exists()


@pytest.mark.parametrize("address", [GIVE, WITHDRAW])
def test_a_get_request_changes_nothing(as_minji, address):
    assert as_minji.get(address).status_code == 405


# -- Again


@pytest.fixture
def new_terms(minji, django_capture_on_commit_callbacks):
    give_consents(member=minji, texts={"terms": None, "privacy": None})
    with django_capture_on_commit_callbacks(execute=True):
        return publish_text(kind="terms", text="새로 쓴 약관", needs_consent=True)


def test_a_member_is_sent_to_the_new_text_and_then_back(as_minji, minji, board, new_terms):
    answer = as_minji.get("/free/?page=1", follow=True)
    assert answer.redirect_chain == [(f"{AGREE}?next=%2Ffree%2F%3Fpage%3D1", 302)]
    page = Page(answer.content)
    assert "새로 쓴 약관" in page.text
    assert page.one("input", name="next")["value"] == "/free/?page=1"
    refused = as_minji.post(AGREE, {"next": "/free/"})
    assert refused.status_code == 422
    assert "새 내용에 동의하셔야 계속하실 수 있습니다." in refused.text
    box = f"agree_{new_terms.pk}"
    assert as_minji.post(AGREE, {"next": "/free/", box: "on"})["Location"] == "/free/"
    assert minji.consents.filter(text=new_terms).count() == 1
    assert as_minji.get("/free/").status_code == 200


def test_the_consent_is_for_the_version_that_was_shown(as_minji, minji, new_terms):
    later = publish_text(kind="terms", text="더 새로 쓴 약관")
    answer = as_minji.post(AGREE, {f"agree_{new_terms.pk}": "on"})
    assert answer.status_code == 422
    assert "더 새로 쓴 약관" in answer.text
    as_minji.post(AGREE, {f"agree_{later.pk}": "on"})
    assert minji.consents.filter(text=later).exists()


def test_it_redirects_to_this_site_only(as_minji, new_terms):
    form = {"next": "https://evil.example/", f"agree_{new_terms.pk}": "on"}
    assert as_minji.post(AGREE, form)["Location"] == "/"


def test_submitted_forms_are_accepted(as_minji, board, new_terms):
    form = post_form(subject="쓰던 글", source="<p>한 시간 동안</p>")
    assert as_minji.post("/free/write/", form)["Location"] == "/free/1/"


def test_anonymous_visitors_owners_and_logging_out_are_exempt(
    as_guest, as_owner, as_minji, board, new_terms
):
    assert as_guest.get("/free/").status_code == 200
    assert as_owner.get("/free/").status_code == 200
    for address in ("/terms/", "/privacy/", "/accounts/logout/", "/accounts/consents/"):
        assert as_minji.get(address).status_code == 200, address


def test_requests_of_scripts_are_exempt(as_minji, board, new_terms):
    answer = as_minji.get("/free/", headers={"sec-fetch-dest": "empty"})
    assert answer.status_code == 200


def test_consent_at_sign_up_is_enough(as_guest, board, new_terms):
    sign_up(as_guest)
    assert as_guest.get("/free/").status_code == 200


def test_a_checked_session_needs_no_query(as_junho, junho, board, new_terms):
    give_consents(member=junho, texts={"terms": new_terms})
    for _ in range(2):  # the first one creates the row of the site's settings
        as_junho.get("/free/")
    with CaptureQueriesContext(connection) as queries:
        as_junho.get("/free/")
    assert not [each for each in queries if "legaltext" in each["sql"] or "consent" in each["sql"]]


def test_a_text_without_required_consent_is_not_asked_about(as_minji, minji, board):
    publish_text(kind="terms", text="글자만 고친 약관")
    assert as_minji.get("/free/").status_code == 200
    assert as_minji.get(AGREE + "?next=/free/")["Location"] == "/free/"
    assert not minji.consents.exists()
