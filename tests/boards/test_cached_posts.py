"""The cached page of a post stays valid while others are written about, and what stands around the post in
its board is never old."""

import gzip
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import MemberSettings
from boards import around
from boards.actions.comments import edit_comment, write_comment
from boards.actions.posts import edit_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.models import (
    Attachment,
    Board,
    Comment,
    ExtraField,
    ExtraValue,
    GuestPassword,
    Poll,
    PollOption,
    Post,
    PostLink,
    PostTag,
    Tag,
    Vote,
)
from boardsite.caching import triggers, versions
from boardsite.caching.page_cache import pages
from boardsite.caching.versioned_cache import VersionedCache
from tests.boards.test_cached_pages import GOOGLEBOT, UNCOUNTED
from tests.page import CHROME, Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cached_values_are_not_changed")]


@pytest.fixture
def anonymous():
    return Client(headers=UNCOUNTED)


@pytest.fixture
def posts(board, minji):
    """냉이 is the oldest, 두릅 the newest."""
    return [
        write_post(board=board, author=minji, subject=subject, source="봄")
        for subject in ("냉이", "달래", "씀바귀", "두릅")
    ]


@pytest.fixture
def read(anonymous, posts):
    """`read(post)`: its page, which has been cached before the test."""

    def read(post: Post) -> Page:
        response = anonymous.get(post.get_absolute_url())
        assert response.status_code == 200
        return Page(response.content)

    for post in posts:
        read(post)
        assert text_of(post)
    return read


def text_of(post: Post, kind: str = "guest") -> object:
    """What is cached of its page: another object after the page has been built again."""
    page = pages.people.get(f"{kind} {post.get_absolute_url()}")
    return page and page.segments


def lines(page: Page) -> list[str]:
    table = page.one("section", class_="around").one("table", class_="posts")
    return [cell.text for cell in table.all("td", class_="subject")]


class TestWhatOthersWrite:
    def test_a_comment_elsewhere_leaves_the_page_and_shows_in_its_list(self, read, posts, junho):
        naengi, dallae = posts[:2]
        text = text_of(naengi)
        write_comment(post=dallae, author=junho, text="맛있겠네요")
        page = read(naengi)
        assert text_of(naengi) is text
        assert [line for line in lines(page) if "댓글 1" in line] == [lines(page)[2]]
        assert "달래" in lines(page)[2]
        assert "맛있겠네요" in read(dallae).text

    def test_a_hidden_post_is_gone_from_the_lists_below_others(self, moderator, read, posts):
        naengi, dallae, sseum = posts[:3]
        text = text_of(naengi)
        hide_post(post=dallae, by=moderator)
        page = read(naengi)
        assert "달래" not in page.html
        assert page.one("nav", class_="neighbours").one("a", rel="prev")["href"] == "/free/3/"
        assert text_of(naengi) is text
        assert "달래" not in read(sseum).html

    def test_a_post_that_becomes_secret_keeps_its_subject_to_itself(self, read, posts, minji):
        naengi, dallae = posts[:2]
        Board.objects.update(secret_posts="optional")
        read(naengi)
        text = text_of(naengi)
        edit_post(post=dallae, by=minji, subject="달래", source="쉿", category=None, is_secret=True)
        page = read(naengi)
        assert "달래" not in page.html
        assert "비밀글입니다." in lines(page)[2]
        assert text_of(naengi) is text

    def test_a_new_post_moves_the_others_down(self, read, posts, board, minji):
        Board.objects.update(page_size=2)
        dallae, dureup = posts[1], posts[3]
        page = read(dallae)
        assert page.one("section", class_="post-info").all("a", href="/free/?page=2")
        assert len(lines(page)) == 2
        text = text_of(dallae)
        write_post(board=board, author=minji, subject="쑥", source="봄")
        page = read(dallae)
        assert [line for line in lines(page) if "달래" in line]
        assert [line for line in lines(page) if "씀바귀" in line]
        assert "쑥" in lines(read(dureup))[0]
        assert text_of(dallae) is text
        write_post(board=board, author=minji, subject="미나리", source="봄")
        page = read(dallae)
        assert page.one("section", class_="post-info").all("a", href="/free/?page=3")
        assert text_of(dallae) is text

    def test_only_its_own_row_is_marked(self, read, posts):
        for post in posts * 2:
            table = read(post).one("section", class_="around")
            (row,) = table.all("tr", class_="current")
            assert post.subject in row.text

    def test_a_notice_has_a_list_too(self, read, posts, junho):
        Post.objects.filter(pk=posts[0].pk).update(is_notice=True)
        read(posts[0])
        text = text_of(posts[0])
        write_comment(post=posts[1], author=junho, text="네")
        page = read(posts[0])
        assert text_of(posts[0]) is text
        assert "댓글 1" in " ".join(lines(page))
        assert "냉이" in lines(page)[0]

    def test_listed_fields(self, read, posts, board):
        field = ExtraField.objects.create(board=board, name="산지", is_listed=True)
        read(posts[0])
        text = text_of(posts[0])
        value = ExtraValue.objects.create(post=posts[1], field=field, value="여수")
        assert "여수" in lines(read(posts[0]))[2]
        ExtraValue.objects.filter(pk=value.pk).update(value="목포")
        assert "목포" in lines(read(posts[0]))[2]
        assert text_of(posts[0]) is text

    def test_a_robot_sees_the_neighbours_as_they_are(self, posts, board, minji):
        robot = Client(headers={"user-agent": GOOGLEBOT})
        for _ in range(2):
            page = Page(robot.get("/free/4/").content)
            assert not page.all("section", class_="around")
            assert not page.all("a", rel="prev")
        text = pages.robots.get("robot /free/4/").segments
        write_post(board=board, author=minji, subject="쑥", source="봄")
        page = Page(robot.get("/free/4/").content)
        assert "쑥" in page.one("nav", class_="neighbours").one("a", rel="prev").text
        assert pages.robots.get("robot /free/4/").segments is text


