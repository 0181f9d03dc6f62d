"""The owner creates and orders groups, boards and categories in the admin."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from boards.actions.posts import write_post
from boards.board_settings import SECTIONS
from boards.models import Board, BoardGroup, Category, Post
from boards.models.slugs import validate_slug
from boards.repair import recount
from tests.boards.browsing import read

GROUPS = "/admin/boards/boardgroup/"
BOARDS = "/admin/boards/board/"


def board_fields(group: BoardGroup, **changes) -> dict:
    """Return the admin's form data for a new board without categories, fields and texts."""
    fresh = Board(group=group, name="갤러리", slug="gallery", skin="gallery")
    names = [name for section in SECTIONS for name in section.fields]
    values = {name: getattr(fresh, name) for name in [*names, "name", "slug", "position"]}
    fields = {name: value for name, value in values.items() if value is not False}
    fields |= {"group": group.pk}
    for part in ("categories", "extra_fields", "texts", "canned_answers"):
        fields |= {f"{part}-TOTAL_FORMS": 0, f"{part}-INITIAL_FORMS": 0}
    return fields | changes


# -- groups and boards -----------------------------------------------------------------------------
def test_the_owner_creates_a_group_and_a_board_in_it(as_owner, as_guest):
    as_owner.post(f"{GROUPS}add/", {"slug": "town", "name": "동네", "position": 1})
    group = BoardGroup.objects.get()
    assert as_owner.post(f"{BOARDS}add/", board_fields(group)).status_code == 302
    page = read(as_guest, "/gallery/")
    assert "동네" in page
    assert 'href="/gallery/"' in read(as_guest, "/groups/town/")


def test_the_owner_orders_groups_and_boards(as_owner, as_guest, group, board, other_board):
    def order():
        page = read(as_guest, f"/groups/{group.slug}/").partition("<main")[2]
        return sorted([board, other_board], key=lambda each: page.index(f"/{each.slug}/"))

    assert order() == [board, other_board]
    fields = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "1"}
    for place, (row, position) in enumerate([(board, 9), (other_board, 1)]):
        fields |= {f"form-{place}-id": row.pk, f"form-{place}-position": position}
    assert as_owner.post(BOARDS, fields).status_code == 302
    assert order() == [other_board, board]


def test_changed_rights_apply_at_once(as_owner, as_guest, group, board, post):
    read(as_guest, "/free/1/")
    fields = board_fields(group, slug="free", name="자유게시판", skin="list", read_level=5)
    assert as_owner.post(f"{BOARDS}{board.pk}/change/", fields).status_code == 302
    read(as_guest, "/free/1/", status=403)
    assert "/free/1/" not in read(as_guest, "/new/")


def test_the_owner_names_moderators(as_owner, as_junho, group, board, junho, post):
    assert as_junho.post("/free/1/delete/").status_code == 403
    fields = board_fields(group, slug="free", skin="list", moderators=[junho.pk])
    as_owner.post(f"{BOARDS}{board.pk}/change/", fields)
    assert as_junho.post("/free/1/delete/").status_code == 302


def test_counters_cannot_be_edited(as_owner, group, board, post):
    fields = board_fields(group, slug="free", post_count=99, last_number=0, comment_count=99)
    as_owner.post(f"{BOARDS}{board.pk}/change/", fields)
    assert recount(repairs=False) == []
    assert Board.objects.get().last_number == 1


# -- addresses -------------------------------------------------------------------------------------
@pytest.mark.any_database
@pytest.mark.parametrize(
    "slug", ["admin", "Admin", "new", "search", "files", "static", "12", "a", "가나", "a-b", "a b"]
)
def test_reserved_addresses_are_refused(slug, as_owner, group):
    answer = as_owner.post(f"{BOARDS}add/", board_fields(group, slug=slug))
    assert "주소" in str(answer.context["errors"])
    as_owner.post(f"{GROUPS}add/", {"slug": slug, "name": "동네", "position": 1})
    assert (Board.objects.count(), BoardGroup.objects.count()) == (0, 1)


