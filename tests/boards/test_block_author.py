"""What a member sees of those whom he has blocked: it is folded, and he may unfold it."""

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


def folded(page: Page) -> list[str]:
    """What stands behind each fold of the main part."""
    folds = page.one("main").all("details", class_="folded")
    return [fold.all("a", class_="title")[0].text for fold in folds]


LISTS = ["/free/", "/", "/new/", "/groups/community/", "/popular/", "/free/?sort=views"]


@pytest.mark.parametrize("address", LISTS)
def test_his_posts_are_folded_in_every_list(as_junho, as_moderator, as_guest, blocked, address):
    page = page_of(as_junho, address)
    assert set(folded(page)) == {SUBJECT}
    for aside in page.all("aside"):
        assert SUBJECT not in aside.text
    assert page.html.count(SUBJECT) == len(folded(page))
    for client in (as_moderator, as_guest):
        page = page_of(client, address)
        assert folded(page) == []
        assert SAYS not in page.text


@pytest.mark.parametrize("skin", ["list", "gallery", "webzine", "faq"])
def test_in_every_skin(as_junho, as_guest, blocked, board, skin):
    Board.objects.filter(pk=board.pk).update(skin=skin)
    page = page_of(as_junho, "/free/")
    assert SAYS in page.one("main").text
    assert "벚꽃이 활짝" not in page.text
    assert "벚꽃이 활짝" not in as_junho.get("/free/").text
    assert SAYS not in page_of(as_guest, "/free/").text


def test_the_post_itself_opens(as_junho, blocked, post):
    page = page_of(as_junho, post.get_absolute_url())
    assert SUBJECT in page.one("h1").text
    assert "벚꽃이 활짝" in page.one("div", class_="post-body").text


def test_his_comments_are_folded(as_junho, as_minji, as_moderator, blocked, post, minji, junho):
    write_comment(author=minji, post=post, text="제 말씀은요")
    write_comment(author=junho, post=post, text="네")
    section = page_of(as_junho, post.get_absolute_url()).one("section", id="comments")
    (fold,) = section.all("details", class_="folded")
    assert fold.text.startswith("차단한 회원의 댓글입니다.")
    assert "제 말씀은요" in fold.text
    for client in (as_minji, as_moderator):
        section = page_of(client, post.get_absolute_url()).one("section", id="comments")
        assert not section.all("details", class_="folded")


def test_a_best_comment_of_his_is_no_headline(as_junho, as_guest, blocked, post, minji, board):
    Board.objects.filter(pk=board.pk).update(likes_to_be_best=1, use_comment_likes=True)
    best = write_comment(author=minji, post=post, text="베스트 말씀")
    type(best).objects.filter(pk=best.pk).update(like_count=5)
    address = post.get_absolute_url()
    assert page_of(as_guest, address).all("section", class_="best-comments")[0].all("li")
    assert "베스트 말씀" not in "".join(
        each.text for each in page_of(as_junho, address).all("section", class_="best-comments")
    )


@pytest.mark.parametrize("asked", ["벚꽃", "봄나들이&field=title", "벚꽃&field=text"])
def test_a_search_folds_his_posts(as_junho, as_moderator, as_guest, blocked, asked):
    address = f"/search/?q={asked}"
    page = page_of(as_junho, address)
    assert folded(page) == [SUBJECT]
    assert "활짝" not in page.one("main").text
    for client in (as_moderator, as_guest):
        page = page_of(client, address)
        assert folded(page) == []
        assert SUBJECT in page.one("main").text


def test_a_search_folds_his_comments(as_junho, as_guest, blocked, post, minji, junho):
    own = write_post(author=junho, board=post.board, subject="준호 글", source="")
    write_comment(author=minji, post=own, text="민지 말씀은요")
    write_comment(author=junho, post=post, text="준호 말씀은요")
    page = page_of(as_junho, "/search/?q=말씀은요&field=comments")
    assert folded(page) == ["준호 글"]
    assert "민지 말씀은요" not in page.text
    assert "준호 말씀은요" in page.text
    assert SUBJECT not in page.one("main").text
    page = page_of(as_guest, "/search/?q=말씀은요&field=comments")
    assert folded(page) == []
    assert SUBJECT in page.text


