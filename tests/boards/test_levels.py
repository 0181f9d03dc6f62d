"""Fields that a board's levels remove from the form are also ignored in a crafted request."""

import pytest

from boards.actions.files import store_file, store_picture
from boards.actions.posts import write_post
from boards.models import Attachment, Board, BoardGroup, ModerationEntry, Post
from boards.repair import recount
from tests.boards.browsing import document, picture, post_form, read
from tests.conftest import make_member
from tests.page import Page

WRITE, EDIT = "/free/write/", "/free/1/edit/"
RICH = '<p>벚꽃 <strong>활짝</strong></p><p><img src="{}" alt=""></p>'


def body() -> str:
    return Post.objects.select_related("body").get().body.html


@pytest.fixture
def rich(board, minji):
    """Return minji's post, written with the editor: bold text and a picture."""
    shown = store_picture(uploader=minji, upload=picture(), is_inline=True)
    source = RICH.format(shown.url)
    post = write_post(author=minji, board=board, subject="봄", source=source, format="html")
    Board.objects.update(html_level=9)
    return post


# -- the editor ------------------------------------------------------------------------------------
def test_below_the_editor_level_html_is_stored_as_text(as_minji, as_guest, board):  # case 34
    Board.objects.update(html_level=9)
    as_minji.post(WRITE, post_form(source="<b>굵게</b>", format="html"))
    assert body() == "<p>&lt;b&gt;굵게&lt;/b&gt;</p>"
    assert "<b>굵게</b>" not in read(as_guest, "/free/1/")


def test_below_the_editor_level_the_editor_is_not_loaded(as_minji, as_moderator, board):
    Board.objects.update(html_level=9)
    page = read(as_minji, WRITE)
    assert "hugerte" not in page
    assert "data-editor" not in page
    assert 'name="format"' not in page
    assert "data-editor" in read(as_moderator, WRITE)


def test_an_edit_of_the_subject_alone_keeps_pictures_and_markup(as_minji, rich):
    before = body()
    page = Page(read(as_minji, EDIT))
    assert "고치면 사라집니다." in page.text
    words = page.one("textarea", name="source").text
    assert words == "벚꽃 활짝"
    as_minji.post(EDIT, {"subject": "새 제목", "source": f"{words}\r\n", "submission": ""})
    assert (Post.objects.get().subject, body()) == ("새 제목", before)
    assert Attachment.objects.get().post == rich


def test_an_edit_of_the_text_becomes_plain_text(as_minji, rich):
    as_minji.post(EDIT, {"subject": "봄", "source": "<i>다</i> 졌다", "submission": ""})
    assert body() == "<p>&lt;i&gt;다&lt;/i&gt; 졌다</p>"
    assert "고치면 사라집니다." not in read(as_minji, EDIT)


def test_an_edit_by_a_moderator_is_html(as_moderator, rich):
    assert "고치면 사라집니다." not in read(as_moderator, EDIT)
    as_moderator.post(EDIT, post_form(source="<p><b>졌다</b></p>"))
    assert "<b>졌다</b>" in body() or "<strong>졌다</strong>" in body()


def test_a_guest_s_form_without_editor_and_files_opens(as_guest, board):
    Board.objects.update(write_level=1, html_level=2, upload_types="jpg, pdf")
    assert 'name="files"' not in read(as_guest, WRITE)


# -- links and files -------------------------------------------------------------------------------
def test_below_the_link_level_links_are_ignored(as_minji, as_moderator, board):
    Board.objects.update(link_level=5)
    assert 'name="link1"' not in read(as_minji, WRITE)
    as_minji.post(WRITE, post_form(link1="https://pado.kr/"))
    assert not Post.objects.get().links.exists()
    as_moderator.post(WRITE, post_form(link1="https://pado.kr/"))
    assert Post.objects.latest("pk").links.get().url == "https://pado.kr/"


def test_an_edit_below_the_link_level_keeps_existing_links(as_minji, board):
    as_minji.post(WRITE, post_form(link1="https://pado.kr/"))
    Board.objects.update(link_level=5)
    as_minji.post(EDIT, post_form(link1="https://elsewhere.kr/", subject="고침"))
    post = Post.objects.get()
    assert (post.subject, post.links.get().url) == ("고침", "https://pado.kr/")


