"""Banners on wide and narrow windows: nothing moves, and who was shown one is counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.posts import write_post
from pages import tallies
from pages.actions.images import read_image, store_image
from pages.models import Banner, BannerDay
from tests.browser.steps import expect
from tests.browser.test_accessibility import AXE, RULES, RUN
from tests.browser.test_every_page import OVERFLOW
from tests.browser.test_layout import SHIFT, SHIFTS
from tests.crowd import picture_upload


@pytest.fixture
def make_banner(side_by_side, board, minji):
    tallies.forget()
    write_post(author=minji, board=board, subject="벚꽃", source="<p>봄</p>")

    def make_banner(alt="꽃집", size=(900, 150), **fields) -> Banner:
        image = store_image(image=read_image(picture_upload(size=size)), alt=alt)
        default = {
            "name": alt,
            "address": "/free/",
            "image": image,
            "starts_at": timezone.now() - timedelta(hours=1),
        }
        return Banner.objects.create(**default | fields)

    return make_banner


@pytest.fixture
def everywhere(make_banner):
    """A banner in each slot."""
    return [make_banner(f"배너 {slot.label}", slot=slot) for slot in Banner.Slot]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", ["/", "/free/", "/free/1/"])
def test_nothing_moves_or_overflows(open_page, everywhere, address, width):
    page = open_page("about:blank", width=width)
    page.add_init_script(SHIFTS)
    page.goto(address, wait_until="networkidle")
    expect(page.get_by_role("img", name="배너 상단")).to_be_visible()
    assert page.evaluate("window.shift") < SHIFT
    assert page.evaluate(OVERFLOW) == []
    page.evaluate(AXE)
    assert page.evaluate(RUN, ["html", RULES["light"]]) == []
    assert page.complaints == []


def test_each_width_has_its_own(open_page, make_banner):
    make_banner("큰 화면", slot="top", devices="pc")
    make_banner("작은 화면", slot="top", devices="phone", size=(300, 100))
    for width, name in ((1280, "큰 화면"), (390, "작은 화면")):
        page = open_page("/", width=width)
        expect(page.get_by_role("link", name=name)).to_be_visible()
        expect(page.locator(".banner:visible")).to_have_count(1)
    assert list(BannerDay.objects.values_list("banner__name", "impressions").order_by("pk")) == [
        ("큰 화면", 1),
        ("작은 화면", 1),
    ]


def test_a_reader_is_counted_once_and_a_click_leads_on(open_page, make_banner):
    banner = make_banner(slot="top")
    page = open_page("/")
    for _ in range(2):
        page.goto("/free/1/", wait_until="networkidle")
    page.get_by_role("link", name="꽃집").click()
    page.wait_for_url("**/free/")
    day = BannerDay.objects.get(banner=banner)
    assert (day.impressions, day.clicks) == (1, 1)


def test_without_a_script(open_page, make_banner):
    banner = make_banner(slot="top")
    page = open_page("/", javascript=False)
    expect(page.get_by_role("link", name="꽃집")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert banner.days.get().impressions == 1