def test_the_way_to_the_next_post_does_not_say_its_name(as_junho, as_guest, blocked, post, junho):
    own = write_post(author=junho, board=post.board, subject="준호 글", source="")
    address = own.get_absolute_url()
    (neighbours,) = page_of(as_junho, address).all("nav", class_="neighbours")
    assert SAYS in neighbours.text
    assert SUBJECT not in neighbours.text
    assert SUBJECT in page_of(as_guest, address).all("nav", class_="neighbours")[0].text


def test_a_notice_is_said_to_all(as_junho, blocked, board, minji):
    write_post(author=minji, board=board, subject="알립니다", source="", is_notice=True)
    page = page_of(as_junho, "/free/")
    assert "알립니다" not in folded(page)
    assert "알립니다" in page.text


def test_a_moderator_sees_what_he_judges(as_moderator, post, minji, moderator, other_board):
    block_member(member=moderator, blocked=minji)
    write_post(author=minji, board=other_board, subject="딴 게시판", source="")
    assert folded(page_of(as_moderator, "/free/")) == []
    assert folded(page_of(as_moderator, "/qna/")) == ["딴 게시판"]


def test_who_comes_to_own_the_site_is_heard_again(as_junho, blocked, minji):
    Member.objects.filter(pk=minji.pk).update(is_superuser=True)
    assert Block.objects.exists()
    assert folded(page_of(as_junho, "/free/")) == []


def test_a_secret_stays_one_behind_the_fold(as_junho, blocked, board, minji):  # case 19
    write_post(author=minji, board=board, subject="속사정", source="몰래", is_secret=True)
    page = page_of(as_junho, "/free/")
    assert sorted(folded(page)) == sorted(["비밀글입니다.", SUBJECT])
    assert "속사정" not in page.html


def test_where_one_looks_for_him_nothing_is_folded(as_junho, blocked, post, junho):
    scrap_post(post=post, member=junho, note="")
    vote_post(post=post, member=junho, value=Vote.LIKE)
    by_name = "/search/?q=민지&field=author"
    for address in ("/members/minji/", "/scraps/", "/my/likes/", by_name):
        page = page_of(as_junho, address)
        assert folded(page) == []
        assert SUBJECT in page.one("main").text


@pytest.mark.usefixtures("side_by_side")
def test_nothing_that_he_does_is_told(post, minji, junho):
    own = write_post(author=junho, board=post.board, subject="제 글", source="")
    block_member(member=junho, blocked=minji)
    comment = write_comment(author=minji, post=own, text="@준호 보세요")
    write_comment(author=minji, post=own, text="또", parent=comment)
    vote_post(post=own, member=minji, value=Vote.LIKE)
    write_post(author=minji, board=post.board, subject="답", source="", answer_to=own)
    assert not Notification.objects.filter(member=junho).exists()


# -- the menu at a name ----------------------------------------------------------------------------
def menus(client, post) -> list[Page]:
    return page_of(client, post.get_absolute_url()).all("details", class_="name-menu")


def test_the_menu_at_a_name(as_minji, as_junho, as_guest, post, comment):
    (menu,) = menus(as_junho, post)  # of the post's author; his own name has none
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


def test_blocked_from_the_menu_one_is_back_at_the_post(as_junho, post, comment):
    page = page_of(as_junho, post.get_absolute_url())
    form = page.one("form", id="name-menus")
    (button,) = page.all("button", form="name-menus")
    fields = {field["name"]: field["value"] for field in form.all("input")}
    assert as_junho.post(button["formaction"], fields)["Location"] == post.get_absolute_url()
    (button,) = page_of(as_junho, post.get_absolute_url()).all("button", form="name-menus")
    assert (button.text, button["formaction"]) == ("차단 해제", "/members/minji/unblock/")
    as_junho.post(button["formaction"], fields)
    assert not Block.objects.exists()


def test_the_owner_has_no_such_button_and_a_robot_no_box(as_junho, board, owner):
    post = write_post(author=owner, board=board, subject="주인 글", source="")
    (menu,) = menus(as_junho, post)
    assert [each.text for each in menu.all("li")] == ["프로필", "이 회원의 글 보기", "쪽지 보내기"]
    Member.objects.filter(pk=owner.pk).update(is_superuser=False, is_robot=True)
    (menu,) = menus(as_junho, post)
    assert [each.text for each in menu.all("li")] == ["프로필", "이 회원의 글 보기", "차단하기"]
