"""A member's page shows their posts and comments that the visitor may read."""

import datetime

import pytest
from django.utils import timezone

from accounts.actions import suspend_member
from accounts.models import Device, Member, MemberSession
from boards.actions.comments import write_comment
from boards.actions.posts import hide_post, write_post
from boards.actions.withholding_comments import delete_comment
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


def test_the_page_shows_introduction_posts_and_comments(as_guest, minji, post, board):
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


def test_the_page_contains_only_what_the_visitor_may_read(
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


def test_the_page_shows_the_ten_latest(as_guest, minji, board):
    for number in range(12):
        post = write_post(author=minji, board=board, subject=f"글 {number}", source="")
        write_comment(author=minji, post=post, text=f"댓글 {number}")
    page = show(as_guest)
    assert posts(page) == [f"글 {number}" for number in range(11, 1, -1)]
    assert comments(page) == [f"댓글 {number}" for number in range(11, 1, -1)]


def test_the_own_page_links_to_the_profile_form(as_minji, as_junho, minji):
    assert show(as_minji).one("main").all("a", href="/accounts/profile/")
    assert not show(as_junho).one("main").all("a", href="/accounts/profile/")


def test_the_page_reveals_nothing_of_the_account(as_guest, minji, owner):
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


# -- hidden profile fields -------------------------------------------------------------------------
def close(member, **changes):
    Member.objects.filter(pk=member.pk).update(introduction="꽃을 좋아합니다", **changes)


def test_a_closed_profile_shows_others_only_the_name(
    as_guest, as_junho, as_minji, as_moderator, as_owner, minji, post, points_on
):
    write_comment(author=minji, post=post, text="제가 썼어요")
    close(minji, shows_profile=False)
    for client in (as_guest, as_junho):
        main = show(client).one("main")
        assert main.one("h1").text == "민지"
        assert "정보를 공개하지 않은 회원입니다." in main.text
        for private in ("꽃을", "레벨", "회원가입일", "최종접속일", "포인트", "봄나들이", "썼어요"):
            assert private not in main.text
        assert not main.all("dl")
    for client in (as_moderator, as_owner):
        main = show(client).one("main")
        assert "운영진에게만 보입니다." in main.text
        assert "꽃을 좋아합니다" in main.text
        assert posts(main) == ["봄나들이 다녀왔어요"]
    assert "다른 회원에게는 이름만 보입니다." in show(as_minji).text


def test_a_closed_profile_does_not_hide_posts(as_junho, minji, post):
    close(minji, shows_profile=False, shows_activity=False)
    found = as_junho.get("/search/?q=민지&field=author")
    assert "봄나들이 다녀왔어요" in found.content.decode()
    assert "벚꽃이 활짝" in as_junho.get(post.get_absolute_url()).content.decode()


def test_a_member_may_hide_their_list_of_posts(
    as_guest, as_junho, as_minji, as_moderator, minji, post
):
    close(minji, shows_activity=False)
    for client in (as_guest, as_junho):
        page = show(client)
        assert not page.all("section", id="posts")
        assert "꽃을 좋아합니다" in page.text
        assert page.one("dl", class_="figures").text == "글 1 댓글 0"
    for client in (as_minji, as_moderator):
        assert posts(show(client)) == ["봄나들이 다녀왔어요"]


def test_the_day_of_the_last_visit(as_guest, as_junho, as_minji, minji):
    def last_seen(client) -> bool:
        return "최종접속일 2026-03-02" in show(client).text

    seen = datetime.datetime(2026, 3, 1, 20, tzinfo=datetime.UTC)  # the next day in Seoul
    close(minji, last_login=seen)
    assert last_seen(as_guest)
    close(minji, shows_presence=False)
    assert not last_seen(as_guest)
    assert not last_seen(as_junho)
    assert last_seen(as_minji)
    Member.objects.filter(pk=minji.pk).update(last_login=None, shows_presence=True)
    assert "최종접속일" not in show(as_guest).text


def test_the_join_date_and_the_points(as_guest, minji):
    joined = timezone.now() - datetime.timedelta(days=1234)
    Member.objects.filter(pk=minji.pk).update(date_joined=joined, points=5678)
    page = show(as_guest)
    assert f"회원가입일 {timezone.localtime(joined):%Y-%m-%d} (1,234일)" in page.text
    assert "5,678" not in page.one("main").text


def test_points_are_shown_where_the_site_has_points(as_guest, minji, points_on):
    Member.objects.filter(pk=minji.pk).update(points=5678)
    assert show(as_guest).one("dl", class_="figures").text == "글 0 댓글 0 포인트 5,678"


def test_the_last_visit_of_a_member_who_stays_logged_in_is_the_latest_one(
    as_guest, minji, settings
):
    settings.PAGE_CACHE_MB = 0  # a cached profile shows a later log-in some seconds late
    device = Device.objects.create(member=minji, key_hash="a" * 64, name="Windows의 Chrome")
    for number, day in enumerate(("2026-03-02", "2026-04-05", "2026-01-01")):
        MemberSession.objects.create(
            member=minji, device=device, session_key=f"key{number}", seen_on=day
        )
    assert "최종접속일 2026-04-05" in show(as_guest).text
    logged_in = datetime.datetime(2026, 5, 6, 12, tzinfo=datetime.UTC)
    Member.objects.filter(pk=minji.pk).update(last_login=logged_in)
    assert "최종접속일 2026-05-06" in show(as_guest).text
    Member.objects.filter(pk=minji.pk).update(shows_presence=False)
    assert "최종접속일" not in show(as_guest).text
