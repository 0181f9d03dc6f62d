"""The owner writes terms and privacy texts: each change is a new version, and the old ones stay."""

import pytest

from accounts.actions.consents import give_consents, publish_text
from accounts.models import Consent, LegalText
from tests.page import Page

pytestmark = pytest.mark.django_db
ADD = "/admin/accounts/legaltext/add/"
LIST = "/admin/accounts/legaltext/"


def change(text: LegalText) -> str:
    return f"/admin/accounts/legaltext/{text.pk}/change/"


def test_is_on_its_page_at_once(as_owner, as_guest):
    written = {"kind": "terms", "text": "제1조 서로 아낍니다.\r\n<b>제2조</b>"}
    assert as_owner.post(ADD, written).status_code == 302
    page = Page(as_guest.get("/terms/").content)
    assert page.one("h1").text == "회원가입약관"
    assert "제1조 서로 아낍니다.<br>&lt;b&gt;제2조&lt;/b&gt;" in page.html
    assert "1판" in page.text


def test_a_change_is_a_new_version(as_owner, as_guest, minji):
    first = publish_text(kind="privacy", text="보유기간: 1년")
    give_consents(member=minji, texts={"privacy": first})
    assert as_owner.post(change(first), {"text": "보유기간: 3년"}).status_code == 302
    assert list(LegalText.objects.values_list("version", "text")) == [
        (2, "보유기간: 3년"),
        (1, "보유기간: 1년"),
    ]
    assert minji.consents.get().text == first
    now, before = as_guest.get("/privacy/").text, as_guest.get("/privacy/1/").text
    assert "보유기간: 3년" in now
    assert '<a href="/privacy/1/">1판</a>' in now
    assert "보유기간: 1년" in before
    assert "지금 쓰는 글이 아닙니다." in before
    assert as_guest.get("/privacy/3/").status_code == 404


def test_pressed_twice_is_one_version(db):
    first = publish_text(kind="terms", text="제1조\r\n")
    assert publish_text(kind="terms", text="제1조") == first
    asking = publish_text(kind="terms", text="제1조", needs_consent=True)
    assert asking.version == 2
    assert publish_text(kind="terms", text="제1조") == asking


def test_the_list_says_how_many_agreed_to_each(as_owner, minji, junho):
    first = publish_text(kind="terms", text="하나")
    for member in (minji, junho):
        give_consents(member=member, texts={"terms": first})
    second = publish_text(kind="terms", text="둘")
    give_consents(member=junho, texts={"terms": second})
    rows = Page(as_owner.get(LIST).content).one("table", id="result_list").all("tr")[1:]
    counts = [(row.one("th").text, row.all("td")[-1].text) for row in rows]
    assert counts == [("회원가입약관 2판", "1"), ("회원가입약관 1판", "2")]


def test_is_for_owners(as_minji, as_guest, log_in, junho):
    junho.is_staff = True
    junho.save()
    text = publish_text(kind="terms", text="하나")
    for client in (as_minji, as_guest, log_in(junho)):
        for address in (ADD, LIST, change(text)):
            answer = client.post(address, {"kind": "terms", "text": "남의 약관"})
            assert answer.status_code in (302, 403)
    assert LegalText.objects.get() == text


def test_nobody_deletes_one(as_owner):
    text = publish_text(kind="terms", text="하나")
    assert as_owner.post(f"/admin/accounts/legaltext/{text.pk}/delete/").status_code == 403
    as_owner.post(LIST, {"action": "delete_selected", "_selected_action": [text.pk], "post": "1"})
    assert LegalText.objects.exists()


def test_marketing_cannot_be_demanded(as_owner):
    written = {"kind": "marketing", "text": "광고", "needs_consent": "on"}
    assert "요구할 수 없습니다" in as_owner.post(ADD, written).text
    assert not LegalText.objects.exists()


@pytest.mark.parametrize("address", ["/terms/", "/privacy/"])
def test_where_the_owner_wrote_none_the_built_in_text_stands(as_guest, address):
    page = Page(as_guest.get(address).content)
    assert len(page.one("div", class_="legal-text").all("p")) > 0
    assert as_guest.get(f"{address}1/").status_code == 404
    assert "30일" in as_guest.get("/privacy/").text  # how long leaving can be taken back


def test_every_page_leads_to_both(as_guest):
    links = [a["href"] for a in Page(as_guest.get("/").content).one("footer").all("a")]
    assert {"/terms/", "/privacy/"} <= set(links)


def test_many_versions_cost_two_queries(as_guest, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(50) as captured:
            as_guest.get("/terms/")
        return len(captured)

    as_guest.get("/terms/")
    without = queries()
    for number in range(10):
        publish_text(kind="terms", text=f"{number}")
    assert queries() <= without + 1


def test_consents_are_kept_apart_from_texts(db, minji):
    give_consents(member=minji, texts={"terms": None, "age": None})
    give_consents(member=minji, texts={"terms": None, "age": None})
    assert Consent.objects.count() == 2
