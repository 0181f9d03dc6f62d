"""Posts and comments of a blocked member are collapsed; the member who blocked them can open them."""

import pytest

from accounts.actions.blocks import block_member
from accounts.models import Block, Member, Notification
from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.actions.reactions import vote_post
from boards.actions.scraps import scrap_post
from boards.models import Board, Vote
from tests.page import Page

SAYS = "차단한 회원의 글입니다."
SUBJECT = "봄나들이 다녀왔어요"


@pytest.fixture
def blocked(post, minji, junho):
    """junho has blocked minji, who wrote `post`."""
    block_member(member=junho, blocked=minji)


def page_of(client, address) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.content)


def collapsed(page: Page) -> list[str]:
    """Return the text behind each collapsed element of the main part."""
    elements = page.one("main").all("details", class_="folded")
    return [element.all("a", class_="title")[0].text for element in elements]


LISTS = ["/free/", "/", "/new/", "/groups/community/", "/popular/", "/free/?sort=views"]


@pytest.mark.parametrize("address", LISTS)
def test_posts_of_a_blocked_author_are_collapsed_in_every_list(
    as_junho, as_moderator, as_guest, blocked, address
):
    page = page_of(as_junho, address)
    assert set(collapsed(page)) == {SUBJECT}
    for aside in page.all("aside"):
        assert SUBJECT not in aside.text
    assert page.html.count(SUBJECT) == len(collapsed(page))
    for client in (as_moderator, as_guest):
        page = page_of(client, address)
        assert collapsed(page) == []
        assert SAYS not in page.text


@pytest.mark.parametrize("skin", ["list", "gallery", "webzine", "faq"])
def test_posts_of_a_blocked_author_are_collapsed_in_every_skin(
    as_junho, as_guest, blocked, board, skin
):
    Board.objects.filter(pk=board.pk).update(skin=skin)
    page = page_of(as_junho, "/free/")
    assert SAYS in page.one("main").text
    assert "벚꽃이 활짝" not in page.text
    assert "벚꽃이 활짝" not in as_junho.get("/free/").text
    assert SAYS not in page_of(as_guest, "/free/").text


def test_a_post_of_a_blocked_author_opens_normally(as_junho, blocked, post):
    page = page_of(as_junho, post.get_absolute_url())
    assert SUBJECT in page.one("h1").text
    assert "벚꽃이 활짝" in page.one("div", class_="post-body").text


def test_comments_of_a_blocked_author_are_collapsed(
    as_junho, as_minji, as_moderator, blocked, post, minji, junho
):
    write_comment(author=minji, post=post, text="제 말씀은요")
    write_comment(author=junho, post=post, text="네")
    section = page_of(as_junho, post.get_absolute_url()).one("section", id="comments")
    (element,) = section.all("details", class_="folded")
    assert element.text.startswith("차단한 회원의 댓글입니다.")
    assert "제 말씀은요" in element.text
    for client in (as_minji, as_moderator):
        section = page_of(client, post.get_absolute_url()).one("section", id="comments")
        assert not section.all("details", class_="folded")


def test_a_comment_of_a_blocked_author_is_not_shown_as_a_best_comment(
    as_junho, as_guest, blocked, post, minji, board
):
    Board.objects.filter(pk=board.pk).update(likes_to_be_best=1, use_comment_likes=True)
    best = write_comment(author=minji, post=post, text="베스트 말씀")
    type(best).objects.filter(pk=best.pk).update(like_count=5)
    address = post.get_absolute_url()
    assert page_of(as_guest, address).all("section", class_="best-comments")[0].all("li")
    assert "베스트 말씀" not in "".join(
        each.text for each in page_of(as_junho, address).all("section", class_="best-comments")
    )


@pytest.mark.parametrize("asked", ["벚꽃", "봄나들이&field=title", "벚꽃&field=text"])
def test_a_search_collapses_posts_of_a_blocked_author(
    as_junho, as_moderator, as_guest, blocked, asked
):
    address = f"/search/?q={asked}"
    page = page_of(as_junho, address)
    assert collapsed(page) == [SUBJECT]
    assert "활짝" not in page.one("main").text
    for client in (as_moderator, as_guest):
        page = page_of(client, address)
        assert collapsed(page) == []
        assert SUBJECT in page.one("main").text


def test_a_search_collapses_comments_of_a_blocked_author(
    as_junho, as_guest, blocked, post, minji, junho
):
    own = write_post(author=junho, board=post.board, subject="준호 글", source="")
    write_comment(author=minji, post=own, text="민지 말씀은요")
    write_comment(author=junho, post=post, text="준호 말씀은요")
    page = page_of(as_junho, "/search/?q=말씀은요&field=comments")
    assert collapsed(page) == ["준호 글"]
    assert "민지 말씀은요" not in page.text
    assert "준호 말씀은요" in page.text
    assert SUBJECT not in page.one("main").text
    page = page_of(as_guest, "/search/?q=말씀은요&field=comments")
    assert collapsed(page) == []
    assert SUBJECT in page.text


