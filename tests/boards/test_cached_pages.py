"""Guests' pages are kept; whatever is written, each of them shows it with the next request."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member, MemberSettings
from boards.actions.comments import write_comment
from boards.actions.managing import manage_posts
from boards.actions.posts import delete_post, edit_post, hide_post, restore_post, write_post
from boards.actions.withholding_comments import hide_comment
from boards.models import Attachment, Board, Post
from boardsite.caching.page_cache import pages
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.models import SiteSettings
from tests.boards.townspeople import Town
from tests.page import CHROME, Page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cached_values_are_not_changed"),
]
# Somebody whose reading counts for nothing, so that looking changes nothing.
UNCOUNTED = {"user-agent": CHROME, "sec-purpose": "prefetch"}
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def anonymous():
    return Client(headers=UNCOUNTED)


def cached_and_fresh(anonymous, settings, address: str) -> tuple[str, str]:
    """A page as anonymous visitors get it, and as it is with all caches empty."""
    cached = anonymous.get(address)
    room, settings.PAGE_CACHE_MB = settings.PAGE_CACHE_MB, 0
    known = [(each, each._entries) for each in VersionedCache._all]
    VersionedCache.forget_all()
    fresh = anonymous.get(address)
    for each, entries in known:
        each._entries = entries
    settings.PAGE_CACHE_MB = room
    assert cached.status_code == fresh.status_code, address
    return tuple(f"{each.status_code} {plain(each.content)}" for each in (cached, fresh))


def plain(content: bytes) -> str:
    """Without the tokens, which are each visitor's own, and the moment at which a feed was made."""
    text = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", content.decode())
    return re.sub(r"<lastBuildDate>.*?</lastBuildDate>|<updated>.*?</updated>", "", text)


def is_kept(address: str, kind: str = "guest") -> bool:
    return pages.people.get(f"{kind} {address}") is not None


def built(address: str) -> object:
    """The text of a cached page: another object when the page has been built again."""
    return pages.people.get(f"guest {address}").segments


class TestRandomActions:
    @pytest.mark.parametrize("seed", [11, 12])
    def test_no_page_is_ever_old(self, seed, group, owner, settings, anonymous):
        town = Town(seed, group, owner)
        Board.objects.filter(slug="board0").update(page_size=3)  # so that lists have several pages
        addresses = ["/", "/new/", "/popular/", "/feed/", f"/groups/{group.slug}/"]
        addresses += [f"/board{n}/" for n in range(3)]
        addresses += ["/board0/?page=2", "/board0/?sort=likes", "/board0/feed/"]
        addresses += [f"/members/member{n}/" for n in range(3)]
        addresses += [f"/search/?q=w{n}x" for n in (1, 9)]
        kept = 0
        for operation in town.days(30):
            posts = [f"/{post.board.slug}/{post.number}/" for post in some_posts(town, 3)]
            for address in town.random.sample(addresses, 2) + posts:
                old, new = cached_and_fresh(anonymous, settings, address)
                assert old == new, f"{address} after {operation}"
                kept += is_kept(address)
        assert kept > 20

    @pytest.mark.parametrize("seed", [14, 15])
    def test_no_post_is_ever_old_and_most_stay_cached(
        self, seed, group, owner, settings, anonymous
    ):
        town = Town(seed, group, owner)
        Board.objects.update(page_size=3)
        for number in range(8):
            post = write_post(
                board=town.boards[0], author=town.members[0], subject=f"글 {number}", source="봄"
            )
            write_comment(post=post, author=town.members[1], text="네")
        quiet = [town.edit_comment, town.judge_comment, town.vote_on_comment, town.vote_in_poll]
        stayed = 0
        for _round in range(12):
            posts = [each.get_absolute_url() for each in some_posts(town, 99)]
            for address in posts:
                anonymous.get(address)
            before = {each: built(each) for each in posts if is_kept(each)}
            town.live(1)
            for action in town.random.sample(quiet, 2):
                action()
            for address in posts:
                old, new = cached_and_fresh(anonymous, settings, address)
                assert old == new, address
            stayed += sum(built(each) is text for each, text in before.items() if is_kept(each))
        assert stayed > 30

    def test_so_with_the_owners_changes(self, group, owner, settings, anonymous):
        town = Town(13, group, owner)
        town.live(20)
        board, member = town.boards[0], town.members[0]
        post = some_posts(town)[0]
        changes = [
            lambda: Board.objects.filter(pk=board.pk).update(name="새 이름"),
            lambda: Board.objects.filter(pk=board.pk).update(use_likes=False),
            lambda: board.categories.first().delete(),
            lambda: SiteSettings.objects.update_or_create(pk=1, defaults={"name": "파도"}),
            lambda: Member.objects.filter(pk=member.pk).update(nickname="단지"),
            lambda: Member.objects.filter(pk=member.pk).update(signature="끝"),
            lambda: Post.objects.filter(pk=post.pk).update(is_site_notice=True, is_notice=True),
            lambda: Board.objects.filter(pk=town.boards[1].pk).update(read_level=2),
            lambda: Board.objects.filter(pk=board.pk).update(list_level=2),
            lambda: type(group).objects.filter(pk=group.pk).update(is_private=True),
        ]
        addresses = ["/", "/board0/", "/board1/", "/new/", "/members/member0/"]
        addresses.append(post.get_absolute_url())
        for number, change in enumerate(changes):
            change()
            for address in addresses:
                old, new = cached_and_fresh(anonymous, settings, address)
                assert old == new, f"{address} after change {number}"


