"""The owner sees what is not published yet, and nobody else does."""

import pytest
from django.test import Client, RequestFactory

from pages.preview import KEY, is_previewing
from tests.boards.browsing import read
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.any_database

BAR = "미리 보기 중"


def staff():
    return make_member("staff", "직원", is_staff=True)


def test_the_owner_previews_the_site(as_owner, board):
    assert BAR not in read(as_owner, "/")
    assert as_owner.post("/content/preview/").url == "/"
    for address in ("/", "/free/"):
        answer = as_owner.get(address)
        bar = Page(answer.content).one("aside", class_="preview-bar")
        assert BAR in bar.text
        assert [form["action"] for form in bar.all("form")] == [
            "/content/preview/publish/",
            "/content/preview/",
        ]
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_owner_ends_the_preview(as_owner, board):
    as_owner.post("/content/preview/")
    as_owner.post("/content/preview/", {"is_on": "0"})
    assert BAR not in read(as_owner, "/")
    assert "Cache-Control" not in as_owner.get("/").headers


@pytest.mark.parametrize("end", ["publish", "discard"])
def test_publishing_and_discarding_end_the_preview(as_owner, board, end):
    as_owner.post("/content/preview/")
    assert as_owner.post(f"/content/preview/{end}/").url == "/"
    assert BAR not in read(as_owner, "/")


def test_nobody_else_sees_the_preview(as_owner, as_guest, as_minji, board):
    as_owner.post("/content/preview/")
    assert BAR in read(as_owner, "/")  # and what is rendered for them is not cached for others
    for browser in (as_guest, as_minji):
        assert BAR not in read(browser, "/")


def test_the_buttons_of_the_bar_carry_their_token(owner, board):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)
    session = browser.session
    session[KEY] = True
    session.save()
    bar = Page(browser.get("/").content).one("aside", class_="preview-bar")
    form = bar.one("form", action="/content/preview/")
    fields = {each["name"]: each["value"] for each in form.all("input")}
    assert browser.post(form["action"], {}).status_code == 403
    assert browser.post(form["action"], fields).status_code == 302
    assert BAR not in read(browser, "/")


@pytest.mark.parametrize("address", ["", "publish/", "discard/"])
def test_others_are_refused(as_guest, as_minji, as_moderator, log_in, address):
    for browser in (as_guest, as_minji, as_moderator, log_in(staff())):
        assert browser.post(f"/content/preview/{address}").status_code == 403
        assert BAR not in read(browser, "/")


@pytest.mark.parametrize("address", ["", "publish/", "discard/"])
def test_a_link_switches_nothing(as_owner, address):
    assert as_owner.get(f"/content/preview/{address}").status_code == 405


def test_a_former_owner_previews_nothing(as_owner, owner, board):
    as_owner.post("/content/preview/")
    owner.is_superuser = False
    owner.save()
    assert BAR not in read(as_owner, "/")


def test_a_request_without_a_session_is_no_preview():
    assert not is_previewing(RequestFactory().post("/"))
