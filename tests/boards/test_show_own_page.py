"""마이페이지 (own page): the posts, comments, likes and scraps of the member alone."""

import pytest

from accounts.models import Member, MemberSettings
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.actions.withholding_comments import delete_comment, hide_comment
from boards.models import Board, Vote
from boardsite.models import OneRow
from tests.page import Page

PAGES = ["/my/", "/my/posts/", "/my/comments/", "/my/likes/", "/my/settings/"]


def page_of(client, address) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.content)


def lines(client, address) -> list[str]:
    """Return the text of each row of the page's lists, without board and date."""
    lists = page_of(client, address).one("main").all("ul", class_="own-list")
    return [
        line.text.removesuffix(line.one("p", class_="meta").text).strip()
        for each in lists
        for line in each.all("li")
    ]


@pytest.fixture
def closed(group):
    """A board that only higher levels read."""
    return Board.objects.create(group=group, slug="vip", name="우수회원")


@pytest.mark.parametrize("address", PAGES)
def test_a_guest_logs_in_first(as_guest, db, address):
    assert as_guest.get(address)["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("address", PAGES)
def test_the_page_contains_nothing_of_others(as_junho, as_minji, post, comment, address):
    write_comment(author=post.author, post=post, text="제가 썼어요")
    vote_post(post=post, member=comment.author, value=Vote.LIKE)
    main = page_of(as_minji, address).one("main")
    assert "사진도 올려 주세요" not in main.text
    main = page_of(as_junho, address).one("main")
    assert "제가 썼어요" not in main.text
    assert ("봄나들이" in main.text) == (address in ("/my/", "/my/comments/", "/my/likes/"))


def test_own_posts_include_hidden_and_secret_ones(as_minji, minji, moderator, board, post):
    write_post(author=minji, board=board, subject="속마음", source="", is_secret=True)
    hidden = write_post(author=minji, board=board, subject="숨긴 글", source="")
    gone = write_post(author=minji, board=board, subject="지운 글", source="")
    hide_post(post=hidden, by=moderator)
    delete_post(post=gone, by=minji)
    expected = ["숨김 숨긴 글", "비밀글 속마음", "봄나들이 다녀왔어요"]
    assert lines(as_minji, "/my/posts/") == expected
    assert lines(as_minji, "/my/") == expected
    page = page_of(as_minji, "/my/posts/").one("main")
    assert "전체 3건" in page.text
    assert page.all("a", href="/free/1/")
    assert not page.all("a", href=hidden.get_absolute_url())  # its page is closed


def test_own_comments_include_hidden_and_secret_ones(as_junho, junho, moderator, post, comment):
    write_comment(author=junho, post=post, text="우리끼리", is_secret=True)
    hidden = write_comment(author=junho, post=post, text="숨은 말")
    gone = write_comment(author=junho, post=post, text="지운 말")
    hide_comment(comment=hidden, by=moderator)
    delete_comment(comment=gone, by=junho)
    expected = ["숨김 숨은 말", "비밀댓글 우리끼리", "사진도 올려 주세요"]
    assert lines(as_junho, "/my/comments/") == expected
    page = page_of(as_junho, "/my/comments/").one("main")
    assert page.all("a", href=f"/free/1/?comment={comment.pk}#comment-{comment.pk}")


def test_an_unreadable_post_shows_only_the_member_s_own_comment(as_junho, minji, junho, closed):
    post = write_post(author=minji, board=closed, subject="우리끼리", source="")
    write_comment(author=junho, post=post, text="저도요")
    vote_post(post=post, member=junho, value=Vote.LIKE)
    assert lines(as_junho, "/my/likes/") == ["우리끼리 댓글 [1]"]
    Board.objects.filter(pk=closed.pk).update(read_level=5)
    assert lines(as_junho, "/my/comments/") == ["저도요"]
    assert lines(as_junho, "/my/likes/") == []
    for address in PAGES:
        main = page_of(as_junho, address).one("main")
        assert "우리끼리" not in main.text
        assert not [link for link in main.all("a") if link["href"].startswith("/vip/")]


def test_liked_posts_are_listed_with_the_latest_like_first(as_junho, minji, junho, board, post):
    other = write_post(author=minji, board=board, subject="나중 글", source="")
    disliked = write_post(author=minji, board=board, subject="별로", source="")
    secret = write_post(author=minji, board=board, subject="속마음", source="")
    for each in (other, post, secret):
        vote_post(post=each, member=junho, value=Vote.LIKE)
    vote_post(post=disliked, member=junho, value=Vote.DISLIKE)
    type(secret).objects.filter(pk=secret.pk).update(is_secret=True)
    assert lines(as_junho, "/my/likes/") == ["봄나들이 다녀왔어요", "나중 글"]


def test_lists_of_posts_have_pages(as_minji, minji, board, settings):
    for number in range(40):
        write_post(author=minji, board=board, subject=f"글 {number}", source="")
    first = lines(as_minji, "/my/posts/")
    second = lines(as_minji, "/my/posts/?page=2")
    assert first[0] == "글 39"
    assert set(first).isdisjoint(second)
    assert as_minji.get("/my/posts/?page=99").status_code == 404
    assert len(lines(as_minji, "/my/")) == 5


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/my/", "마이페이지"),
        ("/my/posts/", "내가 쓴 글"),
        ("/my/comments/", "내가 쓴 댓글"),
        ("/my/likes/", "추천한 글"),
        ("/scraps/", "스크랩"),
        ("/drafts/", "임시 저장 글"),
        ("/points/", "포인트"),
        ("/messages/", "쪽지"),
        ("/notifications/", "알림"),
        ("/accounts/blocks/", "차단"),
        ("/my/settings/", "설정"),
    ],
)
def test_all_own_pages_have_the_same_tabs(as_minji, points_on, address, name):
    tabs = page_of(as_minji, address).one("nav", class_="own-tabs")
    (current,) = tabs.all("a", **{"aria-current": "page"})
    assert (current.text, current["href"]) == (name, address)
    assert len(tabs.all("a")) == 11
    for tab in tabs.all("a"):
        assert as_minji.get(tab["href"]).status_code == 200


