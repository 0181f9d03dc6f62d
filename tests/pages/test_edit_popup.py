"""The owner, and staff with the permission, write popups in the admin; the text is made safe."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pages.models import Popup
from tests.page import Page

pytestmark = pytest.mark.any_database

LIST = "/admin/pages/popup/"
ADD = f"{LIST}add/"


def sent(**fields) -> dict:
    """The fields of the form."""
    return {
        "title": "봄맞이 안내",
        "body": "<p>벚꽃 나들이를 갑니다.</p>",
        "is_on": "on",
        "starts_at_0": "2026-04-01",
        "starts_at_1": "00:00:00",
        "ends_at_0": "2026-04-10",
        "ends_at_1": "00:00:00",
        "place": "front",
        "devices": "all",
        "hide_hours": "24",
        "position": "0",
    } | fields


def errors(response) -> str:
    assert response.status_code == 200
    return " ".join(each.text for each in Page(response.content).all("ul", class_="errorlist"))


def test_the_owner_writes_one(as_owner):
    assert as_owner.post(ADD, sent()).status_code == 302
    popup = Popup.objects.get()
    assert (popup.title, popup.version) == ("봄맞이 안내", 1)
    assert popup.body == "<p>벚꽃 나들이를 갑니다.</p>"
    assert timezone.localtime(popup.starts_at).isoformat() == "2026-04-01T00:00:00+09:00"
    assert "봄맞이 안내" in Page(as_owner.get(LIST).content).text


def test_staff_with_the_permission_write_one_too(log_in, staff):
    assert log_in(staff("add_popup")).post(ADD, sent()).status_code == 302
    assert Popup.objects.count() == 1


def test_others_cannot(client, as_minji, log_in, staff, popup):
    without = log_in(staff("view_popup"))
    change, preview = f"{LIST}{popup.pk}/change/", f"{LIST}{popup.pk}/preview/"
    for visitor in (client, as_minji):
        for address in (LIST, ADD, change, preview):
            assert visitor.get(address).status_code == 302, address  # to the log-in page
    assert without.get(change).status_code == 200
    for address in (ADD, change):
        assert without.post(address, sent(title="바꿈")).status_code == 403
    popup.refresh_from_db()
    assert popup.title == "봄맞이 안내"


def test_staff_without_any_permission_do_not_even_see_it(log_in, staff, popup):
    visitor = log_in(staff())
    for address in (LIST, f"{LIST}{popup.pk}/preview/"):
        assert visitor.get(address).status_code == 403


def test_html_is_cleaned(as_owner):
    body = '<p onclick="alert(1)">봄<script>alert(1)</script></p><img src="javascript:alert(1)">'
    as_owner.post(ADD, sent(body=body))
    assert Popup.objects.get().body == "<p>봄</p>"


def test_plain_text_becomes_paragraphs(as_owner):
    as_owner.post(ADD, sent(body="첫 줄\n\n둘째 줄"))
    assert Popup.objects.get().body == "<p>첫 줄</p><p>둘째 줄</p>"


@pytest.mark.parametrize("body", ["", "<p> </p>", "<script>봄</script>"])
def test_an_empty_text_is_refused(as_owner, body):
    assert errors(as_owner.post(ADD, sent(body=body)))
    assert not Popup.objects.exists()


@pytest.mark.parametrize("body", ["가" * 1_000_000, "<b>" * 9_000, "<p>가</p>" * 3_000])
def test_a_text_that_is_too_long_is_refused(as_owner, body):
    assert errors(as_owner.post(ADD, sent(body=body)))
    assert not Popup.objects.exists()


def test_the_end_is_after_the_start(as_owner):
    refused = as_owner.post(ADD, sent(ends_at_0="2026-04-01"))
    assert "종료일시는 시작일시보다 뒤여야 합니다." in errors(refused)


def test_without_an_end(as_owner):
    assert as_owner.post(ADD, sent(ends_at_0="", ends_at_1="")).status_code == 302
    assert Popup.objects.get().ends_at is None


def test_chosen_boards_are_named(as_owner, board):
    assert "게시판을 골라 주세요" in errors(as_owner.post(ADD, sent(place="boards")))
    assert as_owner.post(ADD, sent(place="boards", boards=[board.pk])).status_code == 302
    assert list(Popup.objects.get().boards.all()) == [board]


def test_only_a_change_that_visitors_see_opens_it_again(as_owner, popup):
    change = f"{LIST}{popup.pk}/change/"
    as_owner.post(change, sent(place="all", hide_hours="48"))
    popup.refresh_from_db()
    assert (popup.hide_hours, popup.version) == (48, 1)
    as_owner.post(change, sent(place="all", hide_hours="48", title="새 안내"))
    popup.refresh_from_db()
    assert (popup.title, popup.version) == ("새 안내", 2)


def test_the_owner_looks_at_it_before_it_is_shown(as_owner, as_reader, make_popup):
    popup = make_popup(is_on=False)
    page = Page(as_owner.get(f"{LIST}{popup.pk}/preview/").content)
    dialog = page.one("dialog", class_="popup")
    assert dialog.one("h2").text == "봄맞이 안내"
    assert "data-preview" in dialog.attributes
    assert "봄맞이 안내" not in as_reader.get("/").text
    assert as_owner.get(f"{LIST}999/preview/").status_code == 404


def test_the_list_says_what_is_shown(as_owner, make_popup):
    make_popup(title="꺼진 안내", is_on=False)
    make_popup(title="앞으로의 안내", starts_at=timezone.now() + timedelta(days=1))
    text = Page(as_owner.get(LIST).content).text
    assert "사용 안 함" in text
    assert "예정" in text
