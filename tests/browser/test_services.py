"""Services of other companies in a browser: what is started, for whom, and what an ad cannot reach."""

import json

import pytest

from pages.models import Ad, ServiceSettings
from tests.browser.steps import expect
from tests.pages.services import GA, UMAMI, place, use

ATTEMPTS = """
<p id="result"></p>
<script>
  const found = {};
  const attempt = (name, action) => {
    try { action(); found[name] = "reached"; } catch (error) { found[name] = error.name; }
  };
  attempt("cookie", () => document.cookie);
  attempt("storage", () => localStorage.length);
  attempt("parent", () => parent.document.body.innerHTML);
  if (top !== self) attempt("top", () => { top.location.href = "/nothing-here/"; });
  attempt("form", () => parent.document.forms[0].submit());
  fetch("/my/", { credentials: "include" })
    .then(() => { found.fetch = "reached"; }, () => { found.fetch = "refused"; })
    .then(() => { document.getElementById("result").textContent = JSON.stringify(found); });
</script>
"""
REFUSED = {
    "cookie": "SecurityError",
    "storage": "SecurityError",
    "parent": "SecurityError",
    "form": "SecurityError",
    "fetch": "refused",
}
ALONE = ("cookie", "storage", "fetch")  # what a page can try without a parent


def result(frame) -> dict[str, str]:
    expect(frame.locator("#result")).to_contain_text("fetch")
    return json.loads(frame.locator("#result").text_content())


def test_an_ad_reaches_nothing_of_the_site(open_page, board, minji):
    use(no_ads_from_level=0)
    ad = place(html=ATTEMPTS)
    page = open_page("/free/", member=minji)
    found = result(page.frame_locator(".ad iframe"))
    assert found.pop("top") in ("SecurityError", "reached")  # refused without an error, maybe
    assert found == REFUSED
    assert page.url.endswith("/free/")
    page.goto(f"/content/ads/{ad.pk}/")  # opened directly it is in the sandbox too
    found = result(page)
    assert [found[name] for name in ALONE] == [REFUSED[name] for name in ALONE]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_room_of_an_ad_is_reserved(open_page, board, javascript):
    use(adsense_publisher="ca-pub-1234567890123456")
    for number, kind in enumerate(Ad.Kind.values):
        place(kind, width=300, height=100 + number)
    page = open_page("/free/", javascript=javascript)
    boxes = [each.bounding_box() for each in page.locator(".ad > :last-child").all()]
    assert [(box["width"], box["height"]) for box in boxes] == [(300, 100), (300, 101), (300, 102)]


@pytest.mark.parametrize(("width", "shown"), [(1280, ["모두", "PC"]), (390, ["모두", "휴대전화"])])
def test_an_ad_shows_on_its_devices(open_page, board, width, shown):
    for name, devices in (("모두", "all"), ("PC", "pc"), ("휴대전화", "phone")):
        place(html=name, devices=devices, height=60)
    page = open_page("/free/", width=width)
    frames = [each for each in page.locator(".ad iframe").all() if each.is_visible()]
    assert [each.content_frame.locator("body").inner_text() for each in frames] == shown


@pytest.fixture
def requested(open_page, board):
    """`requested(**options)`: which scripts of other hosts /free/ loads; nothing may be refused by the
    content policy."""

    def requested(script: str = "") -> list[str]:
        page = open_page("about:blank")
        page.add_init_script(script)
        addresses = []
        page.on("request", lambda request: addresses.append(request.url))
        page.goto("/free/")
        page.wait_for_load_state("networkidle")
        assert page.complaints == []
        return sorted(each for each in addresses if each.startswith("https:"))

    return requested


def use_everything() -> None:
    use(ga_id=GA, naver_analytics_id="s_12ab34cd56ef", plausible_domain="pado.kr")
    use(umami_id=UMAMI, umami_host="https://u.pado.kr")
    use(adsense_publisher="ca-pub-1234567890123456")
    for kind in ("adsense", "adfit"):
        place(kind)


ANALYTICS = [
    "https://plausible.io/js/script.js",
    "https://u.pado.kr/script.js",
    "https://wcs.naver.net/wcslog.js",
    f"https://www.googletagmanager.com/gtag/js?id={GA}",
]
ADS = [
    "https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js?client=ca-pub-1234567890123456",
    "https://t1.daumcdn.net/kas/static/ba.min.js",
]


def test_everything_that_is_on_is_started(requested):
    use_everything()
    assert requested() == sorted(ANALYTICS + ADS)


@pytest.mark.parametrize(
    "refusal",
    [
        "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })",
        "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })",
    ],
)
def test_who_refuses_to_be_tracked_is_not_counted(requested, refusal):
    use_everything()
    assert requested(refusal) == ADS
    ServiceSettings.objects.update(respects_do_not_track=False)
    assert requested(refusal) == sorted(ANALYTICS + ADS)


def test_nothing_is_loaded_from_elsewhere_by_default(requested):
    assert requested() == []
