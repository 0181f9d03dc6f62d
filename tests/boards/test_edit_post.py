"""Editing a post: the author's fields change; what others added stays."""

import pytest

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.actions.reactions import vote_post
from boards.models import Attachment, Board, Category, Post, PostBucket
from boards.repair import recount
from tests.boards.browsing import finds, picture, post_form, read

EDIT = "/free/1/edit/"


def test_the_author_edits_a_post(as_minji, as_guest, post):
    answer = as_minji.post(EDIT, post_form(subject="가을 산행", source="<p>단풍이 들었습니다.</p>"))
    assert (answer.status_code, answer.url) == (302, "/free/1/")
    page = read(as_guest, "/free/1/")
    assert "가을 산행" in page
    assert "단풍이" in page
    assert "벚꽃" not in page
    assert "수정일" in page


def test_the_form_contains_the_post(as_minji, board):
    chat = Category.objects.create(board=board, name="잡담")
    source = "</textarea><b>굵게</b> & 기호"
    written = post_form(source=source, format="text", category=chat.pk, link2="https://pado.kr/2")
    as_minji.post("/free/write/", written)
    page = read(as_minji, EDIT)
    assert 'value="봄나들이"' in page
    assert "&lt;/textarea&gt;&lt;b&gt;굵게&lt;/b&gt; &amp; 기호</textarea>" in page
    assert f'<option value="{chat.pk}" selected>' in page
    assert 'value="https://pado.kr/2"' in page


def test_number_views_likes_and_comments_stay_unchanged(as_minji, as_guest, junho, post, comment):
    vote_post(post=post, member=junho, value=1)
    read(as_guest, "/free/1/")
    before = Post.objects.values("number", "like_count", "comment_count", "author_name").get()
    Member.objects.filter(username="minji").update(nickname="새민지")
    as_minji.post(EDIT, post_form())
    assert Post.objects.values(*before).get() == before
    assert Post.objects.get().edited_at is not None


def test_the_search_index_follows_an_edit(as_minji, as_guest, post):
    as_minji.post(EDIT, post_form(subject="가을 산행", source="<p>단풍</p>"))
    assert finds(as_guest, "단풍") == finds(as_guest, "가을 산행") == ["/free/1/"]
    assert finds(as_guest, "벚꽃") == finds(as_guest, "봄나들이") == []


def test_the_counts_of_categories_follow_an_edit(as_minji, board):
    first, second = (Category.objects.create(board=board, name=name) for name in ("질문", "잡담"))
    as_minji.post("/free/write/", post_form(category=first.pk))
    as_minji.post(EDIT, post_form(category=second.pk))
    counts = dict(PostBucket.objects.values_list("category_id", "count"))
    assert counts == {0: 1, first.pk: 0, second.pk: 1}


def test_a_post_that_became_secret_leaves_the_search_with_its_comments(
    as_minji, as_junho, as_guest, board, post, comment
):
    """Case 21."""
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    assert finds(as_guest, "사진도", field="comments")
    as_minji.post(EDIT, post_form(is_secret="on"))
    for browser in (as_guest, as_junho):
        assert finds(browser, "벚꽃") == finds(browser, "사진도", field="comments") == []
        assert "벚꽃" not in read(browser, "/free/1/", status=403)
        assert "봄나들이" not in read(browser, "/free/")
        assert "벚꽃" not in read(browser, "/feed/")
    as_minji.post(EDIT, post_form())
    assert finds(as_guest, "벚꽃")
    assert finds(as_guest, "사진도", field="comments")
    assert recount(repairs=False) == []


def test_a_secret_post_stays_secret_after_the_board_drops_the_option(as_minji, board, minji):
    write_post(author=minji, board=board, subject="비밀", source="<p>비밀</p>", is_secret=True)
    as_minji.post(EDIT, post_form(is_secret=""))
    assert Post.objects.get().is_secret


def test_a_notice_stays_a_notice_when_its_author_may_not_set_it(as_minji, as_moderator, post):
    as_moderator.post(EDIT, post_form(is_notice="on"))
    assert (Post.objects.get().is_notice, PostBucket.objects.get().count) == (True, 0)
    as_minji.post(EDIT, post_form())
    assert Post.objects.get().is_notice
    as_moderator.post(EDIT, post_form())
    assert (Post.objects.get().is_notice, PostBucket.objects.get().count) == (False, 1)
    assert recount(repairs=False) == []


def test_links_are_replaced(as_minji, as_guest, board):
    as_minji.post("/free/write/", post_form(link1="https://pado.kr/1", link2="https://pado.kr/2"))
    as_minji.post(EDIT, post_form(link1="https://pado.kr/3"))
    page = read(as_guest, "/free/1/")
    assert "https://pado.kr/3" in page
    assert "https://pado.kr/1" not in page
    assert Post.objects.get().link_count == 1


