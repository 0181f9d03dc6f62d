"""The address of a video alone on its line becomes a player; everything similar stays a link (case
45).
"""

import re

import pytest

from boardsite.text import richtext
from boardsite.text.players import is_player, player_of, with_players

TUBE = "https://www.youtube.com/embed/dQw4w9WgXcQ"
NAVER = "https://tv.naver.com/embed/12345678"
KAKAO = "https://tv.kakao.com/embed/player/cliplink/430000000"
VIMEO = "https://player.vimeo.com/video/76979871"

FILMS = [
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", TUBE),
    ("http://youtube.com/watch?v=dQw4w9WgXcQ", TUBE),
    ("https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&feature=share", TUBE),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLx-_1&index=2", TUBE),
    ("https://music.youtube.com/watch?v=dQw4w9WgXcQ", TUBE),
    ("https://youtu.be/dQw4w9WgXcQ", TUBE),
    ("https://youtu.be/dQw4w9WgXcQ?si=Ab_c-1", TUBE),
    ("https://www.youtube.com/shorts/dQw4w9WgXcQ", TUBE),
    ("https://youtube.com/live/dQw4w9WgXcQ?feature=share", TUBE),
    ("https://YouTube.com/embed/dQw4w9WgXcQ", TUBE),
    ("https://youtu.be/dQw4w9WgXcQ?t=90", f"{TUBE}?start=90"),
    ("https://youtu.be/dQw4w9WgXcQ?t=90s", f"{TUBE}?start=90"),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1h2m3s", f"{TUBE}?start=3723"),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&start=5", f"{TUBE}?start=5"),
    ("https://youtu.be/dQw4w9WgXcQ?t=0", TUBE),
    ("https://youtu.be/dQw4w9WgXcQ?t=-1", TUBE),
    ("https://youtu.be/dQw4w9WgXcQ?t=soon", TUBE),
    ("https://tv.naver.com/v/12345678", NAVER),
    ("https://m.tv.naver.com/v/12345678", NAVER),
    ("https://tv.naver.com/embed/12345678?autoPlay=true", NAVER),
    ("https://tv.kakao.com/v/430000000", KAKAO),
    ("https://tv.kakao.com/channel/1234/cliplink/430000000", KAKAO),
    ("https://play-tv.kakao.com/embed/player/cliplink/430000000", KAKAO),
    ("https://vimeo.com/76979871", VIMEO),
    ("https://vimeo.com/76979871/0123456789", f"{VIMEO}?h=0123456789"),
    ("https://player.vimeo.com/video/76979871", VIMEO),
]

NO_FILMS = [
    # look-alike hosts
    "https://www.youtube.com.evil.test/watch?v=dQw4w9WgXcQ",
    "https://evil-youtube.com/watch?v=dQw4w9WgXcQ",
    "https://youtube.com.co/watch?v=dQw4w9WgXcQ",
    "https://xn--youtub-4of.com/watch?v=dQw4w9WgXcQ",
    "https://youtubе.com/watch?v=dQw4w9WgXcQ",  # with a Cyrillic letter
    "https://youtu.be.evil.test/dQw4w9WgXcQ",
    "https://evil.test/youtu.be/dQw4w9WgXcQ",
    "https://evil.test/?https://youtu.be/dQw4w9WgXcQ",
    "https://tv.naver.com.evil.test/v/12345678",
    "https://blog.naver.com/v/12345678",
    "https://notvimeo.com/76979871",
    # user info and ports
    "https://www.youtube.com@evil.test/watch?v=dQw4w9WgXcQ",
    "https://evil.test@www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://user:pw@youtu.be/dQw4w9WgXcQ",
    "https://youtu.be:8443/dQw4w9WgXcQ",
    "https://www.youtube.com:443/watch?v=dQw4w9WgXcQ",
    # other paths, redirects
    "https://www.youtube.com/redirect?q=https://evil.test&v=dQw4w9WgXcQ",
    "https://www.youtube.com/attribution_link?u=/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com/watch/../redirect?v=dQw4w9WgXcQ",
    "https://www.youtube.com//evil.test/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com/@channel",
    "https://www.youtube.com/watch?v=short",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22onload=x",
    "https://www.youtube.com/watch?x=dQw4w9WgXcQ",
    "https://youtu.be/dQw4w9WgXcQ/../../evil",
    "https://youtu.be/dQw4w9WgXcQ%0d%0a",
    "https://youtu.be\\@evil.test/dQw4w9WgXcQ",
    "https://vimeo.com/channels/staffpicks/76979871",
    "https://vimeo.com/76979871/review/../../x",
    "https://tv.kakao.com/channel/../v/430000000",
    "https://tv.naver.com/v/１２３",
    # not a web address
    "javascript://youtu.be/dQw4w9WgXcQ",
    "ftp://youtu.be/dQw4w9WgXcQ",
    "//youtu.be/dQw4w9WgXcQ",
    "youtu.be/dQw4w9WgXcQ",
]


