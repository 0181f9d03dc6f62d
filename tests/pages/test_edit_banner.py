"""The owner, and staff with the permission, manage banners in the admin."""

import pytest
from django.core.files.storage import default_storage

from pages.models import Banner, BannerDay, SiteImage
from tests.crowd import picture_upload
from tests.page import Page

pytestmark = pytest.mark.any_database

LIST = "/admin/pages/banner/"
ADD = f"{LIST}add/"


def sent(**fields) -> dict:
    return {
        "name": "꽃집 4월",
        "image": picture_upload(size=(300, 100)),
        "image_alt": "너울꽃집, 봄꽃 반값",
        "address": "https://flowers.example.com/",
        "is_on": "on",
        "slot": "side_end",
        "weight": "1",
        "starts_at_0": "2026-04-01",
        "starts_at_1": "00:00:00",
        "ends_at_0": "",
        "ends_at_1": "",
        "devices": "all",
    } | fields


def errors(response) -> str:
    assert response.status_code == 200
    return " ".join(each.text for each in Page(response.content).all("ul", class_="errorlist"))


def test_the_owner_adds_one(as_owner):
    assert as_owner.post(ADD, sent()).status_code == 302
    banner = Banner.objects.get()
    assert (banner.image.alt, banner.image.width) == ("너울꽃집, 봄꽃 반값", 300)
    assert default_storage.exists(banner.image.file.name)


def test_the_description_changes_without_another_upload(as_owner):
    as_owner.post(ADD, sent())
    banner = Banner.objects.get()
    file, change = banner.image.file.name, f"{LIST}{banner.pk}/change/"
    assert "너울꽃집, 봄꽃 반값" in as_owner.get(change).text
    assert as_owner.post(change, sent(image="", image_alt="새 설명")).status_code == 302
    banner.refresh_from_db()
    assert (banner.image.file.name, banner.image.alt) == (file, "새 설명")


def test_another_picture_replaces_the_first(as_owner, django_capture_on_commit_callbacks):
    as_owner.post(ADD, sent())
    banner = Banner.objects.get()
    first = banner.image.file.name
    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post(f"{LIST}{banner.pk}/change/", sent(image=picture_upload(size=(60, 60))))
    banner.refresh_from_db()
    assert banner.image == SiteImage.objects.get()
    assert banner.image.width == 60
    assert not default_storage.exists(first)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_banner_takes_its_picture_along(as_owner):
    as_owner.post(ADD, sent())
    banner = Banner.objects.get()
    file = banner.image.file.name
    assert as_owner.post(f"{LIST}{banner.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Banner.objects.exists()
    assert not SiteImage.objects.exists()
    assert not default_storage.exists(file)


@pytest.mark.parametrize("missing", ["image", "image_alt", "name"])
def test_a_picture_and_its_description_are_required(as_owner, missing):
    assert errors(as_owner.post(ADD, sent(**{missing: ""})))
    assert not Banner.objects.exists()
    assert not SiteImage.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example.com/",
        "/\\evil.example.com/",
        "java\tscript:alert(1)",
        "ftp://example.com/",
        "mailto:a@example.com",
        "flowers.example.com",
        "https://",
        "https://a.kr/" + "가" * 1_000,
        "/" + "a" * 1_000_000,
    ],
)
def test_other_addresses_are_refused(as_owner, address):
    assert errors(as_owner.post(ADD, sent(address=address)))
    assert not Banner.objects.exists()


@pytest.mark.parametrize("address", ["", "/free/", "https://꽃집.한국/봄", "http://example.com"])
def test_addresses_of_the_web_and_of_this_site(as_owner, address):
    assert as_owner.post(ADD, sent(address=address)).status_code == 302


def test_others_cannot(client, as_minji, log_in, staff, banner):
    viewer = log_in(staff("view_banner"))
    change, delete = f"{LIST}{banner.pk}/change/", f"{LIST}{banner.pk}/delete/"
    for visitor in (client, as_minji):
        for address in (LIST, ADD, change, delete):
            assert visitor.get(address).status_code == 302, address  # to the log-in page
    for address in (ADD, change, delete):
        assert viewer.post(address, sent()).status_code == 403
    assert Banner.objects.get().name == "꽃집"


def test_staff_with_the_permission_add_one(log_in, staff):
    assert log_in(staff("add_banner")).post(ADD, sent()).status_code == 302


def test_the_list_shows_what_was_counted(as_owner, make_banner):
    flowers, bread = make_banner("꽃집"), make_banner("빵집")
    for day, impressions, clicks in (("2026-04-01", 1_000, 20), ("2026-04-02", 500, 10)):
        BannerDay.objects.create(banner=flowers, day=day, impressions=impressions, clicks=clicks)
    page = Page(as_owner.get(LIST).content)
    rows = {
        row.one("th").text: [cell.text for cell in row.all("td")]
        for row in page.one("table", id="result_list").all("tr")
        if row.all("td")
    }
    assert rows[flowers.name][4:7] == ["1,500", "30", "2.0%"]
    assert rows[bread.name][4:7] == ["0", "0", "-"]
    for order in (5, -5, 6, -6):
        assert as_owner.get(f"{LIST}?o={order}").status_code == 200
