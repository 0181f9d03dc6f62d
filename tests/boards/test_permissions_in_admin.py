"""Admin pages about a board: its permission table, its parts, and copying its settings."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts.checks import check_audience
from accounts.models import OWNER_LEVEL
from boards.actions.boards import copy_settings
from boards.admin.who_may import ACTIONS, who_may
from boards.board_settings import PARTS, SECTIONS
from boards.models import Board, BoardGroup, BoardTexts, Category, ExtraField
from boards.permissions import access
from tests.boards.browsing import read
from tests.boards.test_manage_boards_in_admin import BOARDS, GROUPS, board_fields
from tests.conftest import make_member
from tests.page import Page


def is_certified(member, audience: str) -> bool:
    return member.username == "certified"


@pytest.fixture
def as_clerk(log_in, db):
    """Staff with permission to view boards only."""
    clerk = make_member("clerk", "서기", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_board"))
    return log_in(clerk)


def inline(part: str, *rows: dict) -> dict:
    """Return the inline rows of a board's form, all new."""
    fields = {f"{part}-TOTAL_FORMS": len(rows), f"{part}-INITIAL_FORMS": 0}
    for place, row in enumerate(rows):
        fields |= {f"{part}-{place}-{name}": value for name, value in row.items()}
    return fields


# -- the permission table --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("is_private", "audience"), list(product([False, True], ["everybody", "certified"]))
)
def test_the_permission_table_equals_access(is_private, audience, group, owner, settings):
    """The test uses members of a board that sets another level for every action."""
    settings.AUDIENCE_CHECK = f"{__name__}.is_certified"
    group.is_private = is_private
    group.save()
    levels = {f"{action}_level": level for level, action in enumerate(ACTIONS, start=1)}
    more = {"audience": audience, "use_polls": True}
    board = Board.objects.create(group=group, slug="free", name="자유", **more, **levels)
    member = make_member("certified", "회원")
    group.members.add(member)
    moderator = make_member("moderator", "지킴이")
    board.moderators.add(moderator)
    kinds = {kind.name: kind.may for kind in who_may(board)}

    def real(visitor, level: int | None = None) -> tuple[bool, ...]:
        if level is not None:
            visitor = type(visitor).objects.get(pk=visitor.pk)
            visitor.level = level
        can = access(visitor, board)
        writes = {"link": can.write or can.reply, "html": can.write or can.reply}
        return tuple(getattr(can, action) and writes.get(action, True) for action in ACTIONS)

    expected = {"손님": real(AnonymousUser())}
    other = make_member("passerby", "나그네")
    if audience != "everybody":
        expected["본인 확인을 하지 않은 회원"] = real(other, OWNER_LEVEL)
    if is_private:
        expected["그룹 회원이 아닌 회원"] = real(other, OWNER_LEVEL)
    expected |= {f"레벨 {level} 회원": real(member, level) for level in range(2, 11)}
    expected |= {"게시판·그룹 관리자": real(moderator), "운영자": real(owner)}
    assert kinds == expected


