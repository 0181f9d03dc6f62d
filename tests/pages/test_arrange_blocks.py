"""The owner arranges the blocks of the front page and the side column in the admin."""

import pytest
from django.contrib.auth.models import Permission

from boards.models import Board
from pages.actions.blocks import (
    add_default_blocks,
    discard_block_drafts,
    move_block,
    order_blocks,
    publish_blocks,
)
from pages.models import Block
from pages.models.blocks import LONGEST_TEXT, MOST_BLOCKS
from tests.at_once import at_once
from tests.conftest import make_member
from tests.page import Page
from tests.pages.blocks import place_block

LIST = "/admin/pages/block/"
pytestmark = pytest.mark.django_db


def arrange(client) -> Page:
    response = client.get(LIST)
    assert response.status_code == 200
    return Page(response.content)


def names(place: str = "front", *, is_published: bool = False) -> list[str]:
    return [str(block) for block in Block.objects.filter(place=place, is_published=is_published)]


@pytest.fixture
def three(db) -> list[Block]:
    return [place_block("text", title=title, html=f"<p>{title}</p>") for title in "가나다"]


class TestAdd:
    def add(self, client, kind: str, place: str = "front", **fields):
        sent = {"devices": "all"} | fields
        return client.post(f"{LIST}add/?place={place}&kind={kind}", sent)

    def test_the_form_asks_for_what_the_kind_has(self, as_owner, board):
        page = Page(as_owner.get(f"{LIST}add/?place=front&kind=latest").content)
        assert "게시판 최신글 추가" in page.one("h1").text
        fields = {each["name"] for each in page.one("form", id="block_form").all("select")}
        assert fields == {"board", "style", "devices"}
        page = Page(as_owner.get(f"{LIST}add/?place=side&kind=counter").content)
        assert not page.all("input", name="title")

    def test_blocks_follow_each_other(self, as_owner, board):
        answer = self.add(as_owner, "latest", board=board.pk, style="cards", rows=4, title="")
        assert answer["Location"] == LIST
        self.add(as_owner, "popular", title="요즘", period="month", rows=10)
        self.add(as_owner, "log_in", place="side", devices="pc")
        assert names() == ["자유게시판", "요즘"]
        assert names("side") == ["로그인, 회원정보"]
        latest = Block.objects.get(kind="latest")
        assert (latest.style, latest.rows, latest.is_published) == ("cards", 4, False)
        assert "PC" in arrange(as_owner).one("section", **{"aria-labelledby": "place-side"}).text

    @pytest.mark.parametrize(
        "query", ["", "?place=front", "?place=front&kind=x", "?place=top&kind=text"]
    )
    def test_an_unknown_place_or_kind(self, as_owner, query):
        for ask in (as_owner.get, as_owner.post):
            assert ask(f"{LIST}add/{query}")["Location"] == LIST
        assert not Block.objects.exists()

    @pytest.mark.parametrize("rows", ["0", "21", "-1", "", "9" * 4_000])
    def test_too_many_rows(self, as_owner, board, rows):
        answer = self.add(as_owner, "comments", rows=rows)
        assert answer.status_code == 200
        assert not Block.objects.exists()

    def test_a_text_is_cleaned(self, as_owner):
        self.add(as_owner, "text", html='<p onclick="x()">봄<script>x()</script></p>')
        assert Block.objects.get().html == "<p>봄</p>"

    @pytest.mark.parametrize(
        "html", ["", "<p> </p>", "<b>" * 30_000, "가" * (LONGEST_TEXT + 1), "&amp" * 250_000]
    )
    def test_a_text_that_is_empty_or_too_long(self, as_owner, html):
        assert self.add(as_owner, "text", html=html).status_code == 200
        assert not Block.objects.exists()

    def test_no_more_than_the_limit(self, as_owner):
        for _ in range(MOST_BLOCKS):
            place_block("words")
        assert self.add(as_owner, "words").status_code == 403
        assert self.add(as_owner, "words", place="side").status_code == 302
        section = arrange(as_owner).one("section", **{"aria-labelledby": "place-front"})
        assert "30개까지" in section.text
        assert not section.all("select")


