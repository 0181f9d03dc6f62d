"""The front page and the side column consist of the owner's blocks."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Block as BlockedAuthor
from accounts.models import PointSettings
from boards.actions.comments import write_comment
from boards.actions.files import store_picture
from boards.actions.posts import hide_post, write_post
from boards.actions.withholding_comments import hide_comment
from boards.models import Board, BoardGroup, Post
from boards.queries import latest
from boards.queries.post_fields import PollFields
from boardsite.caching.page_cache import pages
from boardsite.caching.versioned_cache import VersionedCache
from pages.actions.blocks import publish_blocks
from pages.models import Block
from pages.models.blocks import MOST_ROWS
from tests.boards.townspeople import Town
from tests.conftest import make_member
from tests.crowd import fill_board, picture_upload
from tests.page import CHROME, Page
from tests.pages.blocks import place_block, publish_block

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cached_values_are_not_changed"),
]


def front(client) -> Page:
    response = client.get("/")
    assert response.status_code == 200
    return Page(response.content)


def main(client) -> list[str]:
    """The headings of the front page."""
    return [heading.text for heading in front(client).one("main").all("h2")]


def titles(client, address: str = "/", part: str = "main") -> list[str]:
    page = Page(client.get(address).content)
    return [title.text for title in page.one(part).all("a", class_="title")]


class TestDefault:
    def test_without_blocks_the_pages_are_those_of_the_boards(self, as_guest, post, other_board):
        page = front(as_guest)
        assert [heading.text for heading in page.one("main").all("h2")] == [
            *("이번 주 인기글", "자유게시판", "질문답변")
        ]
        side = [heading.text for heading in page.one("aside", class_="side").all("h2")]
        assert side == ["회원로그인"]  # beside other pages 인기글 too, which this one shows itself

    def test_a_draft_changes_nothing(self, as_guest, post):
        before = main(as_guest)
        place_block("text", title="아직 초안", html="<p>봄</p>")
        assert main(as_guest) == before

    def test_when_the_last_block_is_gone_the_default_is_back(self, as_guest, post):
        before = main(as_guest)
        publish_block("text", title="인사말", html="<p>어서 오세요</p>")
        assert main(as_guest) == ["인사말"]
        Block.objects.drafts().delete()
        publish_blocks()
        assert main(as_guest) == before


class TestLatest:
    def test_a_list_has_as_many_rows_as_the_owner_wants(self, as_guest, board, minji):
        fill_board(board, minji, 12)
        publish_block("latest", board=board, rows=3)
        publish_block("latest", board=board, rows=10, title="더 많이")
        page = front(as_guest)
        few, many = page.all("section", class_="latest")
        assert [each.text for each in few.all("a", class_="title")] == ["글 12", "글 11", "글 10"]
        assert few.one("h2").text == "자유게시판"
        assert len(many.all("a", class_="title")) == 10
        assert many.one("h2").text == "더 많이"

    def test_pictures_are_of_posts_that_have_one(self, as_guest, board, minji):
        write_post(author=minji, board=board, subject="글만", source="")
        picture = store_picture(uploader=minji, upload=picture_upload(), is_inline=False)
        write_post(author=minji, board=board, subject="꽃밭", source="", files=[picture])
        publish_block("latest", board=board, style="pictures")
        assert titles(as_guest) == ["꽃밭"]
        assert front(as_guest).one("ul", class_="gallery").one("img")["src"] == picture.thumb_url

    def test_cards_begin_with_the_text(self, as_guest, post, board):
        publish_block("latest", board=board, style="cards")
        card = front(as_guest).one("li", class_="card")
        assert "봄나들이 다녀왔어요" in card.text
        assert "벚꽃이 활짝 피었습니다." in card.text

    def test_cards_show_no_text_that_costs_points(self, as_junho, post, board, points_on):
        Board.objects.filter(pk=board.pk).update(read_points=-100)
        publish_block("latest", board=board, style="cards")
        card = front(as_junho).one("li", class_="card")
        assert "봄나들이" in card.text
        assert "벚꽃" not in card.text

    def test_an_empty_board_leaves_no_hole(self, as_guest, post, board, other_board):
        publish_block("latest", board=other_board)
        publish_block("latest", board=board)
        page = front(as_guest)
        assert len(page.all("div", class_="block")) == 1
        assert "질문답변" not in page.one("main").text

    def test_of_all_boards_the_empty_ones_are_left_out(self, as_guest, post, other_board):
        publish_block("all")
        assert main(as_guest) == ["자유게시판"]

    def test_nothing_to_show_at_all_says_so(self, as_guest, other_board):
        publish_block("latest", board=other_board)
        assert "게시물이 없습니다." in front(as_guest).one("main").text

    def test_a_block_of_a_deleted_board_shows_nothing(self, as_guest, post, board, other_board):
        publish_block("latest", board=other_board)
        publish_block("latest", board=board)
        other_board.delete()
        assert main(as_guest) == ["자유게시판"]
        Block.objects.get(board=None, is_published=False)


class TestWhoSeesWhat:
    """Each kind shows only what the visitor may read."""

    @pytest.fixture
    def everywhere(self, board):
        """The page has every kind of block that shows posts, in both places."""
        for place in Block.Place:
            for kind in ("latest", "all", "popular", "comments", "notices"):
                for style in ("list", "cards") if kind == "latest" else ("list",):
                    place_block(
                        kind, place=place, board=board if kind == "latest" else None, style=style
                    )
        publish_blocks()

    def seen(self, client, word: str) -> bool:
        """Whether the front page shows the word; the side column must agree."""
        page = front(client)
        places = page.one("main"), page.one("aside", class_="side")
        (is_seen,) = {word in place.text for place in places}
        return is_seen

    def test_a_public_post(self, everywhere, as_guest, as_minji, post, comment):
        for client in (as_guest, as_minji):
            page = front(client)
            for part in (page.one("main"), page.one("aside", class_="side")):
                assert part.text.count("봄나들이") == 4  # two of the board, of all boards, popular
                assert part.text.count("사진도 올려 주세요") == 1

    def test_a_secret_post_and_its_comments(
        self, everywhere, as_guest, as_minji, as_junho, as_owner, board, minji
    ):
        secret = {"is_secret": True, "is_notice": True, "is_site_notice": True}
        post = write_post(
            author=minji, board=board, subject="속마음", source="비밀 이야기", **secret
        )
        write_comment(author=minji, post=post, text="혼잣말")
        for client in (as_guest, as_junho):
            assert not self.seen(client, "속마음")
            assert not self.seen(client, "비밀 이야기")
        assert self.seen(as_minji, "속마음")
        assert self.seen(as_owner, "속마음")
        for client in (as_guest, as_minji, as_junho, as_owner):
            assert not self.seen(client, "혼잣말")

    def test_a_secret_comment(self, everywhere, as_guest, as_junho, as_owner, post, junho):
        write_comment(author=junho, post=post, text="귓속말", is_secret=True)
        for client in (as_guest, as_junho, as_owner):
            assert not self.seen(client, "귓속말")

    @pytest.mark.parametrize("change", ["level", "group"])
    def test_a_closed_board(
        self, everywhere, as_guest, as_junho, as_owner, post, comment, board, group, change
    ):
        assert self.seen(as_guest, "봄나들이")
        assert self.seen(as_guest, "사진도 올려")
        if change == "level":
            Board.objects.filter(pk=board.pk).update(read_level=5)
        else:
            BoardGroup.objects.filter(pk=group.pk).update(is_private=True)
        for client in (as_guest, as_junho):
            assert not self.seen(client, "봄나들이")
            assert not self.seen(client, "사진도 올려")
            assert not self.seen(client, "자유게시판")
        assert self.seen(as_owner, "봄나들이")

    def test_a_member_of_a_private_group(
        self, everywhere, as_guest, as_minji, as_junho, post, comment, group, minji
    ):
        BoardGroup.objects.filter(pk=group.pk).update(is_private=True)
        group.members.add(minji)
        assert self.seen(as_minji, "봄나들이")
        assert self.seen(as_minji, "사진도 올려")
        for client in (as_guest, as_junho):
            assert not self.seen(client, "봄나들이")

    def test_a_blocked_author(self, everywhere, as_junho, as_guest, post, junho, minji):
        write_comment(author=minji, post=post, text="댓글도 써요")
        BlockedAuthor.objects.create(member=junho, blocked=minji)
        assert self.seen(as_junho, "차단한 회원의 글입니다.")
        assert not self.seen(as_junho, "댓글도 써요")
        assert not self.seen(as_junho, "벚꽃이 활짝")
        assert self.seen(as_guest, "댓글도 써요")

    def test_a_site_notice(self, as_guest, as_junho, board, other_board, minji):
        words = {"is_notice": True, "is_site_notice": True}
        write_post(author=minji, board=board, subject="모두에게", source="", **words)
        write_post(author=minji, board=other_board, subject="우리끼리", source="", **words)
        Board.objects.filter(pk=other_board.pk).update(read_level=2)
        publish_block("notices")
        assert titles(as_guest) == ["모두에게"]
        assert titles(as_junho) == ["우리끼리", "모두에게"]

    def test_a_hidden_comment_disappears_at_once(self, as_guest, post, comment, owner):
        publish_block("comments")
        assert titles(as_guest) == ["사진도 올려 주세요"]
        hide_comment(comment=comment, by=owner)
        assert titles(as_guest) == []

    def test_comments_on_posts_that_cost_points(self, as_guest, as_minji, board, comment):
        publish_block("comments")
        PointSettings.objects.update_or_create(pk=1, defaults={"is_on": True})
        Board.objects.filter(pk=board.pk).update(read_points=-100)
        assert titles(as_guest) == []
        assert titles(as_minji) == ["사진도 올려 주세요"]  # the author of the post


class TestPopular:
    def test_of_the_chosen_period(self, as_guest, board, minji):
        old, new = fill_board(board, minji, 2)
        Post.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))
        publish_block("popular", period="day")
        page = front(as_guest)
        assert titles(as_guest) == [new.subject]
        assert main(as_guest) == ["오늘의 인기글"]
        link = page.one("main").one("h2").one("a")
        assert link["href"] == "/popular/?period=day"

    def test_of_the_week_in_the_side(self, as_guest, post):
        publish_block("popular", place="side", rows=3)
        side = Page(as_guest.get("/new/").content).one("aside", class_="side")
        assert [heading.text for heading in side.all("h2")] == ["이번 주 인기글"]
        assert post.subject in side.text


def test_blocks_with_nothing_in_them_leave_no_hole(as_guest, board):
    for place in Block.Place:
        for kind in Block.Kind.values:
            if kind not in ("log_in", "counter", "text"):
                place_block(kind, place=place, board=board)
    publish_blocks()
    page = front(as_guest)
    assert not page.all("div", class_="block")
    assert not page.one("aside", class_="side").all("section")


def test_the_same_block_in_both_places_has_ids_of_its_own(as_guest, as_minji, board, minji):
    poll = PollFields(question="봄에 갈 곳은?", options=("산", "바다"))
    post = write_post(author=minji, board=board, subject="설문", source="", poll=poll)
    for place in (*Block.Place, *Block.Place):
        for kind in Block.Kind.values:
            place_block(kind, place=place, board=board, poll=post.poll, html="<p>봄</p>")
    publish_blocks()
    for client in (as_guest, as_minji):
        ids = [element["id"] for element in front(client).all() if "id" in element.attributes]
        assert len(ids) == len(set(ids))


class TestOfTheSite:
    def test_a_text(self, as_guest):
        publish_block("text", title="인사말", html="<p>어서 <b>오세요</b></p>")
        section = front(as_guest).one("main").one("section")
        assert section.text == "인사말 어서 오세요"
        assert section.one("b").text == "오세요"

    def test_log_in_and_the_card_of_a_member(self, as_guest, as_minji):
        publish_block("log_in")
        publish_block("log_in", place="side", devices="pc")
        page = front(as_guest)
        assert len(page.all("form", class_="login-box")) == 2
        assert len(front(as_minji).all("section", class_="member-card")) == 2

    def test_a_guest_logs_in_from_a_cached_page(self, minji):
        publish_block("log_in", place="side")
        tokens = set()
        for _ in range(2):
            guest = Client(headers={"user-agent": CHROME}, enforce_csrf_checks=True)
            page = Page(guest.get("/new/").content)
            form = page.one("form", class_="login-box")
            token = form.one("input", name="csrfmiddlewaretoken")["value"]
            sent = {"login": "minji", "password": "correct-horse-42", "next": "/new/"}
            assert form.one("input", name="next")["value"] == "/new/"
            answer = guest.post("/accounts/login/", sent | {"csrfmiddlewaretoken": token})
            assert answer.status_code == 302
            tokens.add(token)
        assert len(tokens) == 2
        assert pages.people.get("guest /new/") is not None

    def test_the_visitor_counter(self, as_reader):
        assert apps.is_installed("visits")
        publish_block("counter", place="side")
        for _ in range(2):
            side = Page(as_reader.get("/new/").content).one("aside", class_="side")
            assert "접속자집계" in side.text
            assert "오늘 1" in side.text

    def test_devices(self, as_guest):
        publish_block("text", title="PC에서", html="<p>1</p>", devices="pc")
        publish_block("text", title="전화에서", html="<p>2</p>", devices="phone")
        blocks = front(as_guest).one("main").all("div", class_="block")
        assert ["only-pc" in block.classes for block in blocks] == [True, False]
        assert ["only-phone" in block.classes for block in blocks] == [False, True]


class TestCachedPages:
    """The side column stands on pages of one board, too, which are cached by its version."""

    @pytest.fixture
    def anonymous(self):
        return Client(headers={"user-agent": CHROME, "sec-purpose": "prefetch"})

    def test_a_change_in_another_board_shows_beside_a_board_at_once(
        self, anonymous, board, other_board, post, minji, owner
    ):
        publish_block("latest", place="side", board=board)
        publish_block("comments", place="side")
        assert titles(anonymous, "/qna/", "aside") == [post.subject]
        assert pages.people.get("guest /qna/") is not None
        write_comment(author=minji, post=post, text="저도 갈래요")
        assert titles(anonymous, "/qna/", "aside") == [post.subject, "저도 갈래요"]
        hide_post(post=post, by=owner)
        assert titles(anonymous, "/qna/", "aside") == []

    def test_publishing_shows_at_once(self, anonymous, post):
        main(anonymous)
        publish_block("text", title="인사말", html="<p>어서 오세요</p>")
        assert main(anonymous) == ["인사말"]
        publish_block("text", title="둘째", html="<p>어서 오세요</p>")
        assert main(anonymous) == ["인사말", "둘째"]

    @pytest.mark.parametrize("seed", [21, 22])
    def test_no_page_is_ever_old(self, seed, group, owner, settings, anonymous):
        town = Town(seed, group, owner)
        for place in Block.Place:
            for board in town.boards:
                place_block("latest", place=place, board=board, style="cards", rows=8)
            for kind in ("all", "popular", "comments", "notices", "log_in", "words", "counter"):
                place_block(kind, place=place)
        publish_blocks()
        for action in town.days(25):
            for address in ("/", "/board0/", "/new/"):
                cached, rendered = both(anonymous, settings, address)
                assert cached == rendered, f"{address} after {action}"


def both(client, settings, address: str) -> tuple[str, str]:
    """A page from the cache, and rendered again with empty caches."""
    cached = client.get(address)
    size, settings.PAGE_CACHE_MB = settings.PAGE_CACHE_MB, 0
    VersionedCache.forget_all()
    rendered = client.get(address)
    settings.PAGE_CACHE_MB = size
    return plain(cached.content), plain(rendered.content)


def plain(content: bytes) -> str:
    """Without the tokens, which differ for each visitor."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", content.decode())