def test_the_admin_page_of_a_board_shows_the_permission_table(as_owner, board, owner):
    Board.objects.update(write_level=5)
    board.refresh_from_db()
    table = Page(read(as_owner, f"{BOARDS}{board.pk}/change/")).one("div", id="who-may")
    rows = [[cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")]
    said = [["예" if may else "아니요" for may in kind.may] for kind in who_may(board)]
    assert rows == said
    assert "아니요" in said[1]


# -- texts, extra fields, addresses ----------------------------------------------------------------
def test_texts_are_cleaned_and_words_stored_once(as_owner, as_guest, group, board):
    texts = {
        "board": board.pk,
        "header": '<p onclick="x()">어서 오세요<script>alert(1)</script></p>',
        "footer": "첫 줄 1 < 2",
        "template": "<p><br></p>",
        "blocked_words": " 도박 \n\n도박\n대출",
        "guest_blocked_words": "",
    }
    fields = board_fields(group, slug="free", skin="list") | inline("texts", texts)
    assert as_owner.post(f"{BOARDS}{board.pk}/change/", fields).status_code == 302
    stored = BoardTexts.objects.get()
    assert stored.header == "<p>어서 오세요</p>"
    assert (stored.footer, stored.template) == ("<p>첫 줄 1 &lt; 2</p>", "")
    assert stored.blocked_words == "도박\n대출"
    page = read(as_guest, "/free/")
    assert "어서 오세요" in page
    assert "alert(1)" not in page


@pytest.mark.parametrize("count", [10, 11])
def test_a_board_has_at_most_ten_extra_fields(count, as_owner, group, board):
    rows = [{"name": f"필드 {place}", "kind": "line", "position": 0} for place in range(count)]
    fields = board_fields(group, slug="free", skin="list") | inline("extra_fields", *rows)
    as_owner.post(f"{BOARDS}{board.pk}/change/", fields)
    assert ExtraField.objects.count() == (10 if count == 10 else 0)


def test_a_choice_field_needs_choices(as_owner, group, board):
    row = {"name": "크기", "kind": "choice", "position": 0, "choices": " , "}
    fields = board_fields(group, slug="free", skin="list") | inline("extra_fields", row)
    answer = as_owner.post(f"{BOARDS}{board.pk}/change/", fields)
    assert "고를 것을 쉼표로 나누어 적어 주세요." in answer.content.decode()
    fields["extra_fields-0-choices"] = "큼,작음, 큼"
    as_owner.post(f"{BOARDS}{board.pk}/change/", fields)
    assert ExtraField.objects.get().choices == "큼, 작음"


def test_an_address_that_differs_only_in_case_is_refused(as_owner, group, board):
    answer = as_owner.post(f"{BOARDS}add/", board_fields(group, slug="Free"))
    assert "대소문자만 다른 주소가 이미 있습니다." in answer.content.decode()
    as_owner.post(f"{GROUPS}add/", {"slug": "Community", "name": "동네", "position": 1})
    assert (Board.objects.count(), BoardGroup.objects.count()) == (1, 1)


@pytest.mark.parametrize("skin", ["(select sleep(5))", "../list", "list--", "__class__", "없음"])
def test_an_expression_as_skin_is_refused(skin, as_owner, as_guest, group, board, post):
    fields = board_fields(group, slug="free", skin=skin)  # case 54
    assert as_owner.post(f"{BOARDS}{board.pk}/change/", fields).status_code == 200
    plain = [row["url"] for row in Page(read(as_guest, "/free/")).rows]
    Board.objects.update(skin=skin[:20])  # stored by an older version
    assert [row["url"] for row in Page(read(as_guest, "/free/")).rows] == plain == ["/free/1/"]


@pytest.mark.parametrize("sort", ["(select sleep(5))", "subject", "-views", "views;--", "pk"])
def test_an_expression_as_order_falls_back_to_the_default(sort, as_guest, post):  # case 54
    answer = as_guest.get("/free/", {"sort": sort})
    assert (answer.status_code, answer.context["sort"]) == (200, "")


# -- copying settings ------------------------------------------------------------------------------
@pytest.fixture
def source(board, minji, moderator):
    """A board without any default value."""
    Board.objects.filter(pk=board.pk).update(
        read_level=3,
        html_level=7,
        use_tags=False,
        upload_count=2,
        skin="gallery",
        new_hours=9,
        captcha_for_members=True,
        post_min_length=5,
        comment_max_length=300,
        default_order="likes",
        page_size=50,
    )
    board.refresh_from_db()
    BoardTexts.objects.create(board=board, header="<p>위</p>", blocked_words="도박")
    Category.objects.create(board=board, name="질문", position=4)
    ExtraField.objects.create(board=board, name="가격", kind="number", is_required=True)
    return board


def settings_of(board: Board) -> dict:
    board = Board.objects.get(pk=board.pk)
    return {name: getattr(board, name) for section in SECTIONS for name in section.fields}


def test_everything_is_copied_except_the_board_s_identity(
    as_owner, source, other_board, moderator, post
):
    Category.objects.create(board=other_board, name="질문", position=1)
    keep = Category.objects.create(board=other_board, name="후기")
    fields = "slug name description position group_id post_count comment_count last_number".split()
    before = Board.objects.values(*fields).get(pk=other_board.pk)
    copy = f"{BOARDS}{source.pk}/copy/"
    everything = [section.name for section in SECTIONS] + list(PARTS)
    sent = as_owner.post(copy, {"chosen": everything, "boards": [other_board.pk]})
    assert sent.status_code == 302
    assert settings_of(other_board) == settings_of(source)
    assert Board.objects.values(*fields).get(pk=other_board.pk) == before
    assert (other_board.texts.header, other_board.texts.blocked_words) == ("<p>위</p>", "도박")
    assert set(other_board.categories.values_list("name", "position")) == {("질문", 1), ("후기", 0)}
    assert keep in other_board.categories.all()
    assert other_board.extra_fields.get().is_required
    assert list(other_board.moderators.all()) == [moderator]
    assert (source.categories.count(), source.extra_fields.count()) == (1, 1)
    assert not other_board.posts.exists()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_only_the_chosen_settings_are_copied(section, source, other_board):
    before, wanted = settings_of(other_board), settings_of(source)
    copy_settings(source=source, targets=[other_board], chosen=[section.name])
    expected = before | {name: wanted[name] for name in section.fields}
    assert settings_of(other_board) == expected
    assert not BoardTexts.objects.filter(board=other_board).exists()
    assert not other_board.moderators.exists()


def test_at_most_ten_extra_fields_are_copied(source, other_board):
    for number in range(10):
        ExtraField.objects.create(board=other_board, name=f"필드 {number}")
    copy_settings(source=source, targets=[other_board], chosen=["extra_fields"])
    assert other_board.extra_fields.count() == 10


def test_without_a_choice_nothing_is_copied(as_owner, source, other_board):
    before = settings_of(other_board)
    for fields in ({}, {"chosen": ["looks"]}, {"boards": [other_board.pk]}):
        assert as_owner.post(f"{BOARDS}{source.pk}/copy/", fields).status_code == 422
    foreign = {"chosen": ["looks", "slug"], "boards": [other_board.pk, source.pk]}
    assert as_owner.post(f"{BOARDS}{source.pk}/copy/", foreign).status_code == 422
    assert settings_of(other_board) == before


def test_staff_who_may_not_change_boards_may_not_copy(as_clerk, as_moderator, source, other_board):
    before, copy = settings_of(other_board), f"{BOARDS}{source.pk}/copy/"
    fields = {"chosen": ["looks", "readers"], "boards": [other_board.pk]}
    read(as_clerk, f"{BOARDS}{source.pk}/change/")
    assert [as_clerk.get(copy).status_code, as_clerk.post(copy, fields).status_code] == [403, 403]
    act = {"action": "copy_settings", "_selected_action": [source.pk]}
    assert as_clerk.post(BOARDS, act).status_code == 403
    assert as_moderator.post(copy, fields).status_code == 302  # to the admin's log-in page
    assert settings_of(other_board) == before


# -- the operator's own check ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["nowhere.at.all", "boards.models.nothing", "nodots", f"{__name__}.BOARDS"]
)
def test_a_missing_check_is_reported_at_the_start(path, settings):
    settings.AUDIENCE_CHECK = path
    with pytest.raises(SystemCheckError, match="AUDIENCE_CHECK") as raised:
        call_command("check")
    assert path in str(raised.value)


def test_an_existing_check_is_called_for_members_only(settings, group, minji, guest, as_guest):
    settings.AUDIENCE_CHECK = f"{__name__}.is_certified"
    assert check_audience(None) == []
    board = Board.objects.create(group=group, slug="adults", name="어른", audience="certified")
    certified = make_member("certified", "확인됨")
    may = [access(visitor, board).read for visitor in (guest, minji, certified)]
    assert may == [False, False, True]
    assert "본인 확인을 한 회원만 볼 수 있습니다." in read(as_guest, "/adults/", 403)
