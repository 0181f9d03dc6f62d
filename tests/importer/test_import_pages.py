"""Content pages, menu, popups and settings of the sample."""

import os
import subprocess
import sys

import pytest

from accounts.models import LegalText, MemberSettings, PointSettings
from boards.models import Board
from boardsite.models import SiteSettings
from importer.actions.content import import_content, import_pictures_of_content
from importer.actions.menus import import_menu, import_popups
from importer.actions.site_settings import import_settings
from importer.reading.files import OldFiles
from importer.reading.options import lost_board_options, lost_site_options
from importer.reading.values import moment
from pages.models import ContentPage, ContentPicture, MenuItem, Popup
from tests.importer.conftest import SAMPLE, move, move_files

COMPANY = "회사소개에 대한 내용을 입력하십시오."


def test_every_content_page(moved, as_guest):
    assert list(
        ContentPage.objects.order_by("slug").values_list(
            "slug", "title", "is_published", "is_in_footer"
        )
    ) == [
        ("company", "회사소개", True, True),
        ("privacy", "개인정보 처리방침", True, False),
        ("provision", "서비스 이용약관", True, False),
    ]
    assert COMPANY in as_guest.get("/content/company/").text


def test_a_page_that_was_edited_here_stays(moved):
    ContentPage.objects.filter(slug="company").update(html="<p>새 회사</p>")
    ContentPage.objects.filter(slug="privacy").delete()
    for _done in import_content(moved):
        pass
    assert ContentPage.objects.get(slug="company").html == "<p>새 회사</p>"
    assert ContentPage.objects.count() == 2


def test_pictures_of_a_page(moved, tmp_path, as_guest):
    with OldFiles(SAMPLE / "data.tar.gz", tmp_path / "scratch") as files:
        name = next(files.folder.glob("editor/*/*.*"))
        path = name.relative_to(files.folder)
        table = f"{moved.prefix}content"
        before = moved.staging.one(table, co_id="company")["co_content"]
        html = (
            f'<p><img src="http://127.0.0.1:8085/data/{path}" alt="지도">'
            '<a href="/bbs/board.php?bo_table=free&amp;wr_id=2">글</a></p>'
        )
        ContentPage.objects.filter(slug="company").delete()
        moved.staging.query(
            f"UPDATE {table} SET co_content = ?, co_id = 'map' WHERE co_id = 'company'", [html]
        )
        try:
            list(import_content(moved))
            for _run in range(2):
                list(import_pictures_of_content(moved, files))
        finally:
            moved.staging.query(
                f"UPDATE {table} SET co_content = ?, co_id = 'company' WHERE co_id = 'map'",
                [before],
            )
    picture = ContentPicture.objects.get()
    page = as_guest.get("/content/map/").text
    assert f'src="{picture.url}"' in page
    assert 'href="/free/2/"' in page
    assert as_guest.get(picture.url).status_code == 200


def test_the_whole_menu(moved, as_guest):
    items = MenuItem.objects.order_by("position")
    assert [
        (each.kind, each.name, each.board and each.board.slug, each.parent and each.parent.name)
        for each in items
    ] == [
        ("group", "커뮤니티", None, None),
        ("board", "자유게시판", "free", "커뮤니티"),
        ("board", "갤러리", "gallery", "커뮤니티"),
        ("board", "경제기사", "economics", None),
        ("board", "질문과 답변", "qna", None),
    ]
    list(import_menu(moved))
    assert items.count() == 5


@pytest.mark.parametrize(
    ("link", "kind", "address"),
    [
        ("https://other.kr/?a=1", "link", "https://other.kr/?a=1"),
        ("https://other.kr/bbs/board.php?bo_table=free", "link", None),
        ("/bbs/new.php", "link", "/bbs/new.php"),
        ("http://127.0.0.1:8085/bbs/faq.php", "board", ""),
        ("http://127.0.0.1:8085/bbs/content.php?co_id=company", "page", ""),
        ("/bbs/board.php?bo_table=free&sca=정보", "link", "/bbs/board.php?bo_table=free&sca=정보"),
        ("javascript:alert(1)", "heading", ""),
        ("#", "heading", ""),
        ("", "heading", ""),
        ("http://[", "heading", ""),
    ],
)
def test_where_an_item_leads(moved, link, kind, address):
    moved.staging.query(
        f"INSERT INTO {moved.prefix}menu (me_id, me_code, me_name, me_link, me_target, me_use,"
        " me_mobile_use) VALUES (9, '40', '더', ?, 'blank', 1, 0)",
        [link],
    )
    try:
        list(import_menu(moved))
    finally:
        moved.staging.query(f"DELETE FROM {moved.prefix}menu WHERE me_code = '40'")
    item = MenuItem.objects.get(label="더")
    assert (item.kind, item.opens_window, item.on_narrow) == (kind, True, False)
    assert item.address == (link if address is None else address)