def some_posts(town: Town, count: int = 1) -> list[Post]:
    posts = list(Post.objects.select_related("board").order_by("pk"))
    return town.random.sample(posts, min(count, len(posts)))


# -- one operation at a time ----------------------------------------------------------------------------
class TestShowsAtOnce:
    """Each page has been kept before the operation; after it, the next request tells the new truth."""

    PAGES = (
        "/",
        "/new/",
        "/groups/community/",
        "/free/",
        "/feed/",
        "/free/feed/",
        "/members/minji/",
    )

    @pytest.fixture
    def older(self, board, minji):
        return write_post(board=board, author=minji, subject="지난 이야기", source="옛날")

    @pytest.fixture
    def seen(self, anonymous, older, post):
        """The pages as they are, all kept."""
        addresses = [*self.PAGES, older.get_absolute_url(), post.get_absolute_url()]
        for address in addresses:
            assert anonymous.get(address).status_code == 200
            assert is_kept(address), address
        return addresses

    def everywhere(self, anonymous, addresses, word) -> dict[str, bool]:
        return {each: word in anonymous.get(each).content.decode() for each in addresses}

    def test_a_new_post(self, seen, anonymous, board, minji):
        write_post(board=board, author=minji, subject="새 소식입니다", source="봄")
        assert all(self.everywhere(anonymous, seen, "새 소식입니다").values())

    def test_an_edited_post(self, seen, anonymous, post, minji):
        words = {"subject": "고친 제목", "source": "고친 글", "category": None}
        edit_post(post=post, by=minji, **words)
        assert all(self.everywhere(anonymous, seen, "고친 제목").values())

    @pytest.mark.parametrize("operation", [hide_post, delete_post])
    def test_a_post_that_goes(self, seen, anonymous, post, owner, operation):
        operation(post=post, by=owner)
        gone = post.get_absolute_url()
        assert anonymous.get(gone).status_code == 410
        others = [each for each in seen if each != gone]
        assert not any(self.everywhere(anonymous, others, post.subject).values())
        restore_post(post=post, by=owner)
        assert all(self.everywhere(anonymous, seen, post.subject).values())

    def test_a_post_that_becomes_secret(self, seen, anonymous, post):
        Post.objects.filter(pk=post.pk).update(is_secret=True)
        own = post.get_absolute_url()
        assert anonymous.get(own).status_code == 403
        others = [each for each in seen if each != own]
        assert not any(self.everywhere(anonymous, others, post.subject).values())

    def test_a_comment(self, seen, anonymous, post, junho, owner):
        comment = write_comment(post=post, author=junho, text="저도 다녀왔어요")
        own = post.get_absolute_url()
        assert "저도 다녀왔어요" in anonymous.get(own).content.decode()
        count = Page(anonymous.get("/free/").content).one("a", class_="count")
        assert count.text == "댓글 1"
        assert "[1]" in anonymous.get("/").content.decode()
        hide_comment(comment=comment, by=owner)
        assert "저도 다녀왔어요" not in anonymous.get(own).content.decode()

    def test_a_like(self, seen, anonymous, post):
        Post.objects.filter(pk=post.pk).update(like_count=77)
        assert ">77<" in anonymous.get(post.get_absolute_url()).content.decode()

    def test_many_at_once(self, seen, anonymous, post, older, owner, board):
        manage_posts(posts=Post.objects.all(), operation="hide", by=owner, within=board)
        assert anonymous.get(post.get_absolute_url()).status_code == 410
        assert older.subject not in anonymous.get("/").content.decode()

    def test_the_admin(self, seen, anonymous, as_owner, post):
        query = {"action": "hide_posts", "_selected_action": [post.pk]}
        names = as_owner.get("/admin/boards/post/").content.decode()
        operation = re.search(r'<option value="(\w*hide\w*)"', names)[1]
        response = as_owner.post("/admin/boards/post/", query | {"action": operation}, follow=True)
        if 'name="reason"' in response.content.decode():
            as_owner.post("/admin/boards/post/", query | {"action": operation, "post": "yes"})
        assert Post.objects.get(pk=post.pk).state == "hidden"
        assert post.subject not in anonymous.get("/free/").content.decode()

    def test_the_site(self, seen, anonymous, as_minji):
        page = Page(as_minji.get("/free/write/").content)
        sent = {"subject": "누리집에서 쓴 글", "source": "<p>네</p>", "format": "html"}
        sent["submission"] = page.one("input", name="submission")["value"]
        assert as_minji.post("/free/write/", sent).status_code == 302
        assert all(self.everywhere(anonymous, seen, "누리집에서 쓴 글").values())

    def test_a_command(self, seen, anonymous, post):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE boards_postbody SET cleaner_version = 0")
            cursor.execute("UPDATE boards_postbody SET source = '<p>새로 씻은 글</p>'")
        VersionedCache.forget_all()
        call_command("reclean", verbosity=0)
        assert "새로 씻은 글" in anonymous.get(post.get_absolute_url()).content.decode()

    def test_a_file(self, seen, anonymous, post):
        Post.objects.filter(pk=post.pk).update(file_count=1)  # only then are files asked for
        anonymous.get(post.get_absolute_url())
        Attachment.objects.create(post=post, kind="file", name="벚꽃.pdf", size=3, file="a")
        assert "벚꽃.pdf" in anonymous.get(post.get_absolute_url()).content.decode()