def test_every_first_path_segment_of_the_site_is_reserved():
    """Otherwise a new page could hide a board, or a board could hide a page."""
    first_words = {str(entry.pattern).partition("/")[0] for entry in get_resolver().url_patterns}
    first_words |= {
        str(entry.pattern).partition("/")[0]
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == ""
        for entry in resolver.url_patterns
    }
    for word in first_words - {"", "<board:slug>"}:
        with pytest.raises(ValidationError):
            validate_slug(word)


def test_two_boards_cannot_share_an_address(as_owner, group, board):
    answer = as_owner.post(f"{BOARDS}add/", board_fields(group, slug="free"))
    assert answer.status_code == 200
    assert Board.objects.get() == board


@pytest.mark.parametrize("level", ["0", "11", "-1", "x"])
def test_levels_range_from_one_to_ten(level, as_owner, group):
    as_owner.post(f"{BOARDS}add/", board_fields(group, write_level=level))
    assert not Board.objects.exists()


# -- categories ------------------------------------------------------------------------------------
def category_fields(*rows: Category | str, deleted: Category | None = None) -> dict:
    """Return the 말머리 (category) rows of a board's form: the existing ones, and names of new
    ones.
    """
    there = [row for row in rows if isinstance(row, Category)]
    fields = {"categories-TOTAL_FORMS": len(rows), "categories-INITIAL_FORMS": len(there)}
    for place, row in enumerate(rows):
        prefix = f"categories-{place}"
        fields |= {f"{prefix}-position": place, f"{prefix}-name": str(row)}
        if isinstance(row, Category):
            fields[f"{prefix}-id"] = row.pk
        if row is deleted:
            fields[f"{prefix}-DELETE"] = "on"
    return fields


def test_the_owner_creates_categories(as_owner, as_minji, group, board):
    fields = board_fields(group, slug="free", category_required="on")
    as_owner.post(f"{BOARDS}{board.pk}/change/", fields | category_fields("질문", "잡담"))
    assert [each.name for each in board.categories.all()] == ["질문", "잡담"]
    assert "말머리를 골라 주세요" in read(as_minji, "/free/write/")


def test_a_duplicate_category_name_is_refused(as_owner, group, board):
    fields = board_fields(group, slug="free") | category_fields("질문", "질문")
    assert as_owner.post(f"{BOARDS}{board.pk}/change/", fields).status_code == 200
    assert not Category.objects.exists()


def test_deleting_a_category_keeps_its_posts_and_removes_its_counters(
    as_owner, as_guest, group, board, minji
):
    gone, stays = (Category.objects.create(board=board, name=name) for name in ("질문", "잡담"))
    for category in (gone, stays):
        write_post(author=minji, board=board, subject="글", source="<p>글</p>", category=category)
    fields = board_fields(group, slug="free", skin="list")
    fields |= category_fields(gone, stays, deleted=gone)
    assert as_owner.post(f"{BOARDS}{board.pk}/change/", fields).status_code == 302
    assert Category.objects.get() == stays
    assert {post.category for post in Post.objects.all()} == {None, stays}
    assert recount(repairs=False) == []
    read(as_guest, "/free/1/")


# -- a board or group with contents cannot be deleted ----------------------------------------------
def test_a_board_with_posts_and_a_group_with_boards_cannot_be_deleted(as_owner, group, board, post):
    for at in (f"{BOARDS}{board.pk}/delete/", f"{GROUPS}{group.pk}/delete/"):
        as_owner.post(at, {"post": "yes"})
    as_owner.post(BOARDS, {"action": "delete_selected", "_selected_action": [board.pk], "post": 1})
    assert (Board.objects.get(), Post.objects.get()) == (board, post)


def test_an_empty_board_can_be_deleted(as_owner, as_guest, board):
    as_owner.post(f"{BOARDS}{board.pk}/delete/", {"name": board.name})
    read(as_guest, "/free/", status=404)
