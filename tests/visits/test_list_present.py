"""현재접속자: who is present and where, shown to a user who may not know of every page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.blocks import block_member
from accounts.actions.members import suspend_member
from accounts.models import Member
from boards.actions.posts import write_post
from boards.models import Board, BoardGroup
from boardsite.models import OneRow
from tests.conftest import PASSWORD, make_member
from tests.page import CHROME, Page
from visits import tallies
from visits.actions.tallies import write_tallies
from visits.models import DayVisitor, Presence, VisitSettings
from visits.queries import present_count

pytestmark = pytest.mark.django_db
NOW = "/visits/now/"
GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def write():
    """Writes the tallies, as every worker does after some seconds."""
    write_tallies(tallies.take())


def look(client, address=NOW):
    """The content of the page after every worker has written."""
    write()
    present_count.forget()
    response = client.get(address)
    assert response.status_code == 200
    return Page(response.content)


def total(client) -> str:
    return look(client).one("main").one("header").one("p").text.replace(" 명", "명")


def part(client, name: str) -> list[str]:
    """The lines below the heading 회원, 손님 or 로봇."""
    for section in look(client).one("main").all("section"):
        if section.one("h2").text == name:
            return [line.text for line in section.all("li")]
    return []


def set_up(**fields):
    VisitSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


@pytest.fixture
def private_board(moderator):
    """A board of a group that junho does not belong to; `moderator` runs it."""
    group = BoardGroup.objects.create(slug="secretgroup", name="비밀모임", is_private=True)
    board = Board.objects.create(group=group, slug="hidden", name="비밀게시판")
    board.moderators.add(moderator)
    return board


# -- Who


def test_the_visitor_of_the_page_is_present(as_reader):
    assert total(as_reader) == "지금 1명: 회원 0, 손님 1"
    assert part(as_reader, "손님") == ["현재접속자 1명"]


def test_a_robot_is_not_a_person(db):
    page = look(Client(headers={"user-agent": GOOGLE})).one("main").text
    assert "회원 0, 손님 0" in page
    assert "지금은 아무도 없습니다." in page


def test_members_are_shown_by_name(as_minji, as_junho, as_reader, board):
    as_minji.get("/free/")
    assert total(as_junho) == "지금 2명: 회원 2, 손님 0"
    assert part(as_junho, "회원")[0] == "준호 나 현재접속자 방금"
    lines = look(as_junho).one("main").all("li")
    (line,) = [line for line in lines if line.all("summary")]
    assert line.one("summary").text == "민지"
    assert line.one("a", href="/members/minji/").text == "프로필"
    assert line.one("a", href="/free/").text == "자유게시판"
    assert sorted(part(as_reader, "회원")) == ["민지 자유게시판 방금", "준호 현재접속자 방금"]


def test_the_time_since_the_last_page(as_minji, as_reader, board, clock):
    as_minji.get("/free/")
    clock(day=24, hour=12, minute=7)
    assert part(as_reader, "회원") == ["민지 자유게시판 7분 전"]


def test_anonymous_visitors_are_counted_by_place(visit, as_junho, board, post):
    for number, path in enumerate(["/free/", "/free/1/", "/search/?q=비밀말", "/"]):
        visit(path, f"203.0.113.{number}")
    assert total(as_junho) == "지금 5명: 회원 1, 손님 4"
    assert sorted(part(as_junho, "손님")) == ["검색 1명", "자유게시판 2명", "첫 화면 1명"]
    assert "비밀말" not in look(as_junho).text


def test_robots_are_listed_separately(as_junho, board):
    Client(headers={"user-agent": GOOGLE}).get("/free/")
    assert total(as_junho) == "지금 1명: 회원 1, 손님 0 · 로봇 1"
    (line,) = part(as_junho, "로봇")
    assert line.endswith("자유게시판 방금")


def test_a_member_with_two_devices_is_one(log_in, minji, as_junho, board):
    for _device in range(2):
        log_in(minji).get("/free/")
    assert total(as_junho) == "지금 2명: 회원 2, 손님 0"


def test_midnight_does_not_double_a_visitor(as_minji, as_reader, board, clock):
    clock(day=24, hour=23, minute=58)
    as_minji.get("/free/")
    write()
    clock(day=25, hour=0, minute=1)
    as_minji.get("/")
    assert total(as_reader) == "지금 2명: 회원 1, 손님 1"
    assert part(as_reader, "회원") == ["민지 첫 화면 방금"]


def test_a_visitor_judged_to_be_a_program_is_not_listed(visit, as_junho, board):
    visit("/free/")
    assert total(as_junho).startswith("지금 2명")
    DayVisitor.objects.filter(is_member=False).update(verdict="suspicious")
    assert total(as_junho).startswith("지금 1명")


# -- Hidden presence


def test_the_switch_turns_a_member_into_an_anonymous_visitor_at_once(
    as_minji, as_junho, minji, board
):
    as_minji.get("/free/")
    assert "민지" in look(as_junho).one("main").text
    before = total(as_junho)
    Member.objects.filter(pk=minji.pk).update(shows_presence=False)
    assert (before, total(as_junho)) == (
        "지금 2명: 회원 2, 손님 0",
        "지금 2명: 회원 1, 손님 1",
    )
    page = look(as_junho).one("main")
    assert "민지" not in page.text
    assert "minji" not in look(as_junho).html
    assert part(as_junho, "손님") == ["다른 곳 1명"]  # their place could identify them


def test_hidden_members_see_themselves(as_minji, minji):
    Member.objects.filter(pk=minji.pk).update(shows_presence=False)
    assert part(as_minji, "회원") == ["민지 나 현재접속자 방금"]
    assert total(as_minji) == "지금 1명: 회원 1, 손님 0"


def test_even_the_owner_does_not_see_hidden_members(as_minji, as_owner, minji, board):
    Member.objects.filter(pk=minji.pk).update(shows_presence=False)
    as_minji.get("/free/")
    page = look(as_owner).one("main").text
    assert "민지" not in page
    assert "/free/" not in page


def test_a_blocked_member_is_anonymous_for_the_blocker_only(
    as_minji, as_junho, as_reader, minji, junho, board
):
    block_member(member=junho, blocked=minji)
    as_minji.get("/free/")
    assert "민지" not in look(as_junho).one("main").text
    assert part(as_junho, "손님") == ["다른 곳 1명"]
    assert "민지" in look(as_reader).one("main").text
    assert (
        "준호" in look(as_minji).one("main").text
    )  # the blocked member does not learn of the block


@pytest.mark.parametrize("way", ["suspended", "left", "inactive"])
def test_a_suspended_member_is_not_named(as_minji, as_reader, minji, owner, board, way):
    as_minji.get("/free/")
    write()
    if way == "suspended":
        until = timezone.now() + timedelta(days=3)
        suspend_member(member=minji, by=owner, until=until, reason="광고")
    elif way == "left":
        Member.objects.filter(pk=minji.pk).update(left_at=timezone.now())
    else:
        Member.objects.filter(pk=minji.pk).update(is_active=False)
    assert part(as_reader, "회원") == []


# -- Where


def test_a_private_board_is_named_only_for_users_who_may_see_it(
    as_moderator, as_reader, as_junho, as_owner, log_in, private_board, minji, board
):
    assert as_moderator.get("/hidden/").status_code == 200
    for visitor in (as_reader, as_junho):
        page = look(visitor)
        lines = [line for line in page.one("main").all("li") if "지킴이" in line.text]
        assert lines[0].one("span", class_="where").text == "다른 곳"
        assert "비밀" not in page.one("main").text
        assert "비밀게시판" not in page.text
        assert "hidden/" not in page.html
    private_board.group.members.add(minji)
    for friend in (log_in(minji), as_owner):
        assert look(friend).one("main").one("a", href="/hidden/").text == "비밀게시판"


def test_searching_does_not_reveal_visitors_of_a_private_board(visit, as_junho, private_board):
    Presence.objects.create(key=1, seen_at=timezone.now(), path="/hidden/3/")
    Presence.objects.create(key=2, seen_at=timezone.now(), path="/groups/secretgroup/")
    assert part(as_junho, "손님") == ["다른 곳 2명"]


def test_no_subject_is_shown_and_the_link_leads_to_the_list(as_minji, as_junho, minji, board):
    post = write_post(
        author=minji, board=board, subject="아무도 모르게", source="비밀", is_secret=True
    )
    assert as_minji.get(post.get_absolute_url()).status_code == 200
    page = look(as_junho)
    assert "아무도 모르게" not in page.text
    assert post.get_absolute_url() not in page.html
    assert page.one("main").one("a", href="/free/")


def test_private_pages_are_not_revealed(as_minji, as_reader):
    for path in ("/messages/", "/accounts/leave/", "/my/", "/drafts/"):
        assert as_minji.get(path).status_code == 200
        assert part(as_reader, "회원") == ["민지 마이페이지 방금"]


def test_the_staff_see_paths_and_no_secret(as_owner, as_minji, as_reader, board, post):
    as_minji.get("/free/1/")
    as_reader.get("/accounts/password/reset/key/1-set-password/")
    as_reader.get("/accounts/password/reset/key/abc-def123/")
    page = look(as_owner).one("main")
    assert "자유게시판 /free/1/" in page.text
    assert "def123" not in page.text
    assert "/free/1/" not in look(as_minji).one("main").text


# -- For how long


def test_presence_ends_after_some_minutes(as_minji, as_reader, board, clock):
    as_minji.get("/free/")
    clock(day=24, hour=12, minute=10)
    assert "민지" in look(as_reader).one("main").text
    clock(day=24, hour=12, minute=11)
    assert "민지" not in look(as_reader).one("main").text
    set_up(present_minutes=20)
    assert "민지" in look(as_reader).one("main").text
    assert "최근 20분" in look(as_reader).one("main").text


def test_logging_out_ends_presence_at_once(as_minji, as_reader, board, clock):
    as_minji.get("/free/")
    write()
    as_minji.get("/")
    clock(day=24, hour=12, minute=1)
    as_minji.post("/accounts/logout/")
    # neither do tallies that are written only now
    assert "민지" not in look(as_reader).one("main").text
    clock(day=24, hour=12, minute=2)
    assert total(as_reader) == "지금 1명: 회원 0, 손님 1"


def test_logging_in_again_restores_presence(as_minji, log_in, minji, as_reader, clock):
    as_minji.get("/")
    as_minji.post("/accounts/logout/")
    clock(day=24, hour=12, minute=1)
    log_in(minji).get("/")
    assert part(as_reader, "회원") == ["민지 첫 화면 방금"]


def test_a_member_who_logs_in_is_not_an_anonymous_visitor_as_well(minji, as_junho, clock):
    browser = Client(headers={"user-agent": CHROME})
    browser.get("/")
    write()
    clock(day=24, hour=12, minute=1)
    browser.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    clock(day=24, hour=12, minute=2)
    browser.get("/")
    assert total(as_junho) == "지금 2명: 회원 2, 손님 0"


def test_an_older_page_does_not_replace_a_later_one(as_minji, as_reader, board, clock):
    """Workers write in any order."""
    as_minji.get("/free/")
    late = tallies.take()
    clock(day=24, hour=12, minute=1)
    as_minji.get("/search/")
    write()
    tallies._pending = late
    assert part(as_reader, "회원") == ["민지 검색 방금"]


# -- What it costs


def test_pages_of_known_visitors_write_nothing(
    as_minji, board, post, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        as_minji.get("/free/")
    write()
    before = Presence.objects.get(member__isnull=False)
    with CaptureQueriesContext(connection) as queries:
        for path in ("/free/1/", "/search/", "/free/"):
            as_minji.get(path)
    tables = ("visits_presence", "visits_dayvisitor", "visits_visitorhour", "visits_daycount")
    writes = [
        query["sql"]
        for query in queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and any(table in query["sql"] for table in tables)
    ]
    assert writes == []
    assert Presence.objects.get() == before
    as_minji.get("/search/")
    write()
    assert Presence.objects.get().path == "/search/"


def fill(count: int, board) -> None:
    for number in range(count):
        made = Presence.objects.count()
        member = make_member(f"crowd{made}", f"무리{made}")
        now = timezone.now()
        for key, fields in (
            (made * 10 + 1, {"member": member.pk, "path": f"/free/{number}/"}),
            (made * 10 + 2, {"path": f"/free/{number}/"}),
            (made * 10 + 3, {"path": f"/nothing{number}/"}),
            (made * 10 + 4, {"robot": f"robot{number}", "path": "/"}),
        ):
            Presence.objects.create(key=key, seen_at=now, **fields)


@pytest.mark.parametrize(
    ("visitor", "most"), [("as_reader", 11), ("as_junho", 13), ("as_owner", 13)]
)
def test_the_number_of_queries_does_not_depend_on_the_number_of_people(
    request, visitor, most, board, django_capture_on_commit_callbacks
):
    client = request.getfixturevalue(visitor)
    fill(1, board)
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.get(NOW)
    with CaptureQueriesContext(connection) as few:
        client.get(NOW)
    fill(30, board)
    with CaptureQueriesContext(connection) as many:
        client.get(NOW)
    assert len(few) == len(many) <= most, [query["sql"] for query in many]


def test_a_crowd_is_counted_and_not_completely_named(as_reader, board, monkeypatch):
    monkeypatch.setattr("visits.queries.presence.SHOWN", 3)
    monkeypatch.setattr("visits.queries.presence.PLACES", 1)
    fill(5, board)
    assert total(as_reader) == "지금 16명: 회원 5, 손님 11 · 로봇 5"
    assert len(part(as_reader, "회원")) == len(part(as_reader, "로봇")) == 3
    assert "이 밖에 회원 2명이 더 있습니다." in look(as_reader).one("main").text
    assert part(as_reader, "손님") == ["자유게시판 5명", "다른 곳 6명"]


# -- For whom


def test_the_owner_can_restrict_it_to_the_staff(as_reader, as_junho, as_owner):
    set_up(shows_present=False)
    for visitor in (as_reader, as_junho):
        assert visitor.get(NOW).status_code == 404
        assert not Page(visitor.get("/").content).all("a", href=NOW)
    assert "나" in look(as_owner).one("main").text
    assert look(as_owner, "/").all("a", href=NOW)


def test_every_page_shows_the_number(as_reader, as_minji, as_junho, board):
    as_minji.get("/free/")
    as_junho.get("/free/")
    assert look(as_reader, "/").one("a", href=NOW).text == "현재접속자 2"
    assert look(as_reader, "/").one("a", href=NOW).text == "현재접속자 3"


def test_the_first_visitor_never_sees_zero(as_reader):
    assert look(as_reader, "/").one("a", href=NOW).text == "현재접속자 1"


def test_the_number_is_cached(as_reader, django_assert_num_queries):
    present_count()
    with django_assert_num_queries(0):
        present_count()
    assert present_count.seconds >= 10


def test_robots_txt_excludes_it(as_reader):
    page = look(as_reader)
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert "Disallow: /visits/" in as_reader.get("/robots.txt").text
