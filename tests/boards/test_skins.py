"""Skins: our own, third-party ones, and what a third-party skin cannot do (case 92)."""

import dataclasses
import json
import re
import shutil

import pytest

from boards.actions.posts import write_post
from boards.models import ExtraField
from boards.rows import PostRow
from boards.skin_language import BadSkin, check_style, parse, render
from boards.skins import find_skin, read_skin, skin_choices
from tests.page import Page
from tests.sources import ROOT

pytestmark = pytest.mark.any_database


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "skins").mkdir()
    return tmp_path / "skins"


@pytest.fixture
def install(folder):
    def write(name="plain", list_html="{{ board.name }}", style="", **about):
        skin = folder / name
        skin.mkdir(exist_ok=True)
        (skin / "skin.json").write_text(json.dumps({"name": "민무늬"} | about), "utf-8")
        (skin / "list.html").write_text(list_html, "utf-8")
        (skin / "style.css").write_text(style, "utf-8")

    return write


@pytest.fixture
def letter(folder):
    shutil.copytree(ROOT / "docs/skins/letter", folder / "letter")


def put_on(board, name):
    board.skin = name
    board.save()


def page(client, board):
    response = client.get(board.get_absolute_url())
    assert response.status_code == 200
    return Page(response.content)


def test_docs_skins_md_lists_every_name_of_a_row():
    """Skins may only rely on the names in docs/skins.md."""
    text = (ROOT / "docs/skins.md").read_text("utf-8")
    table = text.split("A row has these names")[1].split("\n## ")[0]
    documented = [
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    said = {field.name for field in dataclasses.fields(PostRow) if field.compare}
    assert sorted(documented) == sorted(said)


@pytest.mark.parametrize("skin", ["list", "gallery", "webzine", "faq", "letter"])
def test_each_skin_shows_the_listed_extra_fields(as_guest, board, minji, letter, skin):
    put_on(board, skin)
    price = ExtraField.objects.create(board=board, name="가격", is_listed=True)
    inner = ExtraField.objects.create(board=board, name="전화")
    words = {"subject": "자전거", "source": "<p>글</p>", "extras": {price: "3만원", inner: "010"}}
    write_post(author=minji, board=board, **words)
    write_post(author=minji, board=board, is_secret=True, **words | {"extras": {price: "5만원"}})
    text = page(as_guest, board).text
    assert "가격" in text
    assert "3만원" in text
    assert "010" not in text
    assert "5만원" not in text  # case 19


# -- own skins -------------------------------------------------------------------------------------


def test_a_webzine_shows_an_excerpt_of_each_text(as_guest, board, post):
    put_on(board, "webzine")
    assert page(as_guest, board).one(class_="excerpt").text == "벚꽃이 활짝 피었습니다."


def test_a_faq_collapses_each_text_under_its_question(as_guest, board, post):
    put_on(board, "faq")
    entry = page(as_guest, board).one(class_="faq").one("details")
    assert entry.one("summary").text.endswith("봄나들이 다녀왔어요")
    assert entry.one(class_="post-body").text == "벚꽃이 활짝 피었습니다."


@pytest.mark.parametrize("skin", ["webzine", "faq", "letter"])
def test_a_secret_text_is_shown_to_its_author_only(
    as_guest, as_minji, as_junho, as_moderator, board, minji, letter, skin
):  # case 19
    put_on(board, skin)
    write_post(
        author=minji, board=board, subject="속사정", source="<p>몰래 한 말</p>", is_secret=True
    )
    for client in (as_guest, as_junho):
        html = client.get("/free/").content.decode()
        assert "몰래 한 말" not in html
        assert "속사정" not in html
    for client in (as_minji, as_moderator):
        assert "몰래 한 말" in client.get("/free/").content.decode()


@pytest.mark.parametrize("skin", ["webzine", "faq", "letter"])
def test_a_visitor_who_may_list_but_not_read_sees_no_text(as_guest, board, post, letter, skin):
    board.read_level = 5
    put_on(board, skin)
    html = as_guest.get("/free/").content.decode()
    assert "봄나들이" in html
    assert "벚꽃이" not in html


# -- third party skins -----------------------------------------------------------------------------


def test_the_example_skin_shows_the_posts(as_guest, board, post, letter):
    put_on(board, "letter")
    main = page(as_guest, board).one(class_="skin-letter")
    assert main.one("a")["href"] == "/free/1/"
    assert "벚꽃이 활짝 피었습니다." in main.text
    assert ("letter", "편지함") in skin_choices()


def test_the_stylesheet_of_a_skin_is_served_but_no_other_file_of_its_folder(
    as_guest, board, letter, folder
):
    put_on(board, "letter")
    links = [link["href"] for link in page(as_guest, board).all("link", rel="stylesheet")]
    (style,) = [href for href in links if href.startswith("/skins/letter/style.css")]
    answer = as_guest.get(style)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/css")
    assert ".skin-letter" in answer.content.decode()
    (folder / "letter" / "secret.txt").write_text("비밀")
    for address in ("secret.txt", "skin.json", "list.html", "../letter/style.css"):
        assert as_guest.get(f"/skins/letter/{address}").status_code == 404


def test_a_moderator_selects_rows_in_a_third_party_skin(as_moderator, board, post, letter):
    put_on(board, "letter")
    box = page(as_moderator, board).one("input", name="posts")
    assert box["value"] == str(post.pk)


@pytest.mark.parametrize("name", ["gone", "../../etc", "Letter", "x", ""])
def test_a_board_with_a_missing_skin_shows_the_plain_list(as_guest, board, post, folder, name):
    put_on(board, name)
    assert page(as_guest, board).one("table", class_="posts")


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"list_html": "{% load static %}"}, "list.html"),
        ({"list_html": "{% include 'base.html' %}"}, "list.html"),
        ({"list_html": "{% extends 'base.html' %}"}, "list.html"),
        ({"list_html": "{% debug %}"}, "list.html"),
        ({"list_html": "{% csrf_token %}"}, "list.html"),
        ({"list_html": "{% autoescape off %}{% endautoescape %}"}, "list.html"),
        ({"list_html": "{{ row.subject|safe }}"}, "list.html"),
        ({"list_html": "{% if %}"}, "list.html"),
        ({"list_html": "가" * 40_000}, "list.html"),
        ({"style": "a { background: url(https://evil.test/) }"}, "style.css"),
        ({"style": "@import 'https://evil.test/x.css';"}, "style.css"),
        ({"style": "a { background: u\\72l(https://evil.test/) }"}, "style.css"),
        ({"style": "a { background: image-set('https://evil.test/x') }"}, "style.css"),
        ({"style": ".skin-bad { background: src('https://evil.test/') }"}, "style.css"),
        ({"style": "@font-face { font-family: x; src: src('https://evil.test/') }"}, "style.css"),
        ({"style": "@font-face { font-family: x; src: local(x) }"}, "style.css"),
        ({"style": ".skin-bad { background: -webkit-cross-fade('a', 'b', 50%) }"}, "style.css"),
        ({"style": ".skin-bad { position: fixed; top: 0; height: 100% }"}, "style.css"),
        ({"style": ".skin-bad a { pos/**/ition: absolute }"}, "style.css"),
        ({"style": ".skin-bad a { position:/**/ sticky }"}, "style.css"),
        ({"style": ".skin-bad { width: 100vw; height: 100vh }"}, "style.css"),
        ({"style": ".skin-bad { transform: scale(99) }"}, "style.css"),
        ({"style": "body { display: none }"}, "style.css"),
        ({"style": ".skin-bad, body { display: none }"}, "style.css"),
        ({"style": ".skin-bad ~ footer { display: none }"}, "style.css"),
        ({"style": "@media print { body { display: none } }"}, "style.css"),
        ({"list_html": "{% for a in rows %}" * 4 + "{% endfor %}" * 4}, "list.html"),
        ({"name": ""}, "skin.json"),
        ({"name": 3}, "skin.json"),
        ({"shows": "password"}, "skin.json"),
    ],
)
def test_a_skin_with_forbidden_constructs_is_refused(install, folder, as_guest, board, parts, word):
    (folder / "bad").mkdir()
    install("bad", **{key: value for key, value in parts.items() if key != "name"})
    if "name" in parts:
        (folder / "bad" / "skin.json").write_text(json.dumps({"name": parts["name"]}), "utf-8")
    with pytest.raises(BadSkin, match=word):
        read_skin("bad")
    assert "bad" not in dict(skin_choices())
    assert find_skin("bad").name == "list"
    assert as_guest.get("/skins/bad/style.css").status_code == 404


