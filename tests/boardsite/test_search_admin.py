"""The admin's search finds settings and pages by what operators call them."""

import pytest
from django.contrib.auth.models import Permission

from tests.conftest import make_member
from tests.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
SEARCH = "/admin/search/"


def found(client, query: str) -> dict[str, str]:
    """{text of a result's link: its address}."""
    response = client.get(SEARCH, {"q": query})
    assert response.status_code == 200
    page = Page(response.content).one("div", id="content-main")
    lists = page.all("section", **{"aria-labelledby": "found-lists"})
    results = [section for section in page.all("section") if section not in lists]
    links = [a for section in results for a in section.all("a")]
    return {each.text: each["href"] for each in links}


def test_pages_and_settings_with_the_word(as_owner, board, other_board):
    results = found(as_owner, "포인트")
    assert results["포인트 내역"] == "/admin/accounts/pointentry/"
    settings = "/admin/accounts/pointsettings/1/change/"
    assert results["포인트 사용"] == f"{settings}?field=is_on#id_is_on"
    # Each board has this setting, so its name is the link.
    assert results[board.name].startswith(f"/admin/boards/board/{board.pk}/change/?field=")


def test_a_setting_of_a_board_leads_to_its_open_section(as_owner, board, other_board):
    address = found(as_owner, "내려받기 포인트")[board.name]
    assert address.endswith("?field=download_points#id_download_points")
    page = Page(as_owner.get(address.partition("#")[0]).content)
    open_ones = [each for each in page.all("fieldset") if not each.all("summary")]
    assert any(each.all("input", id="id_download_points") for each in open_ones)
    page = Page(as_owner.get(address.partition("?")[0]).content)
    closed = [each for each in page.all("fieldset") if each.all("summary")]
    assert any(each.all("input", id="id_download_points") for each in closed)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("기본환경설정", "사이트 설정"),  # as in gnuboard5
        ("회원관리", "회원"),
        ("접근차단", "IP 차단"),
        ("금지어", "게시판"),
        ("애드센스", "검색 엔진·통계·광고"),
        ("글쓰기포인트", "자유게시판"),  # without the space of '글쓰기 포인트'
        ("방문자 통계", "접속자집계"),  # both words, in any place
        ("읽은 글 통계", "많이 읽은 글"),  # a report
    ],
)
def test_what_operators_call_it(as_owner, board, other_board, query, title):
    assert title in found(as_owner, query)


def test_nothing_found(as_owner):
    for query in ("없는설정", "!!!", "", "ㅋㅋ", "가" * 500):
        assert found(as_owner, query) == {}
    assert "맞는 메뉴와 설정이 없습니다" in as_owner.get(SEARCH, {"q": "없는설정"}).text


def test_a_query_is_only_text(as_owner):
    assert "<b>" not in as_owner.get(SEARCH, {"q": "<b>포인트"}).text.partition("<main")[2]


def test_staff_find_only_what_they_may_open(log_in, board):
    member = make_member("helper", "도우미", is_staff=True)
    member.user_permissions.add(Permission.objects.get(codename="view_board"))
    client = log_in(member)
    assert found(client, "게시판") == {"게시판": "/admin/boards/board/"}
    assert found(client, "포인트") == {}  # settings of boards need the right to change them


def test_others_are_sent_to_the_log_in(as_minji, as_guest):
    for client in (as_minji, as_guest):
        assert client.get(SEARCH, {"q": "포인트"}).status_code in (302, 403)