def test_a_picture_removed_from_the_body_is_detached_from_the_post(
    as_minji, as_guest, minji, board
):
    first, second = (
        as_minji.post("/free/upload-picture/", {"file": picture()}).json()["location"]
        for _ in range(2)
    )
    body = f'<p>사진</p><img src="{first}"><img src="{second}">'
    as_minji.post("/free/write/", post_form(source=body))
    assert Post.objects.get().cover.url == first
    as_minji.post(EDIT, post_form(source=f'<p>사진</p><img src="{second}">'))
    post = Post.objects.get()
    assert (post.picture_count, post.cover.url) == (1, second)
    read(as_guest, first, status=404)
    read(as_guest, second)
    body = f'<p>사진</p><img src="http://testserver{second}"><img src="{first}">'
    as_minji.post(EDIT, post_form(source=body))  # put back, and once more as pasted from a page
    assert Attachment.objects.filter(post=post).count() == 2
    assert recount(repairs=False) == []


def test_errors_are_shown_and_nothing_changes(as_minji, post):
    answer = as_minji.post(EDIT, post_form(subject="", source="<p>남아 있을 글</p>"))
    assert answer.status_code == 422
    assert "제목을 입력해 주세요." in answer.content.decode()
    assert "남아 있을 글" in answer.content.decode()
    assert Post.objects.get().edited_at is None


def test_opening_the_form_changes_nothing(as_minji, post):
    before = Post.objects.values().get()
    as_minji.get(EDIT, post_form(subject="GET으로"))
    assert Post.objects.values().get() == before


# -- permissions -----------------------------------------------------------------------------------
def test_other_members_may_not_edit(as_junho, post):
    for answer in (as_junho.get(EDIT), as_junho.post(EDIT, post_form())):
        assert answer.status_code == 403
        assert "글쓴이만 고칠 수 있습니다." in answer.content.decode()
    assert Post.objects.get().edited_at is None


def test_a_logged_out_author_may_not_edit_and_keeps_the_text(as_guest, minji, post):
    assert as_guest.post(EDIT, post_form(subject="고치던 제목")).status_code == 403
    assert Post.objects.get().edited_at is None
    as_guest.force_login(minji)
    assert 'value="고치던 제목"' in read(as_guest, EDIT)


def test_the_form_of_a_secret_post_reveals_nothing(as_junho, as_guest, post):
    """Case 20."""
    Post.objects.update(is_secret=True)
    for browser in (as_junho, as_guest):
        page = read(browser, EDIT, status=403)
        assert "벚꽃" not in page
        assert "봄나들이" not in page


def test_a_moderator_and_the_owner_may_edit(as_moderator, as_owner, minji, post):
    for browser in (as_moderator, as_owner):
        assert browser.post(EDIT, post_form(subject="다듬은 제목")).status_code == 302
    edited = Post.objects.get()
    assert (edited.author, edited.author_name, edited.subject) == (minji, "민지", "다듬은 제목")


def test_a_moderator_may_not_edit_a_post_of_the_owner(as_moderator, as_owner, owner, board):
    """Case 27."""
    write_post(author=owner, board=board, subject="운영 방침", source="<p>지켜 주세요.</p>")
    assert as_moderator.get(EDIT).status_code == 403
    assert as_moderator.post(EDIT, post_form()).status_code == 403
    assert Post.objects.get().edited_at is None
    assert as_owner.post(EDIT, post_form()).status_code == 302


def test_a_moderator_of_another_board_may_not_edit(as_moderator, minji, other_board):
    write_post(author=minji, board=other_board, subject="질문", source="<p>질문</p>")
    assert as_moderator.post("/qna/1/edit/", post_form()).status_code == 403


@pytest.mark.parametrize("state", ["hidden", "deleted"])
def test_an_unpublished_post_cannot_be_edited(state, as_minji, as_owner, post):
    Post.objects.update(state=state)
    for browser in (as_minji, as_owner):
        assert browser.post(EDIT, post_form()).status_code == 410


@pytest.mark.parametrize("number", ["2", "0", "01", "-1", "1e1", "9999999999", "%D9%A1"])
def test_an_unknown_post_is_not_found(number, as_minji, post):
    """Case 53."""
    assert as_minji.post(f"/free/{number}/edit/", post_form()).status_code == 404


def test_an_author_who_may_no_longer_read_the_board_may_not_edit(as_minji, post):
    Board.objects.update(read_level=5)
    assert as_minji.post(EDIT, post_form()).status_code == 403


def test_a_comment_written_meanwhile_stays(as_minji, junho, post):
    as_minji.get(EDIT)
    write_comment(author=junho, post=post, text="고치는 사이에 쓴 댓글")
    as_minji.post(EDIT, post_form())
    assert Post.objects.get().comment_count == 1
    assert recount(repairs=False) == []


def test_a_post_with_enough_comments_by_others_cannot_be_edited(
    as_minji, as_moderator, minji, junho, board, post, comment
):
    Board.objects.update(comments_to_lock_edit=2)
    write_comment(author=minji, post=post, text="내 댓글은 세지 않는다")
    assert as_minji.post(EDIT, post_form(subject="아직 된다")).status_code == 302
    write_comment(author=junho, post=post, text="둘째")
    for answer in (as_minji.get(EDIT), as_minji.post(EDIT, post_form())):
        assert answer.status_code == 403
        assert "다른 사람의 댓글이 2개 이상 달린 글은 고칠 수 없습니다." in answer.content.decode()
    assert Post.objects.get().subject == "아직 된다"
    page = read(as_minji, "/free/1/")
    assert f'href="{EDIT}"' not in page
    assert 'href="/free/1/delete/"' in page, "deleting has a limit of its own"
    assert as_moderator.post(EDIT, post_form()).status_code == 302