def players(html: str) -> list[str]:
    return re.findall(r'<iframe[^>]* src="([^"]*)"', html)


@pytest.mark.parametrize(("address", "player"), FILMS)
def test_a_video_becomes_an_allowed_player(address, player):
    assert player_of(address) == player
    assert is_player(player)


@pytest.mark.parametrize("format", ["text", "html"])
@pytest.mark.parametrize(("address", "player"), FILMS)
def test_an_address_alone_on_its_line_becomes_a_player(address, player, format):
    written = address.replace("&", "&amp;") if format == "html" else address
    source = f"<p>봄</p><p>{written}</p><p>꽃</p>" if format == "html" else f"봄\n{address}\n꽃"
    html = richtext.render(source, format)
    assert players(html) == [player]
    assert "sandbox=" in html
    assert "youtu.be" not in html
    assert richtext.clean(html) == html


@pytest.mark.parametrize("format", ["text", "html"])
@pytest.mark.parametrize("address", NO_FILMS)
def test_an_address_that_resembles_a_video_stays_a_link(address, format):
    """Case 45."""
    assert player_of(address) == ""
    source = f"<p>{address}</p>" if format == "html" else address
    html = richtext.render(source, format)
    assert players(html) == []
    linked = f'<p><a href="{address}">{address}</a></p>'
    assert players(richtext.clean(linked)) == []


@pytest.mark.parametrize(
    "line",
    [
        "보세요 https://youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ 보세요",
        "https://youtu.be/dQw4w9WgXcQ https://youtu.be/dQw4w9WgXcQ",
        "(https://youtu.be/dQw4w9WgXcQ)",
    ],
)
def test_an_address_among_words_stays_a_link(line):
    for html in (richtext.render(line, "text"), richtext.clean(f"<p>{line}</p>")):
        assert players(html) == []
        assert 'href="https://youtu.be/dQw4w9WgXcQ"' in html


@pytest.mark.parametrize(
    "source",
    [
        "<p><a href='https://youtu.be/dQw4w9WgXcQ'>제 영상</a></p>",
        "<h3>https://youtu.be/dQw4w9WgXcQ</h3>",
        "<pre>https://youtu.be/dQw4w9WgXcQ</pre>",
        "<pre><a href='https://youtu.be/dQw4w9WgXcQ'>https://youtu.be/dQw4w9WgXcQ</a></pre>",
        "<p><code>https://youtu.be/dQw4w9WgXcQ</code></p>",
        "<details><summary>https://youtu.be/dQw4w9WgXcQ</summary>x</details>",
        # the text shows one address and the link leads to another
        "<p><a href='https://youtu.be/dQw4w9WgXcQ'>https://youtu.be/AAAAAAAAAAA</a></p>",
        "<p><a href='https://evil.test/'>https://youtu.be/dQw4w9WgXcQ</a></p>",
    ],
)
def test_an_address_with_a_title_in_code_or_with_words_stays_unchanged(source):
    assert players(richtext.clean(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p><a href='https://youtu.be/dQw4w9WgXcQ'>https://youtu.be/dQw4w9WgXcQ</a></p>",
        "<p><a href='https://youtu.be/dQw4w9WgXcQ'>youtu.be/dQw4w9WgXcQ</a>&nbsp;</p>",
        "<div> https://youtu.be/dQw4w9WgXcQ </div>",
        "https://youtu.be/dQw4w9WgXcQ",
        "<ul><li>https://youtu.be/dQw4w9WgXcQ</li></ul>",
        "<p>봄<br>https://youtu.be/dQw4w9WgXcQ<br>꽃</p>",
        "<blockquote><p>https://youtu.be/dQw4w9WgXcQ</p></blockquote>",
    ],
)
def test_players_replace_lines_of_every_kind(source):
    html = richtext.clean(source)
    assert players(html) == [TUBE]
    assert richtext.clean(html) == html


def test_each_of_several_lines_becomes_a_player():
    html = richtext.render("https://youtu.be/dQw4w9WgXcQ\nhttps://vimeo.com/76979871", "text")
    assert players(html) == [TUBE, VIMEO]
    assert "<br>" not in html


def test_a_comment_contains_links_only():
    html = richtext.comment_html("https://youtu.be/dQw4w9WgXcQ")
    assert players(html) == []
    assert 'href="https://youtu.be/dQw4w9WgXcQ"' in html


def test_a_body_with_only_a_player_is_not_blank():
    assert not richtext.is_blank(richtext.render("https://youtu.be/dQw4w9WgXcQ", "text"))


def test_many_lines_take_bounded_time():
    """Case 83."""
    html = '<p><a href="https://youtu.be/' + "a" * 50_000 + '">x</a></p>' * 3_000
    assert with_players(html) == html
