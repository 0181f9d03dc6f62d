"""The owner gives the site a logo, an icon, a colour and texts: a draft that they publish."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from boardsite.models import OneRow, SiteSettings
from pages.actions.blocks import add_default_blocks
from pages.actions.publishing import discard_drafts, publish_drafts
from pages.models import Appearance, AppearanceDraft, Block, SiteImage
from pages.presets import PRESETS
from tests.boards.browsing import all_at_once, document, picture, read
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.any_database

ADMIN = "/admin/pages/appearancedraft/1/change/"
TEXTS = {"header_html": "", "footer_html": "", "css": ""}
DEFAULTS = {"accent": "#0a6554", "density": "comfortable", "uses_css": "on", **TEXTS}


def square(colour: str = "teal", side: int = 600) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGBA", (side, side), colour).save(file, "PNG")
    return SimpleUploadedFile("아이콘.png", file.getvalue(), "image/png")


@pytest.fixture
def save(as_owner, django_capture_on_commit_callbacks):
    """`save("_publish", accent=…)`: the owner fills in the form and uses that button."""

    def save(button: str = "_save", **changes):
        with django_capture_on_commit_callbacks(execute=True):
            return as_owner.post(ADMIN, DEFAULTS | changes | {button: "1"})

    return save


@pytest.fixture
def publish(save):
    def publish(**changes):
        answer = save("_publish", **changes)
        assert answer.status_code == 302, Page(answer.content).text
        return answer

    return publish


def style_of(client, address="/") -> str:
    """The owner's stylesheet of a page."""
    links = Page(client.get(address).content).all("link", rel="stylesheet")
    (style,) = [link["href"] for link in links if "/content/style-" in link["href"]]
    return read(client, style)


def test_without_choices_pages_are_as_they_were(as_guest, board):
    page = read(as_guest, "/")
    assert "/content/" not in page
    assert 'rel="icon" href="/static/img/favicon' in page.replace(".svg", "")
    assert '<a class="site-name" href="/">우리 게시판</a>' in page
    assert "og:image" not in page
    assert as_guest.get("/favicon.ico").url.startswith("/static/img/favicon")
    assert as_guest.get("/content/style-abc.css").status_code == 404


def test_a_published_colour_shows_at_once_on_cached_pages(as_guest, publish, board):
    for address in ("/", "/free/"):
        assert "/content/style-" not in read(as_guest, address)
    publish(accent="#1f4fa3")
    for address in ("/", "/free/"):
        assert "--accent: #1f4fa3;" in style_of(as_guest, address)
    publish(accent="#a3381f")
    assert "--accent: #a3381f;" in style_of(as_guest)
    publish()
    assert "/content/style-" not in read(as_guest, "/")


def test_a_stylesheet_is_cached_forever_under_its_own_address(as_guest, publish, board):
    publish(accent="#1f4fa3")
    links = Page(as_guest.get("/").content).all("link", rel="stylesheet")
    answer = as_guest.get(links[-1]["href"])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    publish(accent="#a3381f")
    old = as_guest.get(links[-1]["href"])  # a page that was built before the change
    assert "#a3381f" in old.text
    assert old.headers["Cache-Control"] == "no-store"


def test_the_logo_stands_for_the_name(as_guest, publish, board):
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "너울골 사랑방"})
    OneRow.forget()
    publish(logo=picture(), logo_dark=picture(colour="black"))
    light, dark = Page(as_guest.get("/").content).one("a", class_="site-logo").all("img")
    assert {light["alt"], dark["alt"]} == {"너울골 사랑방"}
    assert (light["width"], light["height"]) == ("60", "40")
    assert "on-light" in light.classes
    assert "on-dark" in dark.classes
    read(as_guest, light["src"])
    SiteSettings.objects.update(name="너울골 <b>광장</b>")
    assert 'alt="너울골 &lt;b&gt;광장&lt;/b&gt;"' in read(as_guest, "/")