def test_the_link_to_the_next_post_hides_the_title_of_a_blocked_author(
    as_junho, as_guest, blocked, post, junho
):
    own = write_post(author=junho, board=post.board, subject="준호 글", source="")
    address = own.get_absolute_url()
    (neighbours,) = page_of(as_junho, address).all("nav", class_="neighbours")
    assert SAYS in neighbours.text
    assert SUBJECT not in neighbours.text
    assert SUBJECT in page_of(as_guest, address).all("nav", class_="neighbours")[0].text


def test_notices_of_a_blocked_author_are_shown(as_junho, blocked, board, minji):
    write_post(author=minji, board=board, subject="알립니다", source="", is_notice=True)
    page = page_of(as_junho, "/free/")
    assert "알립니다" not in collapsed(page)
    assert "알립니다" in page.text


def test_a_moderator_sees_blocked_authors_in_the_boards_they_moderate(
    as_moderator, post, minji, moderator, other_board
):
    block_member(member=moderator, blocked=minji)
    write_post(author=minji, board=other_board, subject="딴 게시판", source="")
    assert collapsed(page_of(as_moderator, "/free/")) == []
    assert collapsed(page_of(as_moderator, "/qna/")) == ["딴 게시판"]


def test_an_author_who_becomes_the_owner_is_no_longer_collapsed(as_junho, blocked, minji):
    Member.objects.filter(pk=minji.pk).update(is_superuser=True)
    assert Block.objects.exists()
    assert collapsed(page_of(as_junho, "/free/")) == []


def test_a_collapsed_secret_post_stays_secret(as_junho, blocked, board, minji):  # case 19
    write_post(author=minji, board=board, subject="속사정", source="몰래", is_secret=True)
    page = page_of(as_junho, "/free/")
    assert sorted(collapsed(page)) == sorted(["비밀글입니다.", SUBJECT])
    assert "속사정" not in page.html


def test_the_own_page_of_a_blocked_author_is_not_collapsed(as_junho, blocked, post, junho):
    scrap_post(post=post, member=junho, note="")
    vote_post(post=post, member=junho, value=Vote.LIKE)
    by_name = "/search/?q=민지&field=author"
    for address in ("/members/minji/", "/scraps/", "/my/likes/", by_name):
        page = page_of(as_junho, address)
        assert collapsed(page) == []
        assert SUBJECT in page.one("main").text


@pytest.mark.usefixtures("side_by_side")
def test_actions_of_a_blocked_author_cause_no_notification(post, minji, junho):
    own = write_post(author=junho, board=post.board, subject="제 글", source="")
    block_member(member=junho, blocked=minji)
    comment = write_comment(author=minji, post=own, text="@준호 보세요")
    write_comment(author=minji, post=own, text="또", parent=comment)
    vote_post(post=own, member=minji, value=Vote.LIKE)
    write_post(author=minji, board=post.board, subject="답", source="", reply_to=own)
    assert not Notification.objects.filter(member=junho).exists()


# -- the menu at a name ----------------------------------------------------------------------------
def menus(client, post) -> list[Page]:
    return page_of(client, post.get_absolute_url()).all("details", class_="name-menu")


def test_names_have_a_menu_with_a_block_button(as_minji, as_junho, as_guest, post, comment):
    (menu,) = menus(as_junho, post)  # of the post's author; the reader's own name has none
    assert menu.one("summary").text == "민지"
    assert [each.text for each in menu.all("li")] == [
        "프로필",
        "이 회원의 글 보기",
        "쪽지 보내기",
        "차단하기",
    ]
    assert [link["href"] for link in menu.all("a")] == [
        "/members/minji/",
        "/search/?q=%EB%AF%BC%EC%A7%80&field=author",
        "/messages/write/?to=minji",
    ]
    (menu,) = menus(as_minji, post)
    assert menu.one("summary").text == "준호"
    assert menus(as_guest, post) == []


def test_blocking_from_the_menu_leads_back_to_the_post(as_junho, post, comment):
    page = page_of(as_junho, post.get_absolute_url())
    form = page.one("form", id="name-menus")
    (button,) = page.all("button", form="name-menus")
    fields = {field["name"]: field["value"] for field in form.all("input")}
    assert as_junho.post(button["formaction"], fields)["Location"] == post.get_absolute_url()
    (button,) = page_of(as_junho, post.get_absolute_url()).all("button", form="name-menus")
    assert (button.text, button["formaction"]) == ("차단 해제", "/members/minji/unblock/")
    as_junho.post(button["formaction"], fields)
    assert not Block.objects.exists()


def test_the_owner_has_no_block_button_and_a_robot_no_message_button(as_junho, board, owner):
    post = write_post(author=owner, board=board, subject="주인 글", source="")
    (menu,) = menus(as_junho, post)
    assert [each.text for each in menu.all("li")] == ["프로필", "이 회원의 글 보기", "쪽지 보내기"]
    Member.objects.filter(pk=owner.pk).update(is_superuser=False, is_robot=True)
    (menu,) = menus(as_junho, post)
    assert [each.text for each in menu.all("li")] == ["프로필", "이 회원의 글 보기", "차단하기"]
