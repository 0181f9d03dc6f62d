"""The collector reads the site's own feeds and gets the same articles, in each format."""

import datetime

import pytest

from boards.actions.files import store_picture
from boards.actions.posts import write_post
from boardsite.text import richtext
from boardsite.text.addresses import with_absolute_addresses
from collector.reading.entries import Entry
from collector.reading.feeds import read_feed
from tests.crowd import picture_upload

FORMATS = ["/free/feed/", "/free/feed/atom/", "/free/feed.json"]
SITE = "https://village.example"
WRITTEN_AT = datetime.datetime(2026, 11, 20, 6, 1, 30, tzinfo=datetime.UTC)

TITLES = [
    "봄나들이 다녀왔어요",
    "“큰따옴표”와 ‘작은따옴표’, \"곧은 것\"과 '그것' · 가운뎃점 … ㅡ 줄표 — –",
    "[PADO] AT&T와 R&D, 1 < 2 > 0, 50% & 그 밖에",
    "<기생충> 다시 보기 ＜전각＞ 「낫표」 『겹낫표』 《겹화살괄호》",
    "R&amp 와 amp; 그리고 & 끝",
    "😀👨‍👩‍👧 한글\u3000전각 공백 ①②③ ㎡ ™",
]
LIKE_HTML = "&amp;와 &lt;b&gt;, <b>라고 쓴 글"  # RSS does not say whether that is HTML
BODIES = [
    "<p>“큰따옴표”와 ‘작은따옴표’, \"곧은 것\"과 '그것' · … ㅡ — – ［PADO］ [PADO]</p>",
    "<p>AT&amp;T, R&amp;D, 1 &lt; 2 &gt; 0, amp; &amp;amp; &amp;lt;b&amp;gt; ]]&gt; &lt;![CDATA[</p>",
    "<p>두&nbsp;칸  띄고<br>줄을 바꾸고\u3000전각</p><p></p><p><br></p><p>😀👨‍👩‍👧</p>",
    "<h3>제목</h3><blockquote><p>옮긴 말</p></blockquote><hr><ul><li>하나</li><li>둘</li></ul>"
    '<ol start="3"><li>셋</li></ol>',
    "<pre><code>if a &lt; b &amp;&amp; c:\n    print(\"&lt;p&gt;\")\n\n\treturn 'x'\n</code></pre>",
    '<table width="100%"><caption>표</caption><tbody><tr><th colspan="2">가</th></tr>'
    '<tr><td style="color: #ff0000">1</td><td align="right">&amp;</td></tr></tbody></table>',
    '<p><a href="https://else.example/?a=1&amp;b=2#%EC%97%AC%EA%B8%B0">밖</a> <a href="/free/">안</a>'
    ' <a href="#top">위</a> <a href="mailto:a@b.example">편지</a> <a href="tel:02-1234">전화</a></p>',
    '<figure><img src="https://pics.example/1.jpg?a=1&amp;b=2" alt="벚꽃 &quot;활짝&quot;" width="640"'
    ' height="480"><figcaption>벚꽃 사진=민지/로이터=뉴스1</figcaption></figure>',
    '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ?start=30" width="560" height="315">'
    "</iframe><p>영상</p>",
    '<p><span style="color: red; font-size: 18px">빨강</span> <font color="#0000ff">파랑</font>'
    " <ruby>漢<rt>한</rt></ruby> H<sub>2</sub>O <del>지움</del> <mark>표시</mark></p>"
    "<details open><summary>더</summary><p>속</p></details>",
]


@pytest.fixture
def round_trip(as_guest, board, minji, settings):
    """`round_trip(feed, subject, source)` returns the entry that is read from the feed, and the written
    HTML."""
    settings.SITE_URL = SITE
    board.feed_text = "full"
    board.save()

    def trip(feed: str, subject: str, source: str) -> tuple[Entry, str]:
        post = write_post(
            author=minji, board=board, subject=subject, source=source, created_at=WRITTEN_AT
        )
        return read(feed), with_absolute_addresses(post.body.html, f"{SITE}/free/{post.number}/")

    def read(feed: str) -> Entry:
        response = as_guest.get(feed)
        address, content_type = f"{SITE}{feed}", response["Content-Type"]
        return read_feed(response.content, content_type=content_type, address=address).entries[0]

    trip.read = read
    return trip


@pytest.mark.parametrize("feed", FORMATS)
def test_author_title_date_and_address(round_trip, feed):
    entry, _html = round_trip(feed, TITLES[0], "<p>벚꽃이 <b>활짝</b></p><p>피었습니다.</p>")
    assert entry.title == TITLES[0]
    assert entry.author == "민지"
    assert entry.published_at == WRITTEN_AT
    assert entry.address == f"{SITE}/free/1/"
    assert entry.guid.startswith("tag:village.example,2025:post:")
    assert entry.summary == "벚꽃이 활짝 피었습니다."
    assert entry.picture is None


@pytest.mark.parametrize("feed", FORMATS)
def test_titles_with_nasty_punctuation(round_trip, feed):
    for title in TITLES:
        assert round_trip(feed, title, "<p>글</p>")[0].title == title


@pytest.mark.parametrize("feed", FORMATS[1:])
def test_a_title_that_looks_like_html(round_trip, feed):
    assert round_trip(feed, LIKE_HTML, "<p>글</p>")[0].title == LIKE_HTML


@pytest.mark.parametrize("feed", FORMATS)
def test_bodies_are_the_same_after_cleaning(round_trip, feed):
    for source in BODIES:
        entry, html = round_trip(feed, "글", source)
        assert richtext.clean(entry.html) == richtext.clean(html), source
        assert richtext.text_of(richtext.clean(entry.html)) == richtext.text_of(html)


@pytest.mark.parametrize("feed", FORMATS)
def test_pictures_of_ours_lead_to_us(round_trip, minji, feed):
    picture = store_picture(uploader=minji, upload=picture_upload(), is_inline=True)
    entry, html = round_trip(feed, "사진", f'<p>꽃</p><img src="{picture.url}" alt="꽃">')
    address = f"{SITE}/files/{picture.pk}/picture/"
    assert entry.picture.address == address
    assert f'src="{address}"' in richtext.clean(entry.html) == richtext.clean(html)


@pytest.mark.parametrize("feed", FORMATS)
def test_a_collected_article_of_ours_names_its_origin(round_trip, board, minji, feed):
    """The origin of the text is named, and no other address of this site."""
    write_post(
        author=minji,
        board=board,
        subject="기사",
        source="<p>앞부분</p>",
        origin="https://paper.example/news/1",
    )
    assert round_trip.read(feed).address == f"{SITE}/free/1/"


@pytest.mark.parametrize("feed", FORMATS)
@pytest.mark.parametrize(
    ("amount", "html"), [("excerpt", "벚꽃이 &lt;활짝&gt; &amp; 피었습니다."), ("title", "")]
)
def test_feeds_without_the_whole_text(round_trip, board, minji, feed, amount, html):
    board.feed_text = amount
    board.save()
    source = "<p>벚꽃이 &lt;활짝&gt; &amp;</p><p>피었습니다.</p>"
    write_post(author=minji, board=board, subject="글", source=source)
    entry = round_trip.read(feed)
    assert entry.title == "글"
    assert richtext.clean(entry.html).removeprefix("<p>").removesuffix("</p>") == html