def test_the_output_of_a_skin_runs_nothing_and_fetches_nothing():
    template = parse(
        "<script>alert(1)</script><p onclick='x()' style='position:fixed' id='main'>{{ word }}</p>"
        "<form action='/admin/'><button>b</button></form><iframe src='/'></iframe>"
        "<a href='javascript:x()'>a</a><a href='//evil.test/'>b</a><a href='https://evil.test'>c</a>"
        "<img src='https://evil.test/x.png'><input name='password'><base href='//evil.test'>"
        "<a href='/free/1/'>d</a>"
    )
    html = render(template, {"word": "<b onmouseover=x()>굵게</b>"})
    assert "&lt;b onmouseover" in html
    for never in (
        "script",
        "onclick",
        "style",
        "id=",
        "form",
        "iframe",
        "evil",
        "password",
        "base",
    ):
        assert never not in html, never
    assert '<a href="/free/1/">d</a>' in html


def test_a_skin_cannot_reach_other_objects_through_a_row(install, as_guest, board, post):
    install(
        "climber",
        "{% for row in rows %}[{{ row.__class__ }}{{ row.board.moderators }}{{ settings.SECRET_KEY }}"
        "{{ request.user }}{{ csrf_token }}{{ row.url.__class__ }}]{% endfor %}",
    )
    with pytest.raises(BadSkin):  # names that begin with _ are refused by the parser
        read_skin("climber")
    install(
        "climber",
        "{% for row in rows %}[{{ row.board.moderators }}{{ settings.SECRET_KEY }}{{ request.user }}"
        "{{ csrf_token }}{{ user }}{{ can.visitor }}]{% endfor %}",
    )
    put_on(board, "climber")
    assert page(as_guest, board).one(class_="skin-climber").text == "[]"