class TestNothingPersonal:
    def test_a_member_gets_and_leaves_nothing_cached(self, as_minji, anonymous, post):
        as_minji.get("/free/")
        assert not is_kept("/free/")
        assert "민지님" not in anonymous.get("/free/").content.decode()
        assert is_kept("/free/")
        assert "민지님" in as_minji.get("/free/").content.decode()

    def test_each_anonymous_visitor_has_a_token_of_their_own(self, post):
        tokens, cookies = set(), set()
        for _ in range(3):
            client = Client(headers={"user-agent": CHROME}, enforce_csrf_checks=True)
            response = client.get("/free/")
            page = Page(response.content)
            tokens |= {each["value"] for each in page.all("input", name="csrfmiddlewaretoken")}
            cookies.add(response.cookies["csrftoken"].value)
            sent = {"login": "minji", "password": "x", "csrfmiddlewaretoken": tokens.pop()}
            assert client.post("/accounts/login/", sent).status_code == 200
        assert len(cookies) == 3

    def test_who_has_something_to_be_told_is_told_alone(self, anonymous, post):
        anonymous.get("/free/")
        other = Client()
        session = other.session  # a guest who has written something
        session["guest_name"] = "지나가던 이"
        session.save()
        other.get(post.get_absolute_url())
        assert not is_kept(post.get_absolute_url())

    def test_a_guest_who_may_comment_gets_a_form_of_their_own(self, anonymous, board, post):
        Board.objects.filter(pk=board.pk).update(comment_level=1)
        MemberSettings.objects.update_or_create(pk=1, defaults={"captcha": "question"})
        MemberSettings.forget()
        forms = []
        for _ in range(2):
            page = Page(anonymous.get(post.get_absolute_url()).content)
            names = ("submission", "captcha_question")
            forms.append([page.one("input", name=name)["value"] for name in names])
        assert is_kept(post.get_absolute_url())
        assert forms[0][0] != forms[1][0]
        assert forms[0][1] != forms[1][1]

    def test_private_boards_are_cached_for_nobody(self, as_junho, anonymous, board, post, group):
        group.is_private = True
        group.save()
        group.members.add(Member.objects.get(username="junho"))
        assert as_junho.get("/free/").status_code == 200
        assert anonymous.get("/free/").status_code == 403
        assert not is_kept("/free/")

    def test_no_mark_of_a_placeholder_reaches_anybody(self, anonymous, as_minji, post):
        from boardsite.caching import page_cache

        for address in ("/", "/free/", post.get_absolute_url(), "/free/feed/", "/search/", "/x/"):
            for client in (anonymous, as_minji):
                for _ in range(2):
                    assert page_cache._MARK.encode() not in client.get(address).content


