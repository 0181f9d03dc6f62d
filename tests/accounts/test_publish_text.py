"""The owner publishes terms and privacy texts: each change is a new version, and old versions stay."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from accounts.actions.consents import give_consents, publish_text
from accounts.models import Consent, LegalText
from boardsite.models import SiteSettings
from tests.boards.browsing import dangers
from tests.page import Page

pytestmark = pytest.mark.django_db
ADD = "/admin/accounts/legaltext/add/"
LIST = "/admin/accounts/legaltext/"
ADDRESSES = {"terms": "/terms/", "privacy": "/privacy/consent/", "policy": "/privacy/"}


def change(text: LegalText) -> str:
    return f"/admin/accounts/legaltext/{text.pk}/change/"


def test_it_is_on_its_page_at_once(as_owner, as_guest):
    as_guest.get("/terms/")
    written = {"kind": "terms", "text": "<h2>제1조</h2><p>서로 <b>아낍니다.</b></p>"}
    assert as_owner.post(ADD, written).status_code == 302
    page = Page(as_guest.get("/terms/").content)
    assert page.one("h1").text == "회원가입약관"
    assert "<h3>제1조</h3><p>서로 <b>아낍니다.</b></p>" in page.html
    assert "버전 1" in page.text


def test_a_text_without_tags_is_plain_text(as_owner, as_guest):
    as_owner.post(ADD, {"kind": "terms", "text": "제1조 서로 아낍니다.\r\n1 < 2"})
    assert "<p>제1조 서로 아낍니다.<br>1 &lt; 2</p>" in as_guest.get("/terms/").text


@pytest.mark.any_database
@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>"],
)
@pytest.mark.parametrize("kind", ["terms", "privacy", "policy"])
def test_payloads_do_nothing(as_owner, as_guest, kind, payload):  # case 41
    as_owner.post(ADD, {"kind": kind, "text": f"<p>인사</p>{payload}"})
    for address in (ADDRESSES[kind], "/accounts/signup/"):
        assert dangers(as_guest.get(address).text) == []
    assert "인사" in as_guest.get(ADDRESSES[kind]).text


@pytest.mark.parametrize("kind", ["terms", "privacy"])
def test_a_version_in_plain_text_reads_as_before(as_owner, as_guest, kind):
    """Until version 1.0.0 every text was plain."""
    publish_text(kind=kind, text="제1조 <b>서로</b>\r\n아낍니다.\n\n제2조")
    html = "<p>제1조 &lt;b&gt;서로&lt;/b&gt;<br>아낍니다.</p>"
    for address in (ADDRESSES[kind], f"{ADDRESSES[kind]}1/", "/accounts/signup/"):
        page = as_guest.get(address).text
        assert html in page, address
        assert "<p>제2조</p>" in page
    old = LegalText.objects.get()
    field = Page(as_owner.get(change(old)).content).one("textarea", name="text")
    assert field.text == html + "<p>제2조</p>"
    as_owner.post(change(old), {"text": html + "<p>제2조</p><p>제3조</p>"})
    assert html in as_guest.get(f"{ADDRESSES[kind]}1/").text
    assert "<p>제3조</p>" in as_guest.get(ADDRESSES[kind]).text


def test_the_policy_and_the_consent_are_separate_texts(as_owner, as_guest, as_minji, minji):
    as_owner.post(ADD, {"kind": "policy", "text": "<p>처리방침 전문</p>"})
    as_owner.post(ADD, {"kind": "privacy", "text": "<p>수집하는 항목</p>"})
    policy = Page(as_guest.get("/privacy/").content)
    assert policy.one("h1").text == "개인정보 처리방침"
    assert "처리방침 전문" in policy.text
    assert "수집하는 항목" not in policy.text
    asked = as_guest.get("/accounts/signup/").text
    assert "수집하는 항목" in asked
    assert "처리방침 전문" not in asked
    consent = LegalText.objects.get(kind="privacy")
    give_consents(member=minji, texts={"privacy": consent})
    own = Page(as_minji.get("/accounts/consents/").content)
    address = own.one("a", href="/privacy/consent/1/")["href"]
    page = Page(as_minji.get(address).content)
    assert page.one("h1").text == "개인정보 수집 및 이용"
    assert "수집하는 항목" in page.text


def test_nobody_is_asked_to_agree_to_the_policy(as_owner):
    written = {"kind": "policy", "text": "<p>처리방침</p>", "needs_consent": "on"}
    assert "처리방침은 알리는 글입니다." in as_owner.post(ADD, written).text
    assert not LegalText.objects.exists()


def test_the_built_in_policy_names_the_officer(as_guest, db):
    SiteSettings.objects.update_or_create(pk=1, defaults={"privacy_officer": "김너울"})
    assert "개인정보 보호책임자: 김너울" in as_guest.get("/privacy/").text
    assert "개인정보 보호책임자 : 김너울" in Page(as_guest.get("/").content).one("footer").text


def test_earlier_texts_become_versions_of_the_policy(minji):
    """The migration of version 1.0.0, in which one text was both."""
    migration = import_module("accounts.migrations.0003_separate_privacy_policy")
    texts = [publish_text(kind="privacy", text=text) for text in ("하나", "둘")]
    publish_text(kind="terms", text="약관")
    give_consents(member=minji, texts={"privacy": texts[1]})
    migration.copy_texts(apps, SimpleNamespace(connection=connection))
    policies = LegalText.objects.filter(kind="policy").order_by("version")
    assert [(each.version, each.text, each.is_html) for each in policies] == [
        (1, "하나", False),
        (2, "둘", False),
    ]
    assert [each.published_at for each in policies] == [each.published_at for each in texts]
    assert minji.consents.get().text == texts[1]
    assert LegalText.objects.count() == 5


def test_a_change_is_a_new_version(as_owner, as_guest, minji):
    first = publish_text(kind="privacy", text="보유기간: 1년")
    give_consents(member=minji, texts={"privacy": first})
    assert as_owner.post(change(first), {"text": "<p>보유기간: 3년</p>"}).status_code == 302
    assert list(LegalText.objects.values_list("version", "text", "is_html")) == [
        (2, "<p>보유기간: 3년</p>", True),
        (1, "보유기간: 1년", False),
    ]
    assert minji.consents.get().text == first
    here = "/privacy/consent/"
    now, before = as_guest.get(here).text, as_guest.get(f"{here}1/").text
    assert "보유기간: 3년" in now
    assert f'<a href="{here}1/">버전 1</a>' in now
    assert "보유기간: 1년" in before
    assert "지금 쓰는 글이 아닙니다." in before
    assert as_guest.get(f"{here}3/").status_code == 404


def test_a_repeated_submission_is_one_version(db):
    first = publish_text(kind="terms", text="제1조\r\n")
    assert publish_text(kind="terms", text="제1조") == first
    asking = publish_text(kind="terms", text="제1조", needs_consent=True)
    assert asking.version == 2
    assert publish_text(kind="terms", text="제1조") == asking


def test_the_list_shows_the_number_of_consents(as_owner, minji, junho):
    first = publish_text(kind="terms", text="하나")
    for member in (minji, junho):
        give_consents(member=member, texts={"terms": first})
    second = publish_text(kind="terms", text="둘")
    give_consents(member=junho, texts={"terms": second})
    rows = Page(as_owner.get(LIST).content).one("table", id="result_list").all("tr")[1:]
    counts = [(row.one("th").text, row.all("td")[-1].text) for row in rows]
    assert counts == [("회원가입약관 버전 2", "1"), ("회원가입약관 버전 1", "2")]


def test_it_requires_an_owner(as_minji, as_guest, log_in, junho):
    junho.is_staff = True
    junho.save()
    text = publish_text(kind="terms", text="하나")
    for client in (as_minji, as_guest, log_in(junho)):
        for address in (ADD, LIST, change(text)):
            answer = client.post(address, {"kind": "terms", "text": "남의 약관"})
            assert answer.status_code in (302, 403)
    assert LegalText.objects.get() == text


def test_nobody_can_delete_one(as_owner):
    text = publish_text(kind="terms", text="하나")
    assert as_owner.post(f"/admin/accounts/legaltext/{text.pk}/delete/").status_code == 403
    as_owner.post(LIST, {"action": "delete_selected", "_selected_action": [text.pk], "post": "1"})
    assert LegalText.objects.exists()


def test_consent_to_marketing_cannot_be_required(as_owner):
    written = {"kind": "marketing", "text": "광고", "needs_consent": "on"}
    assert "요구할 수 없습니다" in as_owner.post(ADD, written).text
    assert not LegalText.objects.exists()


@pytest.mark.parametrize("address", ["/terms/", "/privacy/", "/privacy/consent/"])
def test_without_a_text_of_the_owner_the_built_in_text_is_shown(as_guest, address):
    page = Page(as_guest.get(address).content)
    assert len(page.one("div", class_="legal-text").all("p")) > 0
    assert as_guest.get(f"{address}1/").status_code == 404
    assert "30일" in as_guest.get("/privacy/").text  # the grace period for coming back


def test_every_page_links_to_both(as_guest):
    links = [a["href"] for a in Page(as_guest.get("/").content).one("footer").all("a")]
    assert {"/terms/", "/privacy/"} <= set(links)


def test_many_versions_need_two_queries(as_guest, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(50) as captured:
            as_guest.get("/terms/")
        return len(captured)

    as_guest.get("/terms/")
    without = queries()
    for number in range(10):
        publish_text(kind="terms", text=f"{number}")
    as_guest.get("/terms/")  # reads again what the caches have dropped
    assert queries() <= without + 1


def test_consents_are_listed_separately_from_texts(db, minji):
    give_consents(member=minji, texts={"terms": None, "age": None})
    give_consents(member=minji, texts={"terms": None, "age": None})
    assert Consent.objects.count() == 2