def test_the_page_has_no_points_where_the_site_has_none(as_minji):
    assert not page_of(as_minji, "/my/").one("main").all("a", href="/points/")


def test_header_and_member_card_link_to_the_page(as_minji, minji):
    page = page_of(as_minji, "/")
    assert page.one("header", class_="site-header").one("a", href="/my/").text == "민지님"
    card = page.one("section", class_="member-card")
    assert {"/my/", "/my/posts/", "/my/comments/"} <= {link["href"] for link in card.all("a")}


def test_every_settings_page_opens(as_minji, log_in, minji):
    links = page_of(as_minji, "/my/settings/").one("main").all("a")
    assert "minji@example.com" in page_of(as_minji, "/my/settings/").text
    assert len(links) > 15
    for link in links:
        # Some pages ask for the password first.
        answer = log_in(Member.objects.get(pk=minji.pk)).get(link["href"])
        assert answer.status_code in (200, 302), link["href"]


def test_the_settings_link_to_each_settings_page(as_minji):
    every = {
        "/accounts/profile/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/3rdparty/",
        "/notifications/choose/",
        "/notifications/watching/",
        "/accounts/blocks/",
        "/accounts/consents/",
        "/accounts/export/",
        "/accounts/leave/",
    }

    def shown() -> set[str]:
        return {link["href"] for link in page_of(as_minji, "/my/settings/").one("main").all("a")}

    assert every <= shown()
    assert "/accounts/invitations/" not in shown()  # only the owner creates codes

    MemberSettings.objects.update_or_create(pk=1, defaults={"invitations_per_member": 3})
    OneRow.forget()
    assert "/accounts/invitations/" in shown()