def test_one_icon_serves_in_all_sizes(as_guest, publish, board):
    publish(icon=square("teal"))
    head = Page(as_guest.get("/").content)
    links = [*head.all("link", rel="icon"), *head.all("link", rel="apple-touch-icon")]
    assert [link["sizes"] for link in links] == ["16x16", "32x32", "192x192", "512x512", "180x180"]
    for link in links:
        answer = as_guest.get(link["href"])
        image = Image.open(io.BytesIO(answer.content))
        assert f"{image.width}x{image.height}" == link["sizes"]
        assert image.format == "PNG"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    icon = Image.open(io.BytesIO(as_guest.get("/favicon.ico").content))
    assert icon.format == "ICO"
    assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    other_size = links[0]["href"].replace("-16.png", "-17.png")
    assert as_guest.get(other_size).status_code == 404
    publish(icon=square("pink"))
    assert as_guest.get(links[0]["href"]).status_code == 404


def test_the_admin_has_the_icon_too(as_owner, publish):
    """Its pages name no icon, so browsers ask for /favicon.ico."""
    publish(icon=square())
    assert 'rel="icon"' not in read(as_owner, "/admin/")


def test_the_share_picture_serves_pages_without_a_picture(as_guest, as_minji, publish, post):
    publish(share_image=picture())
    shared = SiteImage.objects.get()
    for address in ("/", "/free/1/"):
        page = Page(as_guest.get(address).content)
        assert page.one("meta", property="og:image")["content"].endswith(shared.url)
    uploaded = as_minji.post("/free/upload-picture/", {"file": picture()}).json()["location"]
    form = {"subject": "사진", "source": f'<img src="{uploaded}">', "format": "html"}
    assert as_minji.post("/free/write/", form).status_code == 302
    page = Page(as_guest.get("/free/2/").content)
    assert page.one("meta", property="og:image")["content"].endswith("/picture/")


def test_the_texts_are_cleaned(as_guest, publish, board):
    publish(
        header_html="<p>어서 <b>오세요</b><script>alert(1)</script></p>",
        footer_html='<p onclick="steal()">문의는 게시판에</p>',
    )
    page = read(as_guest, "/")
    assert "<p>어서 <b>오세요</b></p>" in page
    assert "<p>문의는 게시판에</p>" in page
    publish()
    assert "문의는 게시판에" not in read(as_guest, "/")


def test_compact_lists_have_lower_rows(as_guest, publish, board):
    publish(density="compact")
    assert "--row: 1.5rem" in style_of(as_guest)


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_sets_colour_and_density(publish, key):
    publish(preset=key, accent="#ffffff")  # the colour field does not matter then
    shown = Appearance.objects.get()
    assert (shown.accent, shown.density) == (PRESETS[key].accent, PRESETS[key].density)


def test_a_colour_that_reads_badly_is_refused_with_the_nearest_one(as_owner, save):
    page = Page(save(accent="#fee500").content)
    assert "읽기 어려운 색입니다(#fee500)" in page.text
    button = page.one("button", name="take_accent")
    assert not AppearanceDraft.objects.filter(accent="#fee500").exists()
    taken = as_owner.post(ADMIN, DEFAULTS | {"accent": "#fee500", "take_accent": button["value"]})
    assert taken.status_code == 302
    assert AppearanceDraft.objects.get().accent == button["value"]


@pytest.mark.parametrize(
    "accent", ["red", "#fff", "#12345g", "#0a6554;} body { display: none", "#" * 1_000_000, "\0"]
)
def test_what_is_no_colour_is_refused(save, accent):
    assert save(accent=accent).status_code == 200
    assert not AppearanceDraft.objects.exclude(accent="").exists()
    assert save(take_accent=accent).status_code == 200


def test_own_css_can_be_switched_off(as_guest, as_owner, publish, board):
    own = "body { display: none }"
    publish(css=own)
    assert own in style_of(as_guest)
    assert "/content/style-" not in read(as_owner, ADMIN)
    publish(css=own, uses_css="")
    assert "/content/style-" not in read(as_guest, "/")
    assert own in read(as_owner, ADMIN)  # it can be repaired


@pytest.mark.parametrize(
    "own",
    [
        "a { background: url(https://example.com/a.png) }",
        "@import '/a.css';",
        "a { color: red } " * 2000,
        '"' * 1_000_000,
    ],
)
def test_css_of_other_sites_or_too_much_is_refused(save, own):
    answer = save(css=own)
    assert answer.status_code == 200
    assert Page(answer.content).one("ul", class_="errorlist", id="id_css_error").text


@pytest.mark.parametrize("name", ["logo", "logo_dark", "icon", "share_image"])
@pytest.mark.parametrize("upload", [document("로고.png"), document("a.svg", b"<svg/>")])
def test_what_is_no_picture_is_refused(save, name, upload):
    upload.seek(0)
    assert save(**{name: upload}).status_code == 200
    assert not SiteImage.objects.exists()


