"""The layout of a post: the measure of its text, its header and its row of actions."""

import pytest

from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Category, Post

LONG = "봄나들이를 다녀와서 쓰는 조금 길고 자세한 이야기, " * 4
FIGURES = "button.like, .like"

# The vertical middles of what stands beside each other.
MIDDLES = """(all) => [...new Set(all.filter((each) => each.checkVisibility()).map((each) => {
  const { top, bottom } = each.getBoundingClientRect();
  return Math.round((top + bottom) / 2 / 8);
}))]"""


@pytest.fixture
def long_post(side_by_side, board, minji, junho) -> Post:
    category = Category.objects.create(board=board, name="봄소식")
    post = write_post(
        author=minji, board=board, subject=LONG, source=f"<p>{LONG * 3}</p>", category=category
    )
    write_comment(author=junho, post=post, text=LONG * 3)
    return post


@pytest.mark.parametrize("width", [1280, 1920])
def test_a_line_of_text_is_no_longer_than_42_em(width, open_page, long_post):
    page = open_page(long_post.get_absolute_url(), width=width)
    for part, size in ((".post-body", 17), (".comment-text", 15)):
        text = page.locator(part)
        assert text.evaluate("(each) => getComputedStyle(each).fontSize") == f"{size}px"
        assert text.bounding_box()["width"] <= 42 * size, part


def test_the_author_and_the_figures_stand_in_one_line(open_page, long_post, junho):
    for member in (None, junho):
        page = open_page(long_post.get_absolute_url(), member=member, width=1280)
        line = ".post-info :is(.avatar, .author, .meta, .button)"
        assert len(page.eval_on_selector_all(line, MIDDLES)) <= 2, member  # rounding may split them


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("who", ["guest", "minji", "junho", "moderator"])
def test_a_post_has_one_row_of_actions(who, width, request, open_page, long_post):
    member = None if who == "guest" else request.getfixturevalue(who)
    page = open_page(long_post.get_absolute_url(), member=member, width=width)
    actions = ".post-actions > .button, .post-actions > .manage > summary"
    boxes = page.eval_on_selector_all(
        actions,
        """(all) => all.filter((each) => each.checkVisibility()).map((each) => {
          const { left, top, right, bottom } = each.getBoundingClientRect();
          return { left, top, right, bottom };
        })""",
    )
    assert boxes
    assert max(box["top"] for box in boxes) < min(box["bottom"] for box in boxes)
    if width == 390:
        assert all(box["right"] - box["left"] >= 43 for box in boxes)
        assert all(box["bottom"] - box["top"] >= 44 for box in boxes)