class TestQueries:
    @pytest.fixture(autouse=True)
    def slow_clock(self, monkeypatch, settings):
        settings.PAGE_CACHE_MB = 0
        for each in VersionedCache._all:
            monkeypatch.setattr(each, "seconds", 10**9)

    def count(self, client, address: str) -> int:
        for _ in range(2):
            client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    @pytest.mark.parametrize("address", ["/", "/free/"])
    def test_twenty_blocks_cost_as_many_queries_as_one(
        self, as_guest, as_minji, group, board, minji, address
    ):
        boards = [board] + [
            Board.objects.create(group=group, slug=f"more{n}", name=f"게시판 {n}") for n in range(6)
        ]
        for each in boards:
            write_comment(author=minji, post=fill_board(each, minji, 9)[-1], text="네")
        counts = {}
        for place in Block.Place:
            publish_block("latest", place=place, board=board)
        counts["one"] = [self.count(client, address) for client in (as_guest, as_minji)]
        for place in Block.Place:
            for number, each in enumerate(boards):
                place_block("latest", place=place, board=each, rows=number + 2)
                place_block("latest", place=place, board=each, rows=9, style="cards")
            for kind in ("all", "popular", "comments", "notices", "text"):
                place_block(kind, place=place, html="<p>봄</p>")
        publish_blocks()
        counts["twenty"] = [self.count(client, address) for client in (as_guest, as_minji)]
        assert counts["twenty"] == counts["one"]

    def test_without_blocks_no_page_costs_more(self, as_guest, post):
        """tests/boards/test_query_budgets.py counts the pages; this is the form with an error."""
        as_guest.get("/new/")
        with CaptureQueriesContext(connection) as seen:
            as_guest.get("/new/")
        assert not [query for query in seen.captured_queries if "pages_block" in query["sql"]]


def test_the_model_and_the_queries_agree():
    assert {*Block.Style.values} == {latest.LIST, latest.PICTURES, latest.CARDS}
    assert MOST_ROWS == latest.MOST


def test_comments_of_a_crowd_are_found_behind_those_of_another_board(as_guest, board, other_board):
    writer = make_member("writer", "글쓴이")
    here = write_post(author=writer, board=board, subject="여기", source="")
    there = write_post(author=writer, board=other_board, subject="저기", source="")
    write_comment(author=writer, post=here, text="보이는 댓글")
    for number in range(45):
        write_comment(author=writer, post=there, text=f"안 보이는 댓글 {number}")
    Board.objects.filter(pk=other_board.pk).update(read_level=9)
    publish_block("comments")
    assert titles(as_guest) == ["보이는 댓글"]
