"""광고: in named places, with room reserved; the owner's own HTML runs in a sandbox."""

import re

import pytest

from accounts.models import Member
from boards.actions.posts import hide_post, write_post
from boards.models import Board
from pages.models import Ad
from tests.page import Page, policy_of
from tests.pages.services import errors, place, script, use

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
ADD = "/admin/pages/ad/add/"
PUBLISHER = "ca-pub-1234567890123456"
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


def form(**fields) -> dict:
    given = {
        "name": "봄 광고",
        "is_on": "on",
        "place": "list_top",
        "position": 0,
        "kind": "html",
        "unit": "",
        "html": "<b>봄맞이 할인</b>",
        "width": 300,
        "height": 250,
        "devices": "all",
    }
    return given | fields


def ads(answer) -> list:
    return Page(answer.content).all("div", class_="ad")


def test_an_ad_shows_and_goes_at_once(as_owner, as_reader, post):
    assert ads(as_reader.get("/free/")) == []  # cached from now on
    assert errors(as_owner.post(ADD, form())) == ""
    (ad,) = ads(as_reader.get("/free/"))
    frame = ad.one("iframe")
    assert frame["src"] == f"/content/ads/{Ad.objects.get().pk}/"
    assert (frame["width"], frame["height"], frame["sandbox"]) == ("300", "250", SANDBOX)
    assert frame["title"] == "광고"
    Ad.objects.update(is_on=False)
    assert ads(as_reader.get("/free/")) == []
    assert as_reader.get(frame["src"]).status_code == 404


@pytest.mark.parametrize(
    ("where", "with_ads"),
    [
        ("list_top", {"/free/"}),
        ("after_post", {"/free/1/"}),
        ("side_end", {"/free/", "/free/1/", "/", "/new/"}),
        ("footer", {"/free/", "/free/1/", "/", "/new/"}),
    ],
)
def test_each_place_is_where_its_name_says(as_reader, post, where, with_ads):
    place(place=where, width=250)
    every = {"/free/", "/free/1/", "/", "/new/", "/search/?q=봄", "/accounts/login/"}
    assert {address for address in every if ads(as_reader.get(address))} == with_ads


@pytest.mark.parametrize("skin", ["list", "gallery", "webzine", "faq"])
def test_every_list_has_its_place(as_reader, board, post, skin):
    place()
    Board.objects.filter(pk=board.pk).update(skin=skin)
    assert len(ads(as_reader.get("/free/"))) == 1


def test_ads_stand_in_their_order(as_reader, board):
    place(name="뒤", html="뒤", position=2)
    place("adfit", name="앞", position=1)
    first, second = ads(as_reader.get("/free/"))
    assert first.one("ins")["data-unit"] == "DAN-u4hXk2mQ8sVt"
    assert second.one("iframe")


def test_adsense_and_adfit_are_started_by_our_script(as_reader, board):
    use(adsense_publisher=PUBLISHER)
    place("adsense")
    place("adfit", width=320, height=100)
    answer = as_reader.get("/free/")
    adsense, adfit = (ad.one("ins") for ad in ads(answer))
    assert adsense["data-publisher"] == PUBLISHER
    assert (adsense["data-unit"], adsense["data-width"]) == ("1234567890", "300")
    assert (adfit["data-width"], adfit["data-height"]) == ("320", "100")
    assert [
        (each["width"], each["height"])
        for each in Page(answer.content).all("svg")
        if "width" in each.attributes
    ] == [("300", "250"), ("320", "100")]
    assert script(answer, "ads")["data-respects"] == "yes"
    assert len(re.findall(r"/js/ads\.", answer.text)) == 1
    assert "<script>" not in answer.text


def test_html_alone_needs_no_script(as_reader, board):
    place()
    answer = as_reader.get("/free/")
    assert script(answer, "ads") is None
    assert policy_of(answer)["script-src"] == "'self'"


# -- who sees them ---------------------------------------------------------------------------------
def test_members_see_none_unless_the_owner_says_so(as_reader, as_minji, as_owner, minji, post):
    place()
    assert ads(as_reader.get("/free/"))
    assert ads(as_minji.get("/free/")) == []
    use(no_ads_from_level=3)
    assert ads(as_minji.get("/free/"))
    Member.objects.filter(pk=minji.pk).update(level=3)
    assert ads(as_minji.get("/free/")) == []
    use(no_ads_from_level=0)
    assert ads(as_minji.get("/free/"))
    assert ads(as_owner.get("/free/")) == []