class TestMove:
    def test_buttons(self, as_owner, three):
        page = arrange(as_owner)
        buttons = page.all("button", name="up")
        assert [button["value"] for button in buttons] == [str(block.pk) for block in three]
        assert ["disabled" in button.attributes for button in buttons] == [True, False, False]
        as_owner.post(f"{LIST}move/", {"up": three[2].pk})
        assert names() == ["가", "다", "나"]
        as_owner.post(f"{LIST}move/", {"down": three[0].pk})
        assert names() == ["다", "가", "나"]

    def test_not_further_than_the_ends(self, three):
        move_block(block=three[0], by=-1)
        move_block(block=three[2], by=1)
        assert names() == ["가", "나", "다"]

    def test_dragging(self, as_owner, three):
        place_block("words", place="side")
        ids = ",".join(str(block.pk) for block in reversed(three))
        as_owner.post(f"{LIST}order/", {"place": "front", "ids": ids})
        assert names() == ["다", "나", "가"]

    def test_what_is_missing_comes_last(self, three):
        order_blocks(place="front", ids=[three[2].pk, 10**18])
        assert names() == ["다", "가", "나"]

    @pytest.mark.parametrize("sent", ["", "x", "1,,2", "²", "9" * 10_000, "-1"])
    def test_nonsense(self, as_owner, three, sent):
        assert as_owner.post(f"{LIST}order/", {"place": "front", "ids": sent}).status_code == 302
        assert as_owner.post(f"{LIST}move/", {"up": sent}).status_code == 302
        assert names() == ["가", "나", "다"]


class TestChange:
    def test_a_draft_is_changed_and_nothing_published(self, as_owner, three):
        publish_blocks()
        block = three[0]
        sent = {"title": "라", "html": "<p>라</p>", "devices": "phone"}
        as_owner.post(f"{LIST}{block.pk}/change/", sent)
        assert names() == ["라", "나", "다"]
        assert names(is_published=True) == ["가", "나", "다"]
        assert "게시하지 않은 변경이 있습니다." in arrange(as_owner).text

    def test_published_blocks_have_no_page(self, as_owner, three):
        publish_blocks()
        published = Block.objects.published().first()
        answer = as_owner.get(f"{LIST}{published.pk}/change/", follow=True)
        assert "이미 삭제되었을 수 있습니다" in answer.content.decode()

    def test_deleting_the_last_one_tells_what_happens(self, as_owner, three):
        for block in three:
            answer = as_owner.post(f"{LIST}{block.pk}/delete/", {"post": "yes"}, follow=True)
        words = "마지막 블록을 지웠습니다. 이대로 게시하면 기본 구성이 보입니다: 첫 화면"
        assert words in answer.content.decode()


class TestPublish:
    def test_from_the_preview(self, as_owner, as_guest, three):
        assert "나" not in [each.text for each in Page(as_guest.get("/").content).all("h2")]
        as_owner.post("/content/preview/")
        page = Page(as_owner.get("/").content)
        assert [each.text for each in page.one("main").all("h2")] == ["가", "나", "다"]
        assert "나" not in [each.text for each in Page(as_guest.get("/").content).all("h2")]
        as_owner.post("/content/preview/publish/")
        page = Page(as_guest.get("/").content)
        assert [each.text for each in page.one("main").all("h2")] == ["가", "나", "다"]

    def test_from_the_list(self, as_owner, as_guest, three):
        answer = as_owner.post(f"{LIST}publish/", follow=True)
        assert "게시했습니다." in answer.content.decode()
        page = Page(as_guest.get("/").content)
        assert [each.text for each in page.one("main").all("h2")] == ["가", "나", "다"]

    def test_a_preview_shows_the_side_of_the_draft(self, as_owner, as_minji):
        place_block("words", place="side")
        place_block("log_in", place="side")
        as_owner.post("/content/preview/")
        side = Page(as_owner.get("/new/").content).one("aside", class_="side")
        assert [each.text for each in side.all("h2")] == ["나의 회원정보"]
        side = Page(as_minji.get("/new/").content).one("aside", class_="side")
        assert "나의 회원정보" in side.text

    def test_discarding_restores_what_is_published(self, as_owner, three):
        publish_blocks()
        Block.objects.drafts().first().delete()
        place_block("words")
        as_owner.post(f"{LIST}discard/")
        assert names() == ["가", "나", "다"]
        assert "여기 보이는 구성이 게시되어 있습니다." in arrange(as_owner).text

    def test_twice(self, three):
        for _ in range(2):
            publish_blocks()
            discard_block_drafts()
        assert names() == names(is_published=True) == ["가", "나", "다"]


