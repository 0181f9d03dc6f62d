"""The layout of lists: aligned rows, badges beside titles, equal cards, selection by checkbox."""

import pytest

from boards.actions.comments import write_comment
from boards.actions.files import store_picture
from boards.actions.posts import write_post
from boards.models import Board, Category, Post
from pages.models import Appearance
from tests.browser.steps import expect
from tests.browser.test_layout import SHIFTS
from tests.crowd import fill_board, picture_upload

LONG = "봄나들이를 다녀와서 쓰는 조금 길고 자세한 이야기, 그리고 사진과 표"

# Badges that are not on the last line of their title. The count of comments has a place of its own.
LONELY = """
() => [...document.querySelectorAll('.posts .line')].filter((line) => {
  const marks = [...line.querySelectorAll('.marks > :not(.visually-hidden, .count)')];
  const lines = [...line.querySelector('.title').getClientRects()];
  const end = lines[lines.length - 1];
  const middle = (box) => (box.top + box.bottom) / 2;
  return marks.some((mark) => Math.abs(middle(mark.getBoundingClientRect()) - middle(end)) > 8);
}).map((line) => line.textContent)
"""


@pytest.fixture
def titles(side_by_side, minji, junho, board) -> Post:
    """Titles with lengths around the width of a phone, with comments, and a notice."""
    write_post(author=minji, board=board, subject=LONG, source="공지", is_notice=True)
    for length in range(12, len(LONG), 2):
        post = write_post(author=minji, board=board, subject=LONG[:length].strip(), source="봄")
        write_comment(author=junho, post=post, text="네")
    return post


def test_rows_on_a_phone_are_as_wide_as_their_border(open_page, titles):
    page = open_page(titles.get_absolute_url(), width=390)
    table = page.locator(".posts").bounding_box()
    for kind in ("notice", "current"):
        row = page.locator(f".posts .{kind}").bounding_box()
        assert (row["x"], row["width"]) == (table["x"], table["width"]), kind
    names = page.eval_on_selector_all(
        ".posts .author a", "all => all.map((each) => each.getBoundingClientRect().width)"
    )
    assert min(names) >= 24  # a finger can hit even a name of two letters


@pytest.mark.parametrize("width", [360, 375, 390, 414])
def test_badges_are_never_alone_on_a_line(width, open_page, titles):
    page = open_page("/free/", width=width)
    assert page.evaluate("document.querySelectorAll('.posts .line').length") > 10
    assert page.evaluate(LONELY) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 390])
def test_comments_of_a_row_are_a_target_of_their_own_on_a_phone(width, open_page, titles, minji):
    post = write_post(author=minji, board=titles.board, subject=LONG * 4, source="봄")
    write_comment(author=minji, post=post, text="네")
    page = open_page("/free/", width=width)
    row = page.locator(".posts tr", has_text=LONG * 4)
    title, count = row.locator(".line").bounding_box(), row.locator(".count").bounding_box()
    assert title["height"] < 52  # two lines
    assert title["x"] + title["width"] <= count["x"]
    assert count["width"] >= 44
    assert count["height"] >= 44
    table = page.locator(".posts").bounding_box()
    assert count["x"] + count["width"] == table["x"] + table["width"]
    row.locator(".count").click()
    page.wait_for_url(f"**{post.get_absolute_url()}#comments")


ROWS_IN_SIGHT = """() => [...document.querySelectorAll('.posts tbody tr')]
  .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"""


@pytest.fixture
def long_list(side_by_side, board, minji):
    for name in ("질문", "정보", "나눔"):
        Category.objects.create(board=board, name=name)
    Board.objects.filter(pk=board.pk).update(page_size=30)
    fill_board(board, minji, 30)


def test_a_laptop_shows_nearly_twenty_rows(open_page, long_list):
    page = open_page("/free/", width=1280, height=800)
    assert page.evaluate(ROWS_IN_SIGHT) >= 18


def test_a_reader_makes_rows_lower_and_finds_them_so_again(open_page, long_list, minji):
    page = open_page("/free/", width=1280, height=800)
    page.add_init_script(SHIFTS)
    higher = page.evaluate(ROWS_IN_SIGHT)
    button = page.get_by_role("button", name="촘촘하게 보기")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(ROWS_IN_SIGHT) >= higher + 3
    page.goto("/new/")
    page.goto("/free/")
    assert page.evaluate(ROWS_IN_SIGHT) >= higher + 3
    assert page.evaluate("window.shift") < 0.02  # set before the first paint
    page.get_by_role("button", name="촘촘하게 보기").click()
    assert page.evaluate(ROWS_IN_SIGHT) == higher
    other = open_page("/free/", width=1280, height=800)  # who gets the same cached page
    assert other.evaluate(ROWS_IN_SIGHT) == higher


def test_a_reader_may_choose_otherwise_than_the_owner(open_page, long_list):
    Appearance.objects.create(pk=1, density="compact")
    page = open_page("/free/", width=1280, height=800)
    lower = page.evaluate(ROWS_IN_SIGHT)
    button = page.get_by_role("button", name="촘촘하게 보기")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    assert page.evaluate(ROWS_IN_SIGHT) <= lower - 3


def test_nobody_is_offered_a_density_without_scripts_or_on_a_phone(open_page, long_list):
    page = open_page("/free/", javascript=False)
    expect(page.locator(".density")).to_be_hidden()
    expect(open_page("/free/", width=390).locator(".density")).to_be_hidden()