def test_an_icon_must_be_a_large_square(save):
    assert "정사각형 사진" in save(icon=picture()).text
    assert "너무 작은" in save(icon=square(side=48)).text
    assert not SiteImage.objects.exists()


# -- draft, preview, publication -------------------------------------------------------------------
def test_a_saved_draft_shows_in_the_preview_only(as_owner, as_guest, as_minji, save, board):
    save(accent="#1f4fa3", header_html="<p>봄맞이</p>")
    for browser in (as_owner, as_guest, as_minji):
        assert "/content/style-" not in read(browser, "/")
    assert save("_preview", accent="#1f4fa3", header_html="<p>봄맞이</p>").url == "/"
    assert "봄맞이" in read(as_owner, "/")
    links = Page(as_owner.get("/").content).all("link", rel="stylesheet")
    style = as_owner.get(links[-1]["href"])
    assert "--accent: #1f4fa3;" in style.text
    assert "no-store" in style.headers["Cache-Control"]
    for browser in (as_guest, as_minji):
        assert "봄맞이" not in read(browser, "/")
        assert browser.get(links[-1]["href"]).status_code == 404


def test_the_bar_publishes_the_draft(as_owner, as_guest, save, board):
    save("_preview", header_html="<p>봄맞이</p>")
    as_owner.post("/content/preview/publish/")
    assert "봄맞이" in read(as_guest, "/")


@pytest.mark.parametrize("button", ["_discard", "the bar's"])
def test_a_draft_is_discarded(as_owner, as_guest, save, publish, board, button):
    publish(accent="#1f4fa3", icon=square())
    save(accent="#a3381f", icon=square("pink"))
    assert "게시하지 않은 변경이 있습니다" in read(as_owner, ADMIN)
    if button == "_discard":
        save("_discard", accent="무엇이든")
    else:
        as_owner.post("/content/preview/discard/")
    assert AppearanceDraft.objects.get().values == Appearance.objects.get().values
    assert "게시하지 않은 변경이 있습니다" not in read(as_owner, ADMIN)
    assert "--accent: #1f4fa3;" in style_of(as_guest)


def test_pictures_that_nothing_shows_are_deleted(as_guest, save, publish, board):
    publish(logo=picture())
    first = SiteImage.objects.get()
    save(logo=picture(colour="navy"))  # the published logo is still shown
    second = SiteImage.objects.exclude(pk=first.pk).get()
    save(logo=picture(colour="black"))
    assert not default_storage.exists(f"site/{second.name}")
    publish(**{"logo-clear": "on"})
    assert not SiteImage.objects.exists()
    assert default_storage.listdir("site") == ([], [])
    assert "site-logo" not in read(as_guest, "/")


def test_publishing_and_discarding_at_once(side_by_side, owner):
    AppearanceDraft.objects.update_or_create(pk=1, defaults={"accent": "#1f4fa3"})
    all_at_once([publish_drafts, discard_drafts] * 5)
    assert AppearanceDraft.objects.get().values == Appearance.objects.get().values


def test_the_buttons_of_the_form_leave_other_drafts_alone(save, publish, board):
    add_default_blocks(place=Block.Place.FRONT)
    save("_discard")
    publish(accent="#1f4fa3")
    assert Block.objects.drafts().exists()
    assert not Block.objects.published().exists()


# -- who may ---------------------------------------------------------------------------------------
def test_others_are_refused(as_guest, as_minji, as_moderator, log_in, db):
    staff = make_member("staff", "직원", is_staff=True)
    for browser in (as_guest, as_minji, as_moderator, log_in(staff)):
        for button in ("_save", "_publish", "_discard"):
            answer = browser.post(ADMIN, DEFAULTS | {"accent": "#1f4fa3", button: "1"})
            assert answer.status_code in (302, 403)
        assert browser.get(ADMIN).status_code in (302, 403)
    assert not Appearance.objects.exclude(accent="").exists()
    assert not AppearanceDraft.objects.exclude(accent="").exists()
    assert "로고와 색" not in read(log_in(staff), "/admin/")


def test_another_site_cannot_publish(as_owner, db):
    sent = as_owner.post(
        ADMIN, DEFAULTS | {"_publish": "1"}, headers={"origin": "https://example.com"}
    )
    assert sent.status_code == 403
