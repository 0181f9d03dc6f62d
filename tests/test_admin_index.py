"""The first page of the admin lists the pages by task, in the order in which an owner needs them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from boardsite import admin_menu
from tests.conftest import make_member
from tests.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
GROUPS = ["사이트", "게시판", "글과 신고", "회원", "통계", "수집기", "도구"]
SITE = [
    "사이트 설정",
    "로고와 색",
    "첫 화면과 옆 단",
    "메뉴설정",
    "내용관리",
    "팝업레이어",
    "배너",
    "검색 엔진·통계·광고",
    "광고",
]


def groups_of(client) -> dict[str, list[str]]:
    """{heading: titles of the pages below it} of the first page."""
    menu = Page(client.get("/admin/").content).one("div", id="content-main")
    return {
        group.one("h2").text: [each.all("a")[0].text for each in group.all("li")]
        for group in menu.all("section")
    }


def test_the_groups_follow_the_work_of_an_owner(as_owner):
    groups = groups_of(as_owner)
    assert list(groups) == GROUPS
    assert [page for page in groups["사이트"] if page in SITE] == SITE
    assert groups["게시판"][:2] == ["게시판", "게시판 그룹"]
    assert groups["글과 신고"][:3] == ["신고", "글", "댓글"]
    assert groups["회원"][0] == "회원"
    assert groups["통계"][0] == "통계"
    assert groups["수집기"][0] == "수집할 곳"


def test_every_model_of_the_admin_has_its_place():
    places = admin_menu.places()
    assert {model._meta.label for model in admin.site._registry} <= set(places)


def test_every_place_is_a_page_of_the_admin():
    import_module(settings.ROOT_URLCONF)  # some pages become known with their addresses
    known = {model._meta.label for model in admin.site._registry} | set(admin_menu._pages)
    assert set(admin_menu.places()) <= known
    for config in apps.get_app_configs():
        assert set(getattr(config, "admin_menu", {})) <= set(admin_menu.GROUPS)


def test_staff_see_their_own_pages_alone(log_in, staff_of_popups):
    assert groups_of(log_in(staff_of_popups)) == {"사이트": ["팝업레이어"]}


def test_the_side_bar_marks_the_page_that_is_open(as_owner):
    page = Page(as_owner.get("/admin/visits/daycount/import/").content)
    current = page.one("nav", id="nav-sidebar").all("a", **{"aria-current": "page"})
    assert [each.text for each in current] == ["이전 사이트의 접속자 수 가져오기"]


def test_the_way_back_leads_to_the_group(as_owner, board):
    page = Page(as_owner.get(reverse("admin:boards_post_changelist")).content)
    way = [(each.text, each["href"]) for each in page.one("div", class_="breadcrumbs").all("a")]
    assert way == [
        ("홈", "/admin/"),
        ("글과 신고", "/admin/#group-writing"),
        ("글", "/admin/boards/post/"),
    ]


def test_the_address_of_an_app_leads_to_the_menu(as_owner, log_in, staff_of_popups):
    assert as_owner.get("/admin/boards/")["Location"] == "/admin/"
    assert as_owner.get("/admin/nothing/").status_code == 404
    assert log_in(staff_of_popups).get("/admin/boards/").status_code == 404


def test_a_long_form_begins_with_links_to_its_sections(as_owner, board):
    page = Page(as_owner.get(f"/admin/boards/board/{board.pk}/change/").content)
    links = page.one("nav", class_="form-index").all("a")
    assert [each.text for each in links][:3] == [
        "이 게시판에서 누가 무엇을 할 수 있나",
        "기본",
        "누가 볼 수 있나",
    ]
    assert "말머리" in [each.text for each in links]
    for each in links:
        page.one("h2", id=each["href"].removeprefix("#"))
    assert (
        Page(as_owner.get("/admin/pages/sitemenu/").content).all("nav", class_="form-index") == []
    )


def test_the_footer_names_the_version(as_owner):
    assert "Boardsite 1.0.0" in Page(as_owner.get("/admin/").content).one("footer").text


@pytest.fixture
def staff_of_popups(db):
    member = make_member("helper", "도우미", is_staff=True)
    member.user_permissions.add(Permission.objects.get(codename="view_popup"))
    return member