@pytest.mark.parametrize(
    "style",
    [
        "",
        ".skin-x { color: var(--ink) }",
        "@media (max-width: 40rem) { .skin-x a { color: red; position: relative } }",
        ".skin-x li + li, .skin-x p:not(.a, .b) { color: red } /* url( */",
        "@keyframes rise { from { opacity: 0 } 50% { opacity: 1 } }",
    ],
)
def test_a_harmless_stylesheet_is_accepted(style):
    check_style(style)


def test_a_changed_skin_is_read_again(install, as_guest, board, post, settings):
    settings.PAGE_CACHE_MB = 0  # a cached list shows a changed file some seconds late
    install("plain", "처음")
    put_on(board, "plain")
    assert page(as_guest, board).one(class_="skin-plain").text == "처음"
    install("plain", "나중")
    assert page(as_guest, board).one(class_="skin-plain").text == "나중"


def test_nested_loops_are_limited():
    """Attack case 122: four nested loops over thirty rows took 810,000 iterations, a minute for a
    page.
    """
    rounds = []

    class Row:
        @property
        def word(self):
            rounds.append(1)
            return "x"

    template = parse("{% for a in rows %}" * 3 + "{{ a.word }}" + "{% endfor %}" * 3)
    render(template, {"rows": [Row()] * 200})
    assert 0 < len(rounds) <= 20_000
    letters = parse("{% for a in rows %}{% for b in a.html %}{{ b }}{% endfor %}.{% endfor %}")
    assert render(letters, {"rows": [{"html": "x" * 100_000}] * 2}) == ".."


def test_a_page_of_rows_with_fields_is_rendered_completely():
    template = parse("{% for a in rows %}{% for b in a.extras %}{{ b }}{% endfor %}{% endfor %}")
    rows = [{"extras": ["x"] * 10}] * 100
    assert render(template, {"rows": rows}) == "x" * 1_000
