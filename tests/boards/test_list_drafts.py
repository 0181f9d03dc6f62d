"""/drafts/ lists the member's own drafts, the last saved first."""

import uuid

import pytest

from boards.actions.drafts import save_draft
from boards.models import Board, Draft, Post
from boards.queries.drafts import words_of
from tests.boards.browsing import post_form, read
from tests.page import Page, follow


@pytest.fixture
def draft(minji, board):
    words = words_of([("subject", ["쓰다 만 글"]), ("source", ["봄"])])
    return save_draft(member=minji, board=board, token=uuid.uuid4(), words=words)[0]


def test_the_list_shows_subject_board_and_a_link_to_continue(as_minji, draft):
    page = Page(read(as_minji, "/drafts/")).one("main")
    follow(page.text, ["임시 저장 글", "쓰다 만 글", "자유게시판", "이어 쓰기", "삭제"])
    assert page.one("a", class_="title")["href"] == f"/free/write/?draft={draft.pk}"


def test_the_write_page_shows_the_number_of_drafts(as_minji, draft):
    assert "임시 저장된 글 (1)" in read(as_minji, "/free/write/")
    assert "임시 저장된 글" not in read(as_minji, f"/free/write/?draft={draft.pk}")


def test_a_draft_of_a_board_that_became_closed_has_no_link(as_minji, draft):
    Board.objects.update(write_level=9)
    assert "지금은 그곳에 쓸 수 없습니다." in read(as_minji, "/drafts/")


def test_a_draft_that_can_no_longer_be_posted_can_be_copied(as_minji, draft, post):
    """Also case 80: opening a draft publishes nothing."""
    Draft.objects.update(source="<p>봄이 <b>왔다</b></p><p>둘째</p>", format="html")
    Board.objects.update(write_level=9)
    assert f'href="/drafts/{draft.pk}/"' in read(as_minji, "/drafts/")
    assert as_minji.get(f"/free/write/?draft={draft.pk}").url == f"/drafts/{draft.pk}/"
    page = Page(read(as_minji, f"/drafts/{draft.pk}/")).one("main")
    assert "지금은 그곳에 쓸 수 없습니다." in page.text
    assert "봄이 왔다" in page.one("textarea").text
    assert page.one("input", id="draft_subject")["value"] == "쓰다 만 글"
    assert "이어 쓰기" not in page.text
    assert Post.objects.get() == post


def test_an_edit_that_is_no_longer_allowed_can_be_copied(as_minji, minji, junho, post):
    words = words_of([("subject", ["고치던 글"]), ("source", ["봄"])])
    kept = {"member": minji, "board": post.board, "token": uuid.uuid4(), "words": words}
    draft, _dropped = save_draft(**kept, post=post)
    Post.objects.update(author=junho)
    assert as_minji.get(f"/free/1/edit/?draft={draft.pk}").url == f"/drafts/{draft.pk}/"


def test_other_members_cannot_copy_a_draft(as_junho, as_owner, as_guest, draft):  # case 25
    Board.objects.update(write_level=9)
    for browser, status in ((as_junho, 404), (as_owner, 404), (as_guest, 403)):
        assert "쓰다 만 글" not in read(browser, f"/drafts/{draft.pk}/", status=status)
    assert "쓰다 만 글" not in read(as_junho, f"/free/write/?draft={draft.pk}", status=404)


def test_a_draft_can_be_deleted(as_minji, draft):
    assert as_minji.post(f"/drafts/{draft.pk}/delete/").url == "/drafts/"
    assert Draft.objects.count() == 0
    assert "임시 저장한 글이 없습니다." in read(as_minji, "/drafts/")


def test_other_members_neither_see_nor_delete_a_draft(
    as_junho, as_owner, as_guest, draft
):  # case 25
    for browser, status in ((as_junho, 404), (as_owner, 404), (as_guest, 403)):
        assert browser.post(f"/drafts/{draft.pk}/delete/").status_code == status
        assert "쓰다 만 글" not in browser.get("/drafts/").content.decode()
    assert Draft.objects.count() == 1


def test_the_second_of_two_windows_keeps_its_text(as_minji, post):
    form = Page(read(as_minji, "/free/1/edit/"))
    seen = form.one("input", name="edited_at")["value"]
    first = post_form(source="<p>첫 창</p>", edited_at=seen)
    second = post_form(source="<p>둘째 창</p>", edited_at=seen)
    assert as_minji.post("/free/1/edit/", first).status_code == 302
    assert as_minji.post("/free/1/edit/", first).status_code == 302  # the same text once more
    refused = as_minji.post("/free/1/edit/", second)
    assert refused.status_code == 422
    assert "다른 곳에서 고쳐졌습니다" in refused.content.decode()
    assert "둘째 창" in refused.content.decode()
    assert "첫 창" in read(as_minji, "/free/1/")
    now = Page(refused.content).one("input", name="edited_at")["value"]
    assert as_minji.post("/free/1/edit/", second | {"edited_at": now}).status_code == 302
    assert "둘째 창" in read(as_minji, "/free/1/")