def test_a_menu_that_was_made_here_stays(old, db):
    MenuItem.objects.create(kind="link", label="우리", address="/our/")
    move(old)
    assert MenuItem.objects.count() == 1


def test_every_popup(moved, as_reader):
    popup = Popup.objects.get()
    assert (popup.title, popup.body) == ("개편 안내", "<p>새 단장했습니다.</p>")
    assert (popup.starts_at, popup.ends_at) == (
        moment("2026-11-01 00:00:00"),
        moment("2026-12-31 23:59:59"),
    )
    assert (popup.place, popup.devices, popup.hide_hours, popup.is_on) == ("front", "all", 24, True)
    Popup.objects.update(starts_at=moment("2020-01-01 00:00:00"), ends_at=None)
    assert "새 단장했습니다." in as_reader.get("/").text
    popup.delete()
    list(import_popups(moved))
    assert not Popup.objects.exists()


def test_pictures_of_a_popup(old, db, tmp_path, as_reader):
    table = f"{old.prefix}new_win"
    before = old.staging.one(table, nw_id="1")["nw_content"]
    with OldFiles(SAMPLE / "data.tar.gz", tmp_path / "scratch") as files:
        path = next(files.folder.glob("editor/*/*.*")).relative_to(files.folder)
    html = f'<p><img src="/data/{path}" alt="개편"></p>'
    old.staging.query(f"UPDATE {table} SET nw_content = ? WHERE nw_id = '1'", [html])
    try:
        move(old)
        assert not Popup.objects.get().is_on  # it would be blank
        for run in range(2):
            move_files(old, tmp_path / f"again{run}")
    finally:
        old.staging.query(f"UPDATE {table} SET nw_content = ? WHERE nw_id = '1'", [before])
    popup, picture = Popup.objects.get(), ContentPicture.objects.get()
    assert popup.is_on
    assert f'src="{picture.url}"' in popup.body
    assert as_reader.get(picture.url).status_code == 200


def test_settings(moved):
    site, points, members = SiteSettings.load(), PointSettings.load(), MemberSettings.load()
    assert (site.name, site.page_size) == ("한마당 커뮤니티", 15)
    assert (points.is_on, points.signup, points.login, points.message_cost) == (True, 1000, 100, 50)
    assert (members.nickname_days, members.leave_days, members.message_days) == (60, 30, 3650)
    assert members.refused_names.split("\n")[:2] == ["admin", "administrator"]
    assert not LegalText.objects.exists()  # the installer's are no texts
    assert site.blocked_words == "바보\n멍청이"
    assert Board.objects.get(slug="free").feed_text in ("full", "off")


def test_settings_of_an_owner_stay(moved):
    SiteSettings.objects.update(name="우리 이름", blocked_words="")
    table = f"{moved.prefix}config"
    moved.staging.query(f"UPDATE {table} SET cf_title = '새 이름', cf_login_point = '70'")
    try:
        list(import_settings(moved))
    finally:
        moved.staging.query(
            f"UPDATE {table} SET cf_title = '한마당 커뮤니티', cf_login_point = '100'"
        )
    assert SiteSettings.load().name == "우리 이름"
    assert PointSettings.load().login == 70  # nobody has changed it here
    assert SiteSettings.load().blocked_words == ""


def test_terms(old, db):
    table = f"{old.prefix}config"
    before = old.config["cf_stipulation"]
    old.staging.query(f"UPDATE {table} SET cf_stipulation = '제1조 목적\r\n<이 약관>'")
    try:
        for _run in range(2):
            move(old)
    finally:
        old.staging.query(f"UPDATE {table} SET cf_stipulation = ?", [before])
    text = LegalText.objects.get()
    assert (text.kind, text.text, text.version) == ("terms", "제1조 목적\n<이 약관>", 1)


def test_what_has_no_counterpart_is_named(old):
    lost = lost_site_options(old)
    assert "글쓰기 간격 (게시판마다 정합니다)" in lost
    assert not any("smarteditor" in each for each in lost)
    assert all(": " in each for each in lost_board_options(old))


@pytest.mark.any_database
def test_without_the_apps_of_pages_and_visits():
    code = (
        "import django; django.setup()\n"
        "from importer.actions.moving import STEPS\n"
        "from importer.actions.content import import_content\n"
        "print(list(import_content(None)))"
    )
    env = {**os.environ, "PAGES": "off", "VISITS": "off", "DEBUG": "on"}
    env["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
    run = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=600
    )
    assert run.stdout == "[]\n", run.stderr