class TestWhatIsWrittenAboutIt:
    def test_an_edited_comment(self, read, posts, junho):
        comment = write_comment(post=posts[0], author=junho, text="맛있겠네요")
        assert "맛있겠네요" in read(posts[0]).text
        edit_comment(comment=comment, text="잘 먹었습니다")
        assert "잘 먹었습니다" in read(posts[0]).text

    def test_a_vote(self, read, posts, junho):
        Board.objects.update(use_likes=True)
        read(posts[0])
        vote_post(post=posts[0], member=junho, value=Vote.LIKE)
        assert read(posts[0]).one("div", class_="reactions").one("b").text == "1"

    def test_everything_that_its_page_shows_moves_its_version_alone(
        self, posts, board, junho, minji
    ):
        """Each table whose trigger names the post, by the name of that trigger."""
        mine, other = posts[:2]
        tag = Tag.objects.create(name="봄")
        field = ExtraField.objects.create(board=board, name="산지")
        poll = Poll.objects.create(post=mine, question="어디로?")
        changes = {
            "post": lambda: Post.objects.filter(pk=mine.pk).update(like_count=3),
            "postbody": lambda: mine.body.save(),
            "comment": lambda: Comment.objects.create(post=mine, author=junho, text="네", path="1"),
            "attachment": lambda: Attachment.objects.create(
                post=mine, kind="file", name="표", size=1
            ),
            "posttag": lambda: PostTag.objects.create(post=mine, tag=tag),
            "extravalue": lambda: ExtraValue.objects.create(post=mine, field=field, value="여수"),
            "guestpassword": lambda: GuestPassword.objects.create(post=mine, password="!"),
            "postlink": lambda: PostLink.objects.create(post=mine, url="https://pado.kr/"),
            "poll": lambda: Poll.objects.filter(pk=poll.pk).update(question="언제?"),
            "polloption": lambda: PollOption.objects.create(poll=poll, text="봄", position=1),
        }
        watched = {each.name for each in triggers.watched() if each.part}
        assert watched - {"bucket"} == changes.keys()
        for name, change in changes.items():
            before = numbers(mine, other, board)
            change()
            now = numbers(mine, other, board)
            moved = [a > b for a, b in zip(now, before, strict=True)]
            assert moved == [True, False, True], name

    def test_only_posts_that_come_and_go_move_the_order_of_a_list(
        self, moderator, posts, board, junho
    ):
        def order() -> int:
            return versions.read_parts()[versions.part_of(-board.pk)]

        before = order()
        write_comment(post=posts[0], author=junho, text="네")
        Post.objects.filter(pk=posts[0].pk).update(subject="쑥")
        assert order() == before
        hide_post(post=posts[0], by=moderator)
        hidden = order()
        assert hidden > before
        write_post(board=board, author=junho, subject="쑥", source="봄")
        assert order() > hidden

    def test_all_versions_of_parts_are_those_that_one_reads(self, posts, board):
        found = versions.read_parts()
        assert len(found) >= len(posts) + 1
        for post in posts:
            part = versions.part_of(post.pk)
            with versions.reading() as now:
                assert now.of_part(part, board.pk) == found[part]

    def test_a_view_moves_nothing(self, posts, board):
        before = numbers(posts[0], posts[1], board)
        Post.objects.update(view_count=7, view_rank=7)
        assert numbers(posts[0], posts[1], board) == before

    def test_parts_that_share_a_version_are_built_again_and_nothing_else(self, posts):
        scope = versions.part_of(posts[0].pk)
        assert versions.part_of(posts[0].pk + versions.PARTS) == scope
        assert versions.part_of(posts[1].pk) != scope
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {versions.part_sql('%s')}", [posts[0].pk])
            assert cursor.fetchone()[0] == scope
        lowest = versions.part_of(versions.PARTS - 1)
        assert lowest <= scope <= versions.FIRST_PART


