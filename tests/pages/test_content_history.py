"""Editors see who changed a content page and how, and restore what it said."""

import pytest

from accounts.actions.leaving import leave_site
from pages.actions.content import REVISIONS_KEPT, edit_content_page
from pages.models import ContentRevision
from tests.boards.browsing import read
from tests.page import Page
from tests.pages.content import LIST, make_clerk, write_page

pytestmark = pytest.mark.django_db
HERE = "/content/company/"
HISTORY = f"{HERE}history/"
RESTORE = f"{HERE}restore/"


@pytest.fixture
def edited(owner):
    """A page that the clerk has edited."""
    page = write_page(owner)
    clerk = make_clerk("change")
    return edit_content_page(
        page=page,
        by=clerk,
        title="우리 회사",
        html="<p>너울골의 이웃들이 함께 만듭니다.</p>",
        visibility="members",
    )


def test_it_shows_who_changed_what(as_owner, edited):
    page = Page(read(as_owner, HISTORY).encode())
    newest, first = page.one("nav", class_="edits").all("a")
    assert newest.text.endswith("서기")
    assert first.text.endswith("운영자")
    changes = page.one("section", class_="changes")
    assert "넣음: 함께 넣음 끝." in changes.text
    assert "볼 수 있는 사람: 누구나 → 회원" in changes.text
    created = Page(read(as_owner, first["href"]).encode()).one("section", class_="changes")
    assert "넣음: 너울골의 이웃들이 만듭니다. 넣음 끝." in created.text


def test_the_history_of_the_admin_leads_there(as_owner, edited):
    answer = as_owner.get(f"{LIST}{edited.pk}/history/")
    assert answer["Location"] == HISTORY


def test_an_earlier_text_is_restored(as_owner, as_minji, edited, owner):
    first = edited.revisions.order_by("pk").first()
    form = Page(read(as_owner, f"{HISTORY}?edit={first.pk}").encode()).one("form", action=RESTORE)
    assert form.one("input", name="edit")["value"] == str(first.pk)
    assert as_owner.post(RESTORE, {"edit": first.pk}).status_code == 302
    edited.refresh_from_db()
    assert (edited.title, edited.html) == (first.title, first.html)
    assert edited.visibility == "members"  # nothing is opened by restoring a text
    newest = edited.revisions.order_by("pk").last()
    assert (newest.editor, newest.html) == (owner, first.html)
    assert edited.revisions.count() == 3
    assert "너울골의 이웃들이 만듭니다." in read(as_minji, HERE)


def test_restoring_twice_is_one_edit(as_owner, edited):
    first = edited.revisions.order_by("pk").first()
    for _ in range(2):
        as_owner.post(RESTORE, {"edit": first.pk})
    assert edited.revisions.count() == 3


def test_what_the_page_says_now_cannot_be_restored(as_owner, edited):
    assert "이때로 되돌리기" not in read(as_owner, HISTORY)


def test_others_see_no_history(as_guest, as_minji, log_in, edited):
    from tests.conftest import make_member

    first = edited.revisions.order_by("pk").first()
    reader = log_in(make_member("reader", "열람자", is_staff=True))
    for client in (as_guest, as_minji, reader):
        assert "함께" not in read(client, HISTORY, status=403)
        assert client.post(RESTORE, {"edit": first.pk}).status_code == 403
    assert edited.revisions.count() == 2


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999999999", "١", "-1", "9" * 18])
def test_an_invalid_edit_is_not_found(as_owner, edited, asked):  # case 53
    read(as_owner, f"{HISTORY}?edit={asked}", status=404)
    assert as_owner.post(RESTORE, {"edit": asked}).status_code == 404


def test_an_edit_of_another_page_is_not_found(as_owner, owner, edited):
    other = write_page(owner, slug="other", html="<p>비밀</p>").revisions.get()
    assert "비밀" not in read(as_owner, f"{HISTORY}?edit={other.pk}", status=404)
    assert as_owner.post(RESTORE, {"edit": other.pk}).status_code == 404


def test_the_oldest_edits_are_deleted(owner, monkeypatch):
    monkeypatch.setattr("pages.actions.content.REVISIONS_KEPT", 3)
    page = write_page(owner)
    for number in range(5):
        edit_content_page(page=page, by=owner, title=f"{number}번째")
    assert [each.title for each in page.revisions.order_by("pk")] == ["2번째", "3번째", "4번째"]
    assert REVISIONS_KEPT == 100


def test_an_erased_editor_is_not_named(as_owner, edited):
    from boards.actions.leaving import erase_member

    clerk = ContentRevision.objects.order_by("pk").last().editor
    leave_site(member=clerk)
    erase_member(member=clerk)
    assert "서기" not in read(as_owner, HISTORY)