def test_there_are_none_beside_secret_or_withheld_posts(
    as_reader, as_minji, as_moderator, as_owner, board, minji, moderator, post
):
    use(no_ads_from_level=0)
    place(place="after_post")
    place(place="footer")
    Board.objects.filter(pk=board.pk).update(secret_posts=Board.Secret.OPTIONAL)
    board.refresh_from_db()
    write_post(board=board, author=minji, subject="비밀", source="쉿", is_secret=True)
    assert len(ads(as_reader.get("/free/1/"))) == 2
    for client in (as_reader, as_minji, as_moderator):
        assert ads(client.get("/free/2/")) == []
    hide_post(post=post, by=moderator)
    for client in (as_reader, as_minji, as_moderator, as_owner):
        assert ads(client.get("/free/1/")) == []


# -- the sandbox -----------------------------------------------------------------------------------
def test_the_frame_has_a_policy_of_its_own(as_reader, board):
    html = "<script>alert(document.cookie)</script>"
    ad = place(html=html)
    for _cached in range(2):
        answer = as_reader.get(f"/content/ads/{ad.pk}/")
        assert html in answer.text
        policy = policy_of(answer)
        assert policy["sandbox"] == SANDBOX
        assert policy["frame-ancestors"] == "'self'"
        assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
        assert "'self'" not in policy["script-src"]
        assert "X-Frame-Options" not in answer
        assert answer["X-Robots-Tag"] == "noindex"
        assert not answer.cookies
    assert html not in as_reader.get("/free/").text


def test_a_changed_frame_shows_at_once(as_reader, board):
    ad = place(html="봄")
    address = f"/content/ads/{ad.pk}/"
    assert "봄" in as_reader.get(address).text
    Ad.objects.update(html="여름")
    assert "여름" in as_reader.get(address).text


def test_only_html_that_is_on_has_a_frame(as_reader, board):
    assert as_reader.get("/content/ads/1/").status_code == 404
    assert as_reader.get(f"/content/ads/{place('adfit').pk}/").status_code == 404
    assert as_reader.get(f"/content/ads/{place(is_on=False).pk}/").status_code == 404
    assert as_reader.get(f"/content/ads/{'9' * 30}/").status_code == 404


def test_a_frame_is_no_page_view(as_reader, board):
    from visits.middleware import is_visit

    request = as_reader.get(f"/content/ads/{place().pk}/").wsgi_request
    assert not is_visit(request)


# -- the form --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"html": ""}, "보일 HTML을 적어 주세요."),
        ({"html": "가" * 20_001}, "20000"),
        ({"html": "a\0b"}, "null"),
        ({"kind": "adfit", "unit": 'DAN-12345678" onload="alert(1)'}, "DAN-…"),
        ({"kind": "adsense", "unit": "1234567890"}, "게시자 ID"),
        ({"kind": "adsense", "unit": "12'34"}, "숫자"),
        ({"kind": "script"}, ""),
        ({"place": "nowhere"}, ""),
        ({"width": 0}, "50"),
        ({"width": 5_000, "devices": "pc"}, "840"),
        ({"height": -1}, "0"),
        ({"place": "side_end", "width": 300}, "옆 칸의 너비는 272픽셀입니다."),
        ({"width": 728, "height": 90}, "휴대폰에는 320픽셀까지"),
    ],
)
def test_a_wrong_form_is_explained(as_owner, wrong, sentence):
    found = errors(as_owner.post(ADD, form(**wrong)))
    assert found
    assert sentence in found
    assert not Ad.objects.exists()


def test_a_right_form_is_saved(as_owner):
    use(adsense_publisher=PUBLISHER)
    for fields in (
        {"kind": "adsense", "unit": "1234567890", "html": ""},
        {"kind": "adfit", "unit": "DAN-u4hXk2mQ8sVt", "html": "", "width": 320, "height": 50},
        {"width": 728, "height": 90, "devices": "pc"},
        {"place": "side_end", "width": 160, "height": 600},
    ):
        assert errors(as_owner.post(ADD, form(**fields))) == ""
    assert Ad.objects.count() == 4


def test_only_owners_add_ads(as_moderator, as_minji, as_guest):
    for client in (as_moderator, as_minji, as_guest):
        assert client.post(ADD, form()).status_code in (302, 403)
    assert not Ad.objects.exists()
