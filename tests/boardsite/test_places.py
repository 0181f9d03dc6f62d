"""Titles of pages for a user who may not know of every page."""

import pytest

from boards.models import Board, BoardGroup
from boardsite.places import name_places
from tests.conftest import make_member

pytestmark = pytest.mark.django_db

NAMES = {
    "/": ("첫 화면", "/"),
    "/new/": ("새글", "/new/"),
    "/search/": ("검색", "/search/"),
    "/popular/": ("인기글", "/popular/"),
    "/tags/봄/": ("태그", "/tags/"),
    "/free/": ("자유게시판", "/free/"),
    "/free/12/": ("자유게시판", "/free/"),
    "/free/12/comments/3/edit/": ("자유게시판", "/free/"),
    "/groups/community/": ("커뮤니티", "/groups/community/"),
    "/members/minji/": ("회원 프로필", ""),
    "/ranking/": ("포인트 순위", "/ranking/"),
    "/terms/1/": ("회원가입약관", "/terms/"),
    "/privacy/": ("개인정보 처리방침", "/privacy/"),
    "/accounts/login/": ("로그인", "/accounts/login/"),
    "/accounts/login/code/": ("로그인", "/accounts/login/"),
    "/accounts/password/reset/key/…/": ("로그인", "/accounts/login/"),
    "/accounts/signup/": ("회원가입", "/accounts/signup/"),
    "/accounts/confirm-email/…/": ("회원가입", "/accounts/signup/"),
    "/visits/now/": ("현재접속자", "/visits/now/"),
    **dict.fromkeys(
        (
            *("/my/", "/my/posts/", "/scraps/", "/drafts/4/", "/messages/7/", "/notifications/"),
            *("/notifications/watching/", "/points/", "/accounts/profile/", "/accounts/leave/"),
            *("/accounts/2fa/", "/accounts/sessions/", "/accounts/export/"),
        ),
        ("마이페이지", ""),
    ),
    **dict.fromkeys(
        (
            *("/admin/", "/reports/", "/groups/", "/groups/nothing/", "/nothing/", "/wp-login.php"),
            *("/free.html", "/accounts/", "/accounts/unknown/", "/groups/free/"),
        ),
        ("다른 곳", ""),
    ),
}


def test_names(guest, board):
    named = name_places(NAMES.keys(), guest)
    assert {path: tuple(place) for path, place in named.items()} == NAMES


@pytest.fixture
def private_board(moderator):
    group = BoardGroup.objects.create(slug="club", name="비밀모임", is_private=True)
    board = Board.objects.create(group=group, slug="hidden", name="비밀게시판")
    board.moderators.add(moderator)
    return board


def test_a_board_is_named_for_users_who_may_read_it(
    guest, minji, junho, moderator, owner, private_board
):
    private_board.group.members.add(minji)
    paths = ["/hidden/", "/hidden/3/", "/groups/club/"]
    for user in (guest, junho):
        assert {place.label for place in name_places(paths, user).values()} == {"다른 곳"}
    for friend in (minji, moderator, owner):
        labels = [place.label for place in name_places(paths, friend).values()]
        assert labels == ["비밀게시판", "비밀게시판", "비밀모임"]


@pytest.mark.parametrize("fields", [{"list_level": 5}, {"read_level": 5}, {"audience": "adult"}])
def test_a_board_above_the_users_level_is_not_named(guest, minji, board, fields):
    Board.objects.filter(pk=board.pk).update(**fields)
    for user in (guest, minji):
        assert name_places(["/free/1/"], user)["/free/1/"].label == "다른 곳"
    senior = make_member("senior", "선배님", level=9)
    seen = name_places(["/free/1/"], senior)["/free/1/"].label
    assert seen == ("다른 곳" if "audience" in fields else "자유게시판")


def test_one_query_for_any_number_of_paths(guest, board, other_board, django_assert_num_queries):
    paths = [f"/{board.slug}/{number}/" for number in range(300)]
    with django_assert_num_queries(1):
        name_places([*paths, *(f"/nothing{number}/" for number in range(300))], guest)
    with django_assert_num_queries(0):
        name_places(["/", "/my/", "/search/"], guest)
