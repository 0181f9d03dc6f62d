"""A member's page: what he wrote, as far as the visitor may read it."""

import pytest

from accounts.actions import suspend_member
from boards.actions.comments import delete_comment, write_comment
from boards.actions.posts import hide_post, write_post
from boards.models import Board
from tests.page import Page


def show(client, username="minji") -> Page:
    response = client.get(f"/members/{username}/")
    assert response.status_code == 200
    return Page(response.content)


def posts(page: Page) -> list[str]:
    return [title.text for title in page.one("section", id="posts").all("a", class_="title")]


def comments(page: Page) -> list[str]:
    return [title.text for title in page.one("section", id="comments").all("a", class_="title")]


def test_what_he_says_of_himself_and_wrote(as_guest, minji, post, board):
    minji.introduction = "꽃을 좋아합니다 <b>"
    minji.save(update_fields=["introduction"])
    comment = write_comment(author=minji, post=post, text="제가 썼어요")
    page = show(as_guest)
    assert page.title == "민지님의 프로필 | 우리 게시판"
    assert page.one("h1").text == "민지"
    assert "꽃을 좋아합니다 <b>" in page.text
    assert "레벨 2" in page.text
    assert (posts(page), comments(page)) == (["봄나들이 다녀왔어요"], ["제가 썼어요"])
    assert page.all("a", href=f"/free/1/?comment={comment.pk}#{comment.anchor}")
    assert page.one("dl", class_="figures").text == "글 1 댓글 1"


def test_only_what_the_visitor_may_read(
    as_guest, as_junho, as_minji, as_moderator, board, minji, junho, moderator
):
    secret = write_post(author=minji, board=board, subject="속마음", source="", is_secret=True)
    vip = Board.objects.create(group=board.group, slug="vip", name="우수회원", read_level=5)
    write_post(author=minji, board=vip, subject="우리끼리", source="")
    hidden = write_post(author=minji, board=board, subject="숨긴 글", source="")
    shown = write_post(author=junho, board=board, subject="준호 글", source="")
    for post, text in ((secret, "속말"), (hidden, "숨은 말"), (shown, "열린 말")):
        write_comment(author=minji, post=post, text=text)
    gone = write_comment(author=minji, post=shown, text="지운 말")
    hide_post(post=hidden, by=moderator)
    delete_comment(comment=gone, by=minji)
    for client in (as_guest, as_junho):
        page = show(client)
        assert (posts(page), comments(page)) == ([], ["열린 말"])
    for client in (as_minji, as_moderator):
        page = show(client)
        assert (posts(page), comments(page)) == (["속마음"], ["열린 말", "속말"])


def test_the_ten_latest(as_guest, minji, board):
    for number in range(12):
        post = write_post(author=minji, board=board, subject=f"글 {number}", source="")
        write_comment(author=minji, post=post, text=f"댓글 {number}")
    page = show(as_guest)
    assert posts(page) == [f"글 {number}" for number in range(11, 1, -1)]
    assert comments(page) == [f"댓글 {number}" for number in range(11, 1, -1)]


def test_his_own_page_offers_to_change_it(as_minji, as_junho, minji):
    assert show(as_minji).one("main").all("a", href="/accounts/profile/")
    assert not show(as_junho).one("main").all("a", href="/accounts/profile/")


def test_nothing_of_his_account_is_told(as_guest, minji, owner):
    suspend_member(member=minji, until=None, reason="도배", by=owner)
    html = show(as_guest).html
    for private in ("minji@example.com", "도배", "9999"):
        assert private not in html


@pytest.mark.parametrize("name", ["nobody", "min%20ji", "민지", "a" * 200, "min\0ji", "'--", "."])
def test_an_unknown_member_is_not_found(as_guest, minji, name):
    assert as_guest.get(f"/members/{name}/").status_code == 404
    assert as_guest.get("/members/").status_code == 404


def test_a_member_who_left_is_not_found(as_guest, minji):
    minji.is_active = False
    minji.save()
    assert as_guest.get("/members/minji/").status_code == 404
