"""The owner edits a member in the admin, and no other column changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.page import Page


@pytest.fixture
def page_of(minji):
    return f"/admin/accounts/member/{minji.pk}/change/"


def filled(client, address: str) -> dict[str, str]:
    """The form's values as shown on the page."""
    form = Page(client.get(address).content).one("form", id="member_form")
    boxes = {"checkbox", "radio"}
    fields = {
        field["name"]: field.attributes.get("value", "")
        for field in form.all("input")
        if "name" in field.attributes
        and field.attributes.get("type") not in {"submit", "file"}
        and (field.attributes.get("type") not in boxes or "checked" in field.attributes)
    }
    return fields | {area["name"]: area.text for area in form.all("textarea")}


def test_a_new_level_changes_no_counters(as_owner, minji, page_of):
    form = filled(as_owner, page_of) | {"level": "5"}
    with CaptureQueriesContext(connection) as captured:
        assert as_owner.post(page_of, form).status_code == 302
    minji.refresh_from_db()
    assert (minji.level, minji.nickname) == (5, "민지")
    (update,) = [
        query["sql"]
        for query in captured
        if query["sql"].startswith('UPDATE "accounts_member"') and '"level"' in query["sql"]
    ]
    for count in ("points", "post_count", "comment_count", "unread_notification_count"):
        assert count not in update


def test_a_new_nickname_changes_its_key(as_owner, minji, page_of):
    form = filled(as_owner, page_of) | {"nickname": "민지새이름"}
    assert as_owner.post(page_of, form).status_code == 302
    minji.refresh_from_db()
    assert minji.nickname == "민지새이름"
    assert type(minji).objects.with_nickname("민지새이름").get() == minji


def test_a_member_is_refused(as_junho, minji, page_of):
    assert as_junho.post(page_of, {"level": "10"}).status_code == 302
    minji.refresh_from_db()
    assert minji.level == 2