def test_a_long_word_still_breaks(open_page, side_by_side, minji, board):
    post = write_post(author=minji, board=board, subject="가" * 100, source="봄")
    write_comment(author=minji, post=post, text="네")
    page = open_page("/free/", width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_popular_titles_beside_the_page_take_two_lines(
    open_page, side_by_side, minji, junho, board
):
    post = write_post(author=minji, board=board, subject=LONG * 2, source="봄")
    write_comment(author=junho, post=post, text="네")
    for path in ("/free/", "/nothing-is-here/"):
        page = open_page(path)
        title = page.locator("aside .ranks a")
        assert title.bounding_box()["height"] < 45
        colours = page.evaluate(
            """() => ['aside .ranks .count', 'aside .join']
              .map((each) => getComputedStyle(document.querySelector(each)).color)"""
        )
        assert len(set(colours)) == 1, path  # the accent colour, also on error pages


@pytest.mark.parametrize("width", [390, 1280])
def test_cards_of_a_gallery_have_equal_sizes(width, open_page, side_by_side, minji, board):
    Board.objects.filter(pk=board.pk).update(skin="gallery")
    board.refresh_from_db()
    category = Category.objects.create(board=board, name="봄소식")
    for number in range(4):
        picture = store_picture(
            uploader=minji, upload=picture_upload(f"{number}.png", (600, 450)), is_inline=False
        )
        post = write_post(
            author=minji,
            board=board,
            subject="봄",
            source="봄",
            files=[picture],
            category=category if number % 2 else None,
        )
        if number > 1:
            Post.objects.filter(pk=post.pk).update(
                view_count=12_345, like_count=321, comment_count=123
            )
    page = open_page("/free/", width=width)
    heights = page.eval_on_selector_all(
        ".card", "all => all.map((each) => each.getBoundingClientRect().height)"
    )
    assert len(heights) == 4
    assert max(heights) - min(heights) < 1
    lines = page.eval_on_selector_all(
        ".card .meta",
        """all => all.map((meta) => {
          const { top, height } = meta.getBoundingClientRect();
          const boxes = [...meta.children].map((each) => each.getBoundingClientRect());
          const lines = boxes.filter((box) => box.height).map((box) => Math.round((box.top - top) / (height / 2)));
          return new Set(lines.filter((line) => line < 2)).size;
        })""",
    )
    assert set(lines) == {2}


def test_the_beacon_is_invisible(open_page, post):
    page = open_page("/")
    beacon = page.locator("img.beacon")
    expect(beacon).to_have_count(1)
    assert beacon.evaluate("(each) => getComputedStyle(each).opacity") == "0"
    assert beacon.bounding_box()["width"] <= 1
    assert beacon.evaluate("(each) => each.complete && each.naturalWidth > 0")


def test_a_clickable_picture_has_a_name(open_page, side_by_side, minji, board):
    picture = store_picture(
        uploader=minji, upload=picture_upload("a.png", (600, 450)), is_inline=True
    )
    source = f'<p>봄</p><p><img src="{picture.url}" alt=""></p>'
    post = write_post(author=minji, board=board, subject="봄", source=source)
    page = open_page(post.get_absolute_url())
    picture = page.get_by_role("button", name="사진 크게 보기")
    assert picture.get_attribute("alt") is None  # "" would make it a decoration
    picture.click()
    expect(page.get_by_role("dialog").locator(".caption")).to_have_text("")


def test_selected_posts_are_counted_and_their_form_stays_in_view(
    open_page, side_by_side, board, moderator, minji
):
    fill_board(board, minji, 25)
    page = open_page("/free/", member=moderator, width=390, height=600)
    bar = page.locator("main summary", has_text="선택한 글")
    expect(bar).not_to_be_in_viewport()
    boxes = page.locator("main input[name=posts]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(bar).to_be_in_viewport()
    expect(bar).to_have_text("선택한 글 2")
    boxes.nth(0).uncheck()
    expect(bar).to_have_text("선택한 글 1")
    boxes.nth(1).uncheck()
    expect(bar).not_to_be_in_viewport()


def test_a_skin_draws_nothing_outside_of_its_list(open_page, settings, tmp_path, board):
    """Attack case 92: margins and shadows that would cover the page."""
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "skins/wide"
    folder.mkdir(parents=True)
    (folder / "skin.json").write_text('{"name": "넓은"}', "utf-8")
    (folder / "list.html").write_text('<p class="over"><a href="/">여기</a></p>', "utf-8")
    style = ".skin-wide { margin: -900px; box-shadow: 0 0 0 4000px red }"
    style += ".skin-wide .over { margin: -900px; padding: 900px; background: red }"
    (folder / "style.css").write_text(style, "utf-8")
    Board.objects.filter(pk=board.pk).update(skin="wide")
    page = open_page("/free/", width=1280)
    assert page.locator(".skin .over").count() == 1
    assert (
        page.evaluate("""() => {
        const box = document.querySelector('.skin').getBoundingClientRect();
        const places = [[5, 5], [640, box.top - 5], [box.left - 5, box.top + 5]];
        return places.some(([x, y]) => document.elementFromPoint(x, y)?.closest('.skin'));
    }""")
        is False
    )
