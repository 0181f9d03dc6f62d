"""Settings that the owner changes in one process take effect in all others with their next request.

`elsewhere` writes a row as another process would, without notifying this one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import LegalText, Member, MemberSettings, PointSettings
from boardsite.caching import versions
from boardsite.models import OneRow, SiteSettings
from tests.boards.browsing import comment_form, post_form
from visits.models import VisitSettings

pytestmark = pytest.mark.django_db
WRITE = "/free/1/comments/write/"


def elsewhere(model: type[OneRow], **changes) -> None:
    if not model.objects.filter(pk=1).update(**changes):
        model.objects.create(pk=1, **changes)


@pytest.fixture
def rows(db):
    """Creates all rows, so that tests observe a change of them."""
    for model in (SiteSettings, MemberSettings, PointSettings, VisitSettings):
        model.load()


def test_points_take_effect_at_once_when_switched_on(as_minji, minji, board, rows):
    as_minji.post("/free/write/", post_form(subject="앞"))
    assert Member.objects.get(pk=minji.pk).points == 0
    type(board).objects.filter(pk=board.pk).update(write_points=20)
    elsewhere(PointSettings, is_on=True, login=0)
    as_minji.post("/free/write/", post_form(subject="뒤"))
    assert Member.objects.get(pk=minji.pk).points == 20
    elsewhere(PointSettings, is_on=False)
    as_minji.post("/free/write/", post_form(subject="끝"))
    assert Member.objects.get(pk=minji.pk).points == 20


def test_nobody_joins_without_a_code_once_codes_are_required(as_guest, rows):
    joining = {"username": "hana", "nickname": "하나"}
    assert "invitation" not in as_guest.post("/accounts/signup/", joining).context["form"].fields
    elsewhere(MemberSettings, needs_invitation=True)
    assert "초대 코드" in as_guest.post("/accounts/signup/", joining).text
    assert "초대 코드" in as_guest.get("/accounts/signup/").text


def test_nobody_joins_once_joining_is_closed(as_guest, rows):
    assert as_guest.get("/accounts/signup/").status_code == 200
    elsewhere(MemberSettings, signup_open=False)
    assert "새 회원을 받지" in as_guest.get("/accounts/signup/").text


def test_a_new_text_has_to_be_accepted_before_the_next_page(as_minji, rows, board):
    assert as_minji.get("/free/write/").status_code == 200
    LegalText.objects.create(kind="terms", version=1, text="새 약관", needs_consent=True)
    answer = as_minji.get("/free/write/")
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/consents/agree/")


def test_present_visitors_are_hidden_at_once(as_reader, rows):
    page = "/visits/now/"
    assert as_reader.get(page).status_code == 200
    elsewhere(VisitSettings, shows_present=False)
    assert as_reader.get(page).status_code != 200


def known() -> bool:
    return PointSettings.known().is_on


@pytest.mark.parametrize("request_of", [versions.reading, versions.writing])
def test_each_of_two_caches_sees_the_change(request_of, rows):
    with request_of():
        assert known() is False
    elsewhere(PointSettings, is_on=True)
    with request_of():
        assert known() is True


def test_they_do_not_change_within_a_request(rows):
    with versions.reading():
        assert known() is False
        elsewhere(PointSettings, is_on=True)
        assert known() is False


def test_the_request_that_saves_them_uses_the_new_values(rows):
    with versions.writing():
        assert known() is False
        elsewhere(PointSettings, is_on=True)
        OneRow.forget()
        assert known() is True


def test_outside_of_requests_they_are_read_once_a_minute(rows, monkeypatch):
    assert known() is False
    elsewhere(PointSettings, is_on=True)
    assert known() is False
    now = [0.0]
    monkeypatch.setattr("boardsite.caching.versioned_cache.time.monotonic", lambda: now[0])
    OneRow.forget()
    assert known() is True
    elsewhere(PointSettings, is_on=False)
    now[0] = OneRow.SECONDS + 1
    assert known() is False


def test_without_the_triggers_they_are_read_once_a_minute(rows, monkeypatch):
    """As after restoring a backup without running `migrate`."""
    now = [0.0]
    monkeypatch.setattr("boardsite.caching.versioned_cache.time.monotonic", lambda: now[0])
    monkeypatch.setattr(versions.Versions, "of_site", lambda self: 7)
    with versions.reading():
        known()
    elsewhere(PointSettings, is_on=True)
    now[0] = OneRow.SECONDS + 1
    with versions.reading():
        assert known() is True


def test_without_changes_a_members_request_needs_no_query_for_them(as_junho, post, rows):
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert as_junho.post(WRITE, comment_form()).status_code == 302
        return [query["sql"] for query in captured]

    asked()
    asked()
    for sql in asked():
        assert "settings" not in sql
        assert not sql.startswith("SELECT scope")