class TestViews:
    def test_each_reader_counts_and_sees_his_own(self, post):
        for number in range(1, 4):
            reader = Client(headers={"user-agent": CHROME}, REMOTE_ADDR=f"203.0.113.{number}")
            for _ in range(2):
                page = Page(reader.get(post.get_absolute_url()).content)
                assert f"조회 {number}회" in page.text
        assert Post.objects.get().view_count == 3

    def test_a_robot_counts_for_nothing(self, post):
        robot = Client(headers={"user-agent": GOOGLEBOT})
        for _ in range(2):
            assert robot.get(post.get_absolute_url()).status_code == 200
        assert Post.objects.get().view_count == 0


class TestRobots:
    def test_they_have_a_shelf_of_their_own(self, as_guest, post):
        robot = Client(headers={"user-agent": GOOGLEBOT})
        robot.get("/free/")
        assert not is_kept("/free/")
        assert pages.robots.get("robot /free/")

    def test_they_push_out_nobodys_page(self, anonymous, post):
        anonymous.get("/free/")
        robot = Client(headers={"user-agent": GOOGLEBOT})
        for number in range(30):
            robot.get(f"/free/?page={number + 1}")
        assert is_kept("/free/")


@pytest.mark.django_db(transaction=True)  # who is known is known once it is committed
def test_a_kept_post_costs_few_queries(as_reader, post):
    address = post.get_absolute_url()
    for _ in range(2):  # the first visit of all makes the site's settings
        as_reader.get(address)
    with CaptureQueriesContext(connection) as seen:
        as_reader.get(address)
    asked = [each["sql"] for each in seen if re.match("SELECT|INSERT|UPDATE|WITH", each["sql"])]
    # The versions and what is asked along; in tests their view is written at once, and read.
    assert len(asked) <= 3, asked


def test_pages_by_the_thousand_make_no_entries(anonymous, post):
    for number in range(5):
        anonymous.get(f"/free/?fbclid={number}")
    assert not any("fbclid" in key for key in pages.people.pages)