def numbers(mine: Post, other: Post, board: Board) -> list[int]:
    found = []
    for post in (mine, other):
        with versions.reading() as now:
            found.append(now.of_part(versions.part_of(post.pk), board.pk))
    with versions.reading() as now:
        return [*found, now.of(board.pk)[1]]


class TestWhileItIsBuilt:
    def test_a_page_that_changes_meanwhile_is_not_cached(
        self, anonymous, posts, junho, monkeypatch
    ):
        """The post was read before the comment, and its version after it."""
        from boards.views import posts as views

        find_post = views.find_post

        def slowly(*args, **kwargs):
            found = find_post(*args, **kwargs)
            monkeypatch.setattr(views, "find_post", find_post)
            write_comment(post=posts[0], author=junho, text="그 사이에")
            return found

        monkeypatch.setattr(views, "find_post", slowly)
        assert anonymous.get("/free/1/").status_code == 200
        assert text_of(posts[0]) is None
        page = Page(anonymous.get("/free/1/").content)
        assert text_of(posts[0])
        assert "그 사이에" in page.text

    def test_an_expired_page_costs_no_second_reading_of_versions(self, read, posts, monkeypatch):
        stored = pages.people.pages["guest /free/1/"]
        pages.people.pages["guest /free/1/"] = stored._replace(until=0)
        with CaptureQueriesContext(connection) as captured:
            read(posts[0])
        assert text_of(posts[0]) is not stored.segments
        assert len([each for each in captured if "scopeversion" in each["sql"]]) == 1


class TestCost:
    @pytest.fixture
    def statements(self, read):
        def statements(post: Post) -> list[str]:
            with CaptureQueriesContext(connection) as captured:
                read(post)
            return [each["sql"] for each in captured if each["sql"].startswith("SELECT")]

        return statements

    def test_after_a_change_the_list_is_read_once_for_all_its_posts(self, statements, posts, junho):
        statements(posts[0])
        usual = len(statements(posts[0]))
        write_comment(post=posts[3], author=junho, text="네")
        after = [len(statements(post)) for post in posts[:3]]
        assert after[0] > usual
        assert after[1:] == [usual] * 2

    def test_the_place_of_a_post_is_counted_once(self, statements, posts, junho):
        around._guesses.clear()
        VersionedCache.forget_all()
        counted = []
        for _ in range(2):
            write_comment(post=posts[3], author=junho, text="네")
            counted.append([sql for sql in statements(posts[0]) if "COUNT(*)" in sql])
        assert [len(each) for each in counted] == [1, 0]

    def test_an_unchanged_list_is_rendered_once(self, read, posts, board, junho, monkeypatch):
        Board.objects.update(page_size=2)
        for post in posts:
            read(post)
        drawn = []
        draw = around.draw
        monkeypatch.setattr(around, "draw", lambda *a, **b: drawn.append(a) or draw(*a, **b))
        write_comment(post=posts[3], author=junho, text="네")  # on the other page
        read(posts[0])
        assert drawn == []
        read(posts[2])
        assert len(drawn) == 2  # the list and the neighbours

    def test_changed_views_alone_render_no_list_again(self, read, posts, board, junho, monkeypatch):
        Board.objects.update(page_size=2)
        for post in posts:
            read(post)
        monkeypatch.setattr(around, "draw", None)
        Post.objects.update(view_count=70)
        write_comment(post=posts[3], author=junho, text="네")
        read(posts[0])


def test_views_in_the_list_are_those_of_the_head(posts):
    for number in range(1, 4):
        reader = Client(headers={"user-agent": CHROME}, REMOTE_ADDR=f"203.0.113.{number}")
        page = Page(reader.get("/free/2/").content)
        row = page.one("section", class_="around").one("tr", class_="current")
        assert row.one("td", class_="views").text == str(number)
        assert f"조회 {number}회" in page.text


def test_a_guest_who_may_comment_sees_the_list_too(read, posts):
    Board.objects.update(comment_level=1)
    MemberSettings.objects.update_or_create(pk=1, defaults={"captcha": "question"})
    MemberSettings.forget()
    for _ in range(2):
        assert len(lines(read(posts[0]))) == 4


def test_without_gzip_the_page_is_the_same(anonymous, read, posts):
    address = posts[0].get_absolute_url()
    plain = anonymous.get(address)
    packed = anonymous.get(address, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"

    def without_tokens(content: bytes) -> str:
        return re.sub(r'value="\w{64}"', "", content.decode())

    assert without_tokens(gzip.decompress(packed.content)) == without_tokens(plain.content)