def test_below_the_attachment_level_files_are_refused(as_minji, minji, board):  # case 30
    Board.objects.update(upload_level=5)
    assert as_minji.post("/free/upload-picture/", {"file": picture()}).status_code == 403
    assert as_minji.post("/free/upload-file/", {"file": document()}).status_code == 403
    own = store_file(uploader=minji, upload=document(), limit=1000)
    as_minji.post(WRITE, post_form(files=[document()], kept_files=[own.pk]))
    assert not Post.objects.get().attachments.exists()


# -- for moderators only (cases 26, 27, 34) --------------------------------------------------------
def test_flags_of_moderators_are_ignored_for_members(as_minji, board):  # case 34
    flags = {"is_secret": "on", "is_notice": "on", "is_site_notice": "on"}
    as_minji.post(WRITE, post_form(**flags))
    as_minji.post(EDIT, post_form(subject="고침", **flags))
    post = Post.objects.get()
    assert post.subject == "고침"
    assert (post.is_secret, post.is_notice, post.is_site_notice) == (False, False, False)


def test_a_moderator_cannot_make_a_notice_of_the_whole_site(as_moderator, board):  # case 34
    as_moderator.post(WRITE, post_form(is_notice="on", is_site_notice="on"))
    post = Post.objects.get()
    assert (post.is_notice, post.is_site_notice) == (True, False)


@pytest.mark.parametrize("action", ["move", "copy"])
@pytest.mark.parametrize("at", ["list", "post"])
def test_a_moderator_cannot_move_posts_into_a_board_of_others(
    action, at, as_moderator, other_board, post
):
    fields = {"operation": action, "posts": [post.pk], "board": other_board.pk, "at": at}  # case 26
    assert as_moderator.post("/free/moderate/", fields).status_code == 403
    assert as_moderator.post("/qna/moderate/", fields).status_code == 403
    assert Post.objects.get().board == post.board
    assert not ModerationEntry.objects.exists()
    assert recount(repairs=False) == []


@pytest.mark.parametrize("action", ["hide", "delete", "close", "move"])
def test_no_moderator_changes_posts_of_the_owner(
    action, as_moderator, moderator, owner, board, other_board
):  # case 27
    other_board.moderators.add(moderator)
    post = write_post(author=owner, board=board, subject="주인의 글", source="<p>글</p>")
    fields = {"operation": action, "posts": [post.pk], "board": other_board.pk}
    assert as_moderator.post("/free/moderate/", fields).status_code == 403
    assert as_moderator.post(EDIT, post_form(subject="남의 말")).status_code == 403
    assert as_moderator.post("/free/1/delete/").status_code == 403
    found = Post.objects.get()
    assert (found.subject, found.state, found.is_closed) == ("주인의 글", "published", False)


# -- media (case 24) -------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["level", "group"])
def test_media_of_a_closed_board_is_not_found(way, as_guest, as_junho, log_in, board, group, minji):
    member = make_member("inside", "안사람", level=5)
    shown = store_picture(uploader=minji, upload=picture(), is_inline=True)
    attached = store_file(uploader=minji, upload=document(), limit=1000)
    source = RICH.format(shown.url)
    write_post(author=minji, board=board, subject="봄", source=source, files=[attached])
    if way == "level":
        Board.objects.update(read_level=5)
    else:
        BoardGroup.objects.update(is_private=True)
        group.members.add(member)
    own = [attached.url, shown.url, f"/files/{shown.pk}/thumb/"]
    for address in own:
        assert log_in(member).get(address).status_code == 200, address
        for browser in (as_guest, as_junho):
            assert browser.get(address).status_code == 404, address
    stored = [each.file.name for each in Attachment.objects.all()]
    guessed = [f"/media/{name}" for name in stored] + [f"/data/media/{name}" for name in stored]
    guessed += [f"/files/{attached.pk + more}/" for more in (1, 2, 99)]
    for address in guessed:
        for browser in (as_guest, as_junho, log_in(member)):
            assert browser.get(address).status_code == 404, address
