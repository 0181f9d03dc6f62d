"""Parsing feeds into entries: `feeds/` contains whole feeds, the tables here details."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from collector.reading.entries import Entry, Picture
from tests.collector.written_feeds import only, read, rss, sample

SEED = "중국 AI, 저비용으로 미국을 따라잡다 [PADO]"
SIX_IN_SEOUL = datetime(2025, 1, 31, 21, 1, tzinfo=UTC)


# -- formats ---------------------------------------------------------------------------------------
def test_rss_091():
    first, second = sample("rss091.xml")
    assert first == Entry(
        guid="https://paper.example/news/1",
        address="https://paper.example/news/1",
        title=SEED,
        html="추론 모델을 둘러싼 경쟁.",
        summary="추론 모델을 둘러싼 경쟁.",
        author="",
        published_at=None,
        picture=None,
        language="ko",
    )
    assert second.title == "「두 번째」 기사"
    assert second.html == second.summary == ""


def test_rss_10():
    [entry] = sample("rss10.xml")
    assert entry == Entry(
        guid="https://paper.example/news/1",
        address="https://paper.example/news/1",
        title=SEED,
        html="<p>추론 모델이 <b>공개</b>됐다.</p>",
        summary="추론 모델을 둘러싼 경쟁.",
        author="김동규",
        published_at=SIX_IN_SEOUL,
        picture=None,
    )


def test_rss_20():
    first, second = sample("rss20.xml")
    assert first.guid == "tag:paper.example,2025:1"
    assert first.address == "https://paper.example/news/1"
    assert first.title == SEED
    assert (
        first.html
        == (
            '<p>‘추론 모델’이 “공개”됐다.<br /><img src="https://paper.example/photo/1.jpg"'
            ' alt="/로이터=뉴스1"></p>\n<p><a href="https://paper.example/news/2#%EB%81%9D">다음 기사</a>'
            ' &amp; <a href="mailto:minji@paper.example">편지</a></p>\n'
        ).rstrip()
        + "\n"
    )
    assert first.summary == "추론 모델을 둘러싼 경쟁."
    assert first.author == "김동규 PADO 편집장"
    assert first.published_at == SIX_IN_SEOUL
    assert first.picture == Picture("https://paper.example/photo/lead.jpg")
    assert second.address == second.guid == "https://paper.example/news/2"
    assert second.summary == "글만 있는 기사."
    assert second.picture == Picture("https://paper.example/photo/2.png")
    assert second.author == ""


def test_atom_10():
    first, second = sample("atom10.xml")
    assert first.guid == "urn:1"
    assert first.address == "https://paper.example/blog/1.html"
    assert first.title == "중국 AI & 미국 <PADO>"
    assert first.html == (
        '<p>추론<br>모델 <a href="https://paper.example/blog/1/2.html">둘</a>'
        ' <img src="https://paper.example/blog/p.jpg"></p>'
    )
    assert first.summary == "요약 1 < 2"
    assert first.author == "편집부"
    assert first.published_at == SIX_IN_SEOUL
    assert first.picture == Picture("https://paper.example/blog/p.jpg")
    assert second.title == "A &amp; B <b>"
    assert second.html == "<p>글 첫 줄<br>둘째 줄</p>"
    assert second.author == "김민지, 이준호"
    assert second.published_at == datetime(2025, 2, 1, 6, 1, tzinfo=UTC)


def test_atom_03():
    [entry] = sample("atom03.xml")
    assert entry.title == SEED
    assert entry.guid == "tag:paper.example,2025:1"
    assert entry.html == "<p>추론 모델이 공개됐다.</p>"
    assert entry.published_at == SIX_IN_SEOUL


def test_a_channel_of_videos():
    [entry] = sample("videos.xml")
    assert entry.title == "바다 영상"
    assert entry.summary == "파도 소리를 담았습니다."
    assert entry.picture == Picture("https://i.ytimg.com/vi/abc/hqdefault.jpg")
    assert entry.address == "https://www.youtube.com/watch?v=abc"


def test_json_feed_11():
    first, second = sample("feed11.json")
    assert first == Entry(
        guid="1",
        address="https://paper.example/news/1",
        title="중국 AI &amp; 미국 [PADO] <기생충>",
        html='<p>추론 모델이 <a href="https://paper.example/a">공개</a>됐다.</p>',
        summary="추론 모델을 둘러싼 경쟁.",
        author="김민지, 이준호",
        published_at=SIX_IN_SEOUL,
        picture=Picture("https://paper.example/photo/1.jpg"),
    )
    assert second.guid == "2"
    assert second.title == "제목이 없는 짧은 글입니다. 둘째 줄 1 < 2"
    assert second.html == "<p>제목이 없는 짧은 글입니다.<br>둘째 줄 1 &lt; 2</p>"
    assert second.author == "편집부"


def test_json_feed_10():
    [entry] = sample("feed10.json")
    assert entry.address == "https://other.example/1"
    assert entry.author == "편집부"
    assert entry.published_at == datetime(2025, 2, 1, 6, 1, tzinfo=UTC)


# -- charsets --------------------------------------------------------------------------------------
KOREAN = rss("<title>「똠방각하」와 ‘펲시’ 샾</title>", head='<?xml version="1.0"{}?>')
NAMED = ' encoding="{}"'


@pytest.mark.parametrize(
    ("written", "declared", "header"),
    [
        ("cp949", "euc-kr", "text/xml"),
        ("cp949", "EUC-KR", "text/xml; charset=EUC-KR"),
        ("cp949", "ks_c_5601-1987", "text/xml"),
        ("cp949", "", "text/xml; charset=ms949"),
        ("cp949", "", "text/xml"),
        ("cp949", "", ""),
        ("cp949", "utf-8", "text/xml"),
        ("cp949", "utf-8", "text/xml; charset=utf-8"),
        ("cp949", "", "text/xml; charset=ISO-8859-1"),
        ("cp949", "no-such-charset", 'text/xml; charset="nor=this'),
        ("utf-8", "euc-kr", "text/xml; charset=euc-kr"),
        ("utf-8", "", "text/xml; charset=ISO-8859-1"),
        ("utf-8", "", "text/xml"),
        ("utf-8", "utf-7", "text/xml; charset=utf-7"),
        ("utf-8-sig", "euc-kr", "text/xml; charset=euc-kr"),
        ("utf-8-sig", "", "application/octet-stream"),
        ("utf-16", "utf-16", "text/xml"),
        ("utf-16-le", "", "text/xml"),
        ("utf-32", "", "text/xml"),
    ],
)
def test_text_is_decoded_whatever_charset_is_declared(written, declared, header):
    text = KOREAN.format(NAMED.format(declared) if declared else "")
    feed = read(text.encode(written), header)
    assert feed.title == "신문"
    assert [entry.title for entry in feed.entries] == ["「똠방각하」와 ‘펲시’ 샾"]


def test_one_broken_byte_costs_one_character():
    for charset, broken in (("utf-8", "샾".encode()[:2]), ("cp949", b"\xff")):
        body = (
            KOREAN.format(NAMED.format(charset))
            .encode(charset)
            .replace("샾".encode(charset), broken)
        )
        [entry] = read(body).entries
        assert entry.title == "「똠방각하」와 ‘펲시’ \ufffd"


def test_a_few_syllables_in_the_declared_charset():
    # 청 is C3 BB in EUC-KR, which UTF-8 reads as û.
    body = '<?xml version="1.0" encoding="euc-kr"?><rss><channel><item><title>청</title></item>'
    [entry] = read((body + "</channel></rss>").encode("cp949"), "text/xml").entries
    assert entry.title == "청"


def test_other_languages_in_their_declared_charset():
    body = rss("<title>Café à Noël</title>", head='<?xml version="1.0" encoding="ISO-8859-1"?>')
    body = body.replace("신문", "Le journal")
    [entry] = read(body.encode("latin-1"), "text/xml").entries
    assert entry.title == "Café à Noël"


# -- titles ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("A &amp; B", "A & B"),
        ("A & B, AT&T, R&D", "A & B, AT&T, R&D"),
        ("A &amp;amp; B", "A & B"),
        ("A &amp;amp;amp; B", "A &amp; B"),
        ("ⓒ 머니투데이 amp; mt.co.kr", "ⓒ 머니투데이 amp; mt.co.kr"),
        ("amp;quot;그대로amp;quot;", "amp;quot;그대로amp;quot;"),
        ("<![CDATA[A & B &amp; C]]>", "A & B & C"),
        ("<![CDATA[[속보] ‘하나’ “둘”]]>", "[속보] ‘하나’ “둘”"),
        ("「가」『나』〈다〉《라》【마】[바] {사}", "「가」『나』〈다〉《라》【마】[바] {사}"),
        ("&quot;말&quot; 'x' &#39;y&#39; &#8216;z&#8217;", "\"말\" 'x' 'y' ‘z’"),
        ("&lsquo;가&rsquo; &amp;ldquo;나&amp;rdquo; &hellip;", "‘가’ “나” …"),
        ("&middot;&nbsp;점 &unknown; &#xD55C;&#54620;", "· 점 &unknown; 한한"),
        ("&lt;기생충&gt; 1 &lt; 2 &gt; 0", "<기생충> 1 < 2 > 0"),
        ("&lt;The Room&gt; 다시 보기", "<The Room> 다시 보기"),
        ("&lt;A&gt;등급과 &lt;S&gt;등급", "<A>등급과 <S>등급"),
        ("<기생충> 그대로 1 < 2", "<기생충> 그대로 1 < 2"),
        ("&lt;b&gt;굵게&lt;/b&gt; &lt;font color='red'&gt;빨강&lt;/font&gt;", "굵게 빨강"),
        ("<b>굵게</b> <i>기울게</i>", "굵게 기울게"),
        ("<![CDATA[<strong class=x>굵게</strong><br/>둘째 줄]]>", "굵게 둘째 줄"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("\n   여러\n   줄의\t제목  ", "여러 줄의 제목"),
        ("전각\u3000빈칸", "전각\u3000빈칸"),
        ("보이지\u200b않는\u202e것 \x00\x08\x1b&#0;&#8;&#x1b;끝", "보이지않는것 끝"),
        ("가족 👨‍👩‍👧 국기 🇰🇷", "가족 👨‍👩‍👧 국기 🇰🇷"),
        ("&#1114112; &#xD800; &#55555555555;", "&#55555555555;"),
    ],
)
def test_a_title_keeps_its_punctuation(written, title):
    assert only(f"<title>{written}</title><guid>1</guid>").title == title


@pytest.mark.parametrize("ending", ["</title>", "]]></title>"])
def test_a_title_of_ten_megabytes_is_cut(ending):
    opening = "<title><![CDATA[" if "]]" in ending else "<title>"
    long = rss(f"{opening}{'긴 제목 ' * 800_000}{ending}<guid>1</guid>", "<title>둘</title>")
    assert len(long.encode()) > 8_000_000
    began = time.thread_time()
    first, second = read(long).entries
    assert time.thread_time() - began < 10
    assert len(first.title) <= 255
    assert first.title.startswith("긴 제목 긴 제목")
    assert first.title.endswith("…")
    assert second.title == "둘"


def test_without_a_title_the_text_begins_it():
    assert only("<description>첫 문장입니다.</description>").title == "첫 문장입니다."
    assert only("<link>https://paper.example/1</link>").title == "https://paper.example/1"
    long = f"https://paper.example/{'a' * 500}"
    assert only(f"<link>{long}</link>").title == f"{long[:254]}…"
    assert read(rss("<pubDate>Sat, 01 Feb 2025 06:01:00 +0900</pubDate>", "")).entries == []


# -- which is which --------------------------------------------------------------------------------
def test_without_a_guid_the_address_is_it():
    entry = only("<title>가</title><link>HTTPS://Paper.example/1?utm_source=x</link>")
    assert entry.guid == entry.address == "https://paper.example/1"


def test_without_guid_and_address_title_and_date_are_hashed():
    date = "<pubDate>Sat, 01 Feb 2025 06:01:00 +0900</pubDate>"
    guids = {
        only(item).guid
        for item in (
            "<title>가</title>",
            "<title>나</title>",
            f"<title>가</title>{date}",
            f"<title>가</title>{date}<description>글이 바뀌어도 같다</description>",
        )
    }
    assert len(guids) == 3
    assert all(guid.startswith("sha256:") for guid in guids)


def test_a_guid_that_is_a_number_is_no_address():
    entry = only("<title>가</title><guid>7</guid>")
    assert (entry.guid, entry.address) == ("7", "")


def test_long_guids_stay_apart():
    items = [f"<title>가</title><guid isPermaLink='false'>{'x' * 600}{n}</guid>" for n in (1, 2)]
    first, second = (entry.guid for entry in read(rss(*items)).entries)
    assert first != second
    assert len(first) <= 500


def test_the_same_guid_twice_is_one_entry():
    items = [f"<title>{title}</title><guid>n1</guid>" for title in ("새", "옛")]
    assert [entry.title for entry in read(rss(*items)).entries] == ["새"]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("<link>/news/1</link>", "https://paper.example/news/1"),
        (
            "<link>\n  https://paper.example/1?a=1&b=2&amp;c=3\n</link>",
            "https://paper.example/1?a=1&b=2&c=3",
        ),
        (
            "<link><![CDATA[https://paper.example/1?a=1&b=2]]></link>",
            "https://paper.example/1?a=1&b=2",
        ),
        ("<link>https://paper.example/기사</link>", "https://paper.example/%EA%B8%B0%EC%82%AC"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>https://u:p@paper.example/1</link>", ""),
        (f"<link>https://paper.example/{'a' * 1500}</link>", ""),
        ("<guid isPermaLink='false'>https://paper.example/7</guid>", ""),
        ("<guid>https://paper.example/7</guid>", "https://paper.example/7"),
        (
            "<link>https://proxy.example/1</link><feedburner:origLink>https://paper.example/1</feedburner:origLink>",
            "https://paper.example/1",
        ),
    ],
)
def test_an_address_is_absolute_and_canonical(link, address):
    assert only(f"<title>가</title>{link}").address == address


# -- dates -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    [
        "Sat, 01 Feb 2025 06:01:00 +0900",
        "Sat, 01 Feb 2025 06:01:00 KST",
        "Sat, 01 Feb 2025 06:01:00 +0900 (KST)",
        "Sat Feb 01 06:01:00 KST 2025",
        "Fri, 31 Jan 2025 21:01:00 GMT",
        "Fri, 31 Jan 2025 21:01:00 -0000",
        "Fri, 31 Jan 2025 16:01:00 EST",
        "Sat, 1 Feb 2025 06:01:00",
        "토, 01 2월 2025 06:01:00 +0900",
        "토, 1 2월 2025 06:01:00 KST",
        "2025-02-01T06:01:00+09:00",
        "2025-01-31T21:01:00Z",
        "2025-01-31T21:01:00.000Z",
        "2025-02-01T06:01",
        "2025-02-01 06:01:00",
        "2025-02-01 06:01:00.0",
        "2025-02-01 06:01:00 KST",
        "2025/02/01 06:01",
        "2025.02.01 06:01",
        "2025.2.1. 오전 6:01",
        "2025. 2. 1. 오전 6:01:00",
        "2025년 2월 1일 오전 6시 1분",
        "2025년 02월 01일 (토) 06:01",
        "20250201060100",
    ],
)
def test_a_date_is_read_as_korean_sites_write_it(written):
    assert only(f"<title>가</title><pubDate>{written}</pubDate>").published_at == SIX_IN_SEOUL


@pytest.mark.parametrize(
    "written",
    [
        "",
        "어제",
        "2025",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Sat, 31 Dec 1994 00:00:00 +0000",
        "Thu, 01 Jan 2099 00:00:00 +0000",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2025-02-30T06:01:00Z",
        "2025-13-01 06:01",
        "99999999999999999999",
        "Sat, 01 Feb 2025 06:01:00 +99999999",
        "1" * 100_000,
        "토, " * 10_000,
    ],
)
def test_an_invalid_date_is_none(written):
    assert only(f"<title>가</title><pubDate>{written}</pubDate>").published_at is None


def test_a_date_may_be_a_day_ahead_and_no_more():
    def published(hours: int):
        at = (timezone.now() + timedelta(hours=hours)).isoformat()
        return only(f"<title>가</title><pubDate>{at}</pubDate>").published_at

    assert published(23)
    assert published(25) is None


def test_a_valid_date_is_preferred():
    dates = "<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate><dc:date>2025-02-01T06:01:00+09:00</dc:date>"
    assert only(f"<title>가</title>{dates}").published_at == SIX_IN_SEOUL


# -- bodies ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "html"),
    [
        ('<a href="b">x</a>', '<a href="https://paper.example/news/b">x</a>'),
        ("<A HREF=/b TARGET=_top>x</A>", '<a href="https://paper.example/b" target="_top">x</A>'),
        ('<a href="#둘">x</a>', '<a href="https://paper.example/news/1#%EB%91%98">x</a>'),
        (
            '<a href="/b?a=1&amp;utm_source=x&amp;c=2">x</a>',
            '<a href="https://paper.example/b?a=1&amp;c=2">x</a>',
        ),
        ('<a href="javascript:alert(1)" title="가">x</a>', '<a title="가">x</a>'),
        ('<a href="tel:021234">x</a>', '<a href="tel:021234">x</a>'),
        ('<img src="//cdn.example/p.jpg">', '<img src="https://cdn.example/p.jpg">'),
        ('<img src="p.jpg" srcset="a 1x">', '<img src="https://paper.example/news/p.jpg">'),
        (
            '<img src="data:image/gif;base64,R0" data-src="/p.jpg">',
            '<img src="https://paper.example/p.jpg" data-src="/p.jpg">',
        ),
        ('가<img src="/c.gif" width="1" height="1">나', "가나"),
        ("가<img width=0 src=/c.gif>나", "가나"),
        ('가<img src="/c.gif" style="width:1px;height:1px">나', "가나"),
        ('가<img src="/c.gif" style="display: none">나', "가나"),
        ('가<img src="https://pixel.wp.com/b.gif?x">나', "가나"),
        ('가<img src="javascript:alert(1)">나<img>', "가나"),
        (
            '<img src="/p.jpg" width="100" alt="「가」 &amp; &quot;나&quot;">',
            '<img src="https://paper.example/p.jpg" width="100" alt="「가」 &amp; &quot;나&quot;">',
        ),
        (
            '<iframe src="/v"></iframe><video poster=/p.jpg><source src=v.mp4></video>',
            '<iframe src="https://paper.example/v"></iframe><video poster="https://paper.example/p.jpg">'
            '<source src="https://paper.example/news/v.mp4"></video>',
        ),
        ("「가」 ‘나’ amp; &amp;amp; [다] 1 < 2", "「가」 ‘나’ amp; &amp;amp; [다] 1 < 2"),
        (
            "<p title='a>b'>x</p><!-- <img src=p.jpg> -->",
            "<p title='a>b'>x</p><!-- <img src=p.jpg> -->",
        ),
    ],
)
def test_a_body_is_given_as_it_came_with_absolute_links(written, html):
    link = "<title>가</title><link>https://paper.example/news/1</link>"
    assert only(f"{link}<description><![CDATA[{written}]]></description>").html == html


def test_the_text_of_thousands_of_links_stays():
    body = "".join(f"<a href='/{n}'>{n}</a> " for n in range(3000))
    html = only(f"<title>가</title><description><![CDATA[{body}]]></description>").html
    assert html.count("href=") == 300
    assert html.endswith(" 2999</a>")


def test_an_unescaped_body():
    entry = only(
        "<title>가</title><description><p>하나<br>둘 & <b>셋</b>&nbsp;<img src='/p.jpg'></p></description>"
    )
    assert (
        entry.html == '<p>하나<br>둘 &amp; <b>셋</b>\xa0<img src="https://paper.example/p.jpg"></p>'
    )
    assert entry.summary == "하나 둘 & 셋"


def test_links_follow_xml_base():
    item = (
        '<title>가</title><link>https://paper.example/1</link><description xml:base="https://cdn.example/x/">'
        "&lt;img src='p.jpg'&gt;</description>"
    )
    assert only(item).picture == Picture("https://cdn.example/x/p.jpg")


def test_a_summary_ends_with_a_sentence_or_a_word():
    def summary(text: str) -> str:
        return only(f"<title>가</title><description>{text}</description>").summary

    assert summary("짧은 글.") == "짧은 글."
    assert summary("가" * 300) == "가" * 300
    sentence = "이것은 한 문장입니다. "
    assert summary(sentence * 60).endswith("한 문장입니다. …")
    assert summary("낱말이 " * 200).endswith("낱말이…")
    assert summary("가" * 293 + " 3.14159265").endswith("가…")
    assert summary("가" * 400) == "가" * 298 + "…"
    for text in (sentence * 60, "낱말이 " * 200, "“말이다.” " * 100, "👨‍👩‍👧" * 400):
        assert 190 <= len(summary(text)) <= 300


def test_a_summary_has_no_markup_scripts_or_comments():
    text = (
        "<style>p{}</style><script>if(1<2){}</script><p>하나</p><p>둘</p><!-- 셋 -->&amp;lt;넷&gt;"
    )
    entry = only(f"<title>가</title><description><![CDATA[{text}]]></description>")
    assert entry.summary == "하나 둘 &lt;넷>"


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("<author>kim@paper.example (김민지 기자)</author>", "김민지 기자"),
        ("<author>kim@paper.example</author>", ""),
        ("<dc:creator>김민지 기자 kim@paper.example</dc:creator>", "김민지 기자"),
        ("<dc:creator>&lt;b&gt;김&amp;이</dc:creator>", "<b>김&이"),
        (f"<dc:creator>{'김' * 100}</dc:creator>", "김" * 59 + "…"),
        (f"<dc:creator>{'a.' * 100_000}</dc:creator>", ("a." * 30)[:59] + "…"),
    ],
)
def test_an_author_is_a_name(written, author):
    assert only(f"<title>가</title>{written}").author == author


# -- pictures and languages ------------------------------------------------------------------------
LEAD_PHOTO = "https://paper.example/p.jpg"
OF_MEDIA = f'<media:content url="{LEAD_PHOTO}" medium="image"{{}}'


@pytest.mark.parametrize(
    ("written", "caption", "credit"),
    [
        (OF_MEDIA.format("/>"), "", ""),
        (
            OF_MEDIA.format("><media:description>항구의 새벽</media:description></media:content>"),
            "항구의 새벽",
            "",
        ),
        (
            OF_MEDIA.format("><media:description>항구 /뉴스1</media:description></media:content>"),
            "항구",
            "뉴스1",
        ),
        (
            OF_MEDIA.format("><media:title type='plain'>항구</media:title></media:content>"),
            "항구",
            "",
        ),
        (
            OF_MEDIA.format(
                "><media:credit role='photographer'>김민지</media:credit></media:content>"
            ),
            "",
            "김민지",
        ),
        (
            OF_MEDIA.format(
                "/><media:description>항구</media:description><media:credit>사진=로이터</media:credit>"
            ),
            "항구",
            "로이터",
        ),
        (
            OF_MEDIA.format(
                "><media:title>&lt;항구&gt; &amp;amp; 배</media:title></media:content>"
            ),
            "<항구> & 배",
            "",
        ),
        (
            OF_MEDIA.format(
                "><media:description>하나</media:description><media:description>둘</media:description></media:content>"
            ),
            "하나",
            "",
        ),
    ],
)
def test_caption_and_credit_in_a_feed(written, caption, credit):
    entry = only(f"<title>가</title><description>글이다.</description>{written}")
    assert entry.picture == Picture(LEAD_PHOTO, caption, credit)
    assert (entry.title, entry.html) == ("가", "글이다.")


def test_caption_and_credit_in_the_text():
    figure = '<figure><img src="/p.jpg"><figcaption>항구 <cite>뉴스1</cite></figcaption></figure><p>글이다.</p>'
    given = f"<title>가</title><link>https://paper.example/1</link><description><![CDATA[{figure}]]></description>"
    assert only(given).picture == Picture(LEAD_PHOTO, "항구", "뉴스1")
    assert only(given + OF_MEDIA.format("/>")).picture == Picture(LEAD_PHOTO, "항구", "뉴스1")
    other = given + OF_MEDIA.format("/>").replace("p.jpg", "q.jpg")
    assert only(other).picture == Picture("https://paper.example/q.jpg")
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "1", "url": "https://paper.example/1", "content_html": figure}],
    }
    [entry] = read(json.dumps(feed)).entries
    assert entry.picture == Picture(LEAD_PHOTO, "항구", "뉴스1")


def test_an_avatar_is_no_lead_picture():
    face = OF_MEDIA.format("/>").replace(LEAD_PHOTO, "https://1.gravatar.com/avatar/x")
    assert only(f"<title>가</title>{face}").picture is None
    assert only(f"<title>가</title>{face}{OF_MEDIA.format('/>')}").picture == Picture(LEAD_PHOTO)


def test_a_videos_description_is_its_text():
    [entry] = sample("videos.xml")
    assert "파도 소리" in entry.html
    assert entry.picture.caption == ""


@pytest.mark.parametrize(
    ("feed", "language"),
    [
        (rss("<title>가</title>"), ""),
        (
            rss("<title>가</title>").replace(
                "<title>신문", "<language>ko-KR</language><title>신문"
            ),
            "ko-kr",
        ),
        (
            rss("<title>가</title>").replace(
                "<title>신문", "<dc:language>ko</dc:language><title>신문"
            ),
            "ko",
        ),
        (rss("<title>가</title>").replace("<rss", '<rss xml:lang="en"'), "en"),
        (rss('<title xml:lang="ja">가</title>').replace("<rss", '<rss xml:lang="en"'), "ja"),
        (
            rss("<title>가</title>").replace(
                "<title>신문", "<language>한국말</language><title>신문"
            ),
            "",
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko"><entry><title>가</title></entry></feed>',
            "ko",
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:lang="ko_KR"><title>가</title></entry></feed>',
            "ko-kr",
        ),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "language": "ko", "items": [{"id": "1", "title": "가"}]}',
            "ko",
        ),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "가", "language": "en"}]}',
            "en",
        ),
    ],
)
def test_the_language_of_an_entry(feed, language):
    [entry] = read(feed).entries
    assert entry.language == language