class TestDefault:
    def test_an_empty_place_says_so_and_can_be_filled(self, as_owner, as_guest, board):
        before = Page(as_guest.get("/new/").content)
        assert arrange(as_owner).text.count("블록이 없어 기본 구성이 보입니다.") == 2
        for place in Block.Place:
            for _ in range(2):
                as_owner.post(f"{LIST}fill/", {"place": place})
        assert names() == ["인기글", "모든 게시판 최신글"]
        assert names("side") == ["로그인, 회원정보", "인기글", "인기검색어"]
        publish_blocks()
        after = Page(as_guest.get("/new/").content)
        sides = [page.one("aside", class_="side").text for page in (before, after)]
        assert sides[0] == sides[1]


class TestWhoMay:
    @pytest.fixture
    def as_staff(self, log_in, db):
        """A staff member with every permission of this app, who is no owner."""
        member = make_member("staff", "일꾼", is_staff=True)
        member.user_permissions.set(Permission.objects.filter(content_type__app_label="pages"))
        return log_in(member)

    @pytest.mark.parametrize("who", ["as_guest", "as_minji", "as_staff"])
    def test_nobody_but_the_owner(self, who, request, three):
        client = request.getfixturevalue(who)
        own = f"{LIST}{three[0].pk}"
        for address in (LIST, f"{LIST}add/?place=front&kind=words", f"{own}/change/"):
            assert client.get(address).status_code in (302, 403), address
        sent = {"up": three[1].pk, "place": "front", "ids": f"{three[2].pk}", "post": "yes"}
        for address in (f"{LIST}{name}/" for name in ("move", "order", "fill", "publish")):
            assert client.post(address, sent).status_code in (302, 403), address
        client.post(f"{own}/delete/", sent)
        client.post(f"{LIST}add/?place=front&kind=words", {"devices": "all"})
        client.post("/content/preview/publish/")
        assert names() == ["가", "나", "다"]
        assert names(is_published=True) == []

    def test_staff_may_delete_a_board_that_a_block_shows(self, as_staff, log_in, board):
        place_block("latest", board=board)
        member = make_member("keeper", "관리인", is_staff=True)
        member.user_permissions.set(Permission.objects.filter(content_type__app_label="boards"))
        keeper = log_in(member)
        keeper.post(f"/admin/boards/board/{board.pk}/delete/", {"name": board.name})
        assert not Board.objects.filter(deleted_at=None).exists()
        assert names() == ["자유게시판"]  # until the board is erased
        publish_blocks()
        keeper.get("/")  # with the message that it was deleted
        assert "자유게시판" not in keeper.get("/").text

    def test_get_moves_nothing(self, as_owner, three):
        for name in ("move", "order", "fill", "publish", "discard"):
            assert as_owner.get(f"{LIST}{name}/").status_code == 405


@pytest.mark.usefixtures("side_by_side")
class TestAtOnce:
    def test_publishing_twice_at_once_publishes_once(self, three):
        at_once(8, lambda number: publish_blocks())
        assert names(is_published=True) == ["가", "나", "다"]

    def test_filling_twice_at_once_fills_once(self):
        at_once(8, lambda number: add_default_blocks(place="front"))
        assert len(names()) == 2
