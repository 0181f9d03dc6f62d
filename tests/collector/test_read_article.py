"""Parsing the pages of articles: `articles/` contains whole pages, the tables here details."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from boardsite.text import richtext
from collector.reading.articles import NotAnArticle, completed
from collector.reading.captions import parted
from collector.reading.entries import Entry, Picture
from tests.collector.written_pages import ADDRESS, ARTICLES, LEAD, TEXT, page, read, sample, shown


# -- whole pages -----------------------------------------------------------------------------------
def test_an_article_of_a_paper():
    entry = sample("seed.html")
    assert entry.title == "너울골 등대, 적은 전기로 먼 바다를 비추다 [파도]"
    assert entry.guid == entry.address == ADDRESS
    assert entry.author == "김소라 파도 편집장"
    assert entry.published_at == datetime(2025, 1, 31, 21, 1, tzinfo=UTC)
    assert entry.language == "ko"
    assert entry.picture == Picture(
        "https://paper.example/photo/2025/lighthouse.jpg", "새벽 너울골 등대.", "로이터=뉴스1"
    )
    assert entry.summary.startswith("[편집자주] 올겨울 동해안의")
    assert entry.summary.endswith("…")
    assert "로이터" not in entry.summary


def test_its_text_is_kept_to_the_character():
    text = shown(sample("seed.html"))
    for words in (
        'n1"엔원"으로 읽음이라 불리는 이 등은 ‘물결의 흐름’chain of waves을 따라',
        "여러 각도를 시험한 뒤 “가장 먼 빛”을 찾는다.",
        "갈매기&등대는 R&D 끝에",
        "밝기는 3 < 4, 값은 5 > 2다.",
        "「등대지기의 밤」과 『바다의 책』, 〈물결〉, 《너울》이",
        '"비춘다는 것은 무엇인가, 묻고 바라본다는 것은 무엇인가"라는',
        "도면을 내놓았다…",
        "바다·문예 잡지 파도는",
    ):
        assert words in text
    assert text.rstrip().endswith("작은 선물이 되고자 합니다.")


def test_clutter_is_removed():
    text = shown(sample("seed.html"))
    for words in "관련기사 새우깡 일기에 끔찍한 개미들 sora.kim ⓒ amp; 무단 광고 카카오톡 많이 회사명".split():
        assert words not in text


def test_tracking_and_relative_addresses_of_a_page():
    html = sample("seed.html").html
    assert 'href="https://wave.example/"' in html
    assert 'src="https://paper.example/photo/2025/lighthouse.jpg"' in html
    assert "utm_" not in html
    assert "pixel" not in html


def test_a_page_laid_out_with_tables_in_the_charset_of_old():
    entry = sample("table_cp949.html", "https://hanbit.example/n/view.php?no=9")
    assert entry.title == "똠방마을 펲시 샾, 40년 만에 문 닫는다"
    assert entry.author == "박찬결 기자"
    assert entry.published_at == datetime(2026, 11, 24, 6, 5, tzinfo=UTC)
    assert entry.picture == Picture(
        "https://hanbit.example/photo/shop.jpg", "40년을 지킨 샾의 간판.", "한빛일보 자료"
    )
    assert entry.summary.startswith("똠방마을 어귀의 작은 샾이")
    assert "https://hanbit.example/n/sign.html#here" in entry.html
    text = shown(entry)
    assert "‘펲시’라는 이름은" in text
    assert "제보를 기다린다는 뜻이기도 하다." in text
    for words in ("어제의", "정치", "chan@", "저작권자", "기사입력"):
        assert words not in text


@pytest.mark.parametrize(
    "header", ["text/html; charset=utf-8", "text/html; charset=ISO-8859-1", ""]
)
def test_text_is_decoded_whatever_the_header_declares(header):
    body = (ARTICLES / "table_cp949.html").read_bytes()
    assert "똠방마을 펲시 샾" in read(body, header).title
    other = body.decode("cp949").encode()  # its <meta> still declares euc-kr
    assert read(other, header).title == read(body, header).title


def test_the_text_of_a_blog_is_unchanged():
    entry = sample("blog.html", "https://blog.example/2026/kite/")
    assert entry.title == "겨울 바다에서 연 날리기"
    assert entry.author == "소금빛"
    assert entry.published_at == datetime(2026, 11, 20, 13, 15, 30, tzinfo=UTC)
    assert entry.language == "ko-kr"
    assert entry.picture == Picture(
        "https://blog.example/up/kite.webp", "모래밭 위의 빨간 연", "소금빛"
    )
    for html in (
        "<h2>준비물</h2>\n<ul><li>대나무 살 &amp; 한지</li>",
        "<code>70 &lt; 80℃</code>",
        "<blockquote><p>“바람은 빌려 쓰는 것이다.” — 할아버지</p></blockquote>",
        "<pre>if wind &gt; 5:\n    fly()   # 'let it go'</pre>",
        "<tr><td>일</td><td></td></tr>",
        'src="https://www.youtube.com/embed/dQw4w9WgXcQ"',
        'href="https://blog.example/2026/2026/waves/?page=2"',
    ):
        assert html in entry.html
    for words in ("댓글", "예쁩니다", "공유", "해파리"):
        assert words not in entry.html


def test_a_page_rendered_by_scripts_is_read_from_its_metadata():
    entry = sample("json_ld.html", "https://econ.example/a/1")
    assert entry.title == '"배 한 척 값"…너울골 김 수출 1조 & 그 뒤'
    assert entry.author == "이준호, 김민지"
    assert entry.published_at == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert entry.picture == Picture("https://econ.example/img/kim.jpg")
    assert "<p>어민들은 “배 한 척 값이 김 한 상자에서 나온다”고 말했다. 3 &lt; 5라는" in entry.html


def test_an_amp_page():
    entry = sample("amp.html", "https://m.hanbit.example/amp/77")
    assert entry.address == "https://www.hanbit.example/view/77"
    assert entry.title == "첫눈 내린 너울골"
    assert entry.author == "정하늘·김민지 기자"
    assert entry.picture.address == "https://m.hanbit.example/photo/snow.jpg"
    assert entry.picture.credit == "너울골시"
    assert entry.summary.startswith("너울골에 올해 첫눈이 내렸다.")
    assert '<img src="https://m.hanbit.example/photo/snow.jpg"' in entry.html
    assert shown(entry).endswith("시장 상인들은 장작을 나누어 피웠다.")


def test_a_front_page_is_no_article():
    with pytest.raises(NotAnArticle, match="본문을 찾지 못했습니다"):
        sample("front.html")


# -- punctuation -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("“큰” ‘작은’ \"곧은\" 'x'", "“큰” ‘작은’ \"곧은\" 'x'"),
        (
            "&ldquo;큰&rdquo; &lsquo;작은&rsquo; &quot;곧은&quot; &#39;x&#39;",
            "“큰” ‘작은’ \"곧은\" 'x'",
        ),
        ("가·나ㆍ다 … ㅡ — – ~ ∼", "가·나ㆍ다 … ㅡ — – ~ ∼"),
        ("&middot; &hellip; &mdash; &#8213;", "· … — ―"),
        (
            "[PADO] (괄호) {중} 「가」『나』〈다〉《라》【마】",
            "[PADO] (괄호) {중} 「가」『나』〈다〉《라》【마】",
        ),
        ("&lt;기생충&gt; 1 &lt; 2 &gt; 0", "<기생충> 1 < 2 > 0"),
        ("AT&T R&D Q&A &amp; a&b=1", "AT&T R&D Q&A & a&b=1"),
        ("&amp;amp; &amp;quot;", "&amp; &quot;"),
        ("amp; quot; nbsp;", "amp; quot; nbsp;"),
        ("&#xD55C;&#54620; &unknown;", "한한 &unknown;"),
        ("㎡ ㎞ ℃ ½ № ™ ㈜ Ⅲ ①", "㎡ ㎞ ℃ ½ № ™ ㈜ Ⅲ ①"),
        ("株式 漢字 ｶﾀｶﾅ ＡＢＣ", "株式 漢字 ｶﾀｶﾅ ＡＢＣ"),
        ("👨‍👩‍👧 🇰🇷 é ñ", "👨‍👩‍👧 🇰🇷 é ñ"),
        ("값이 1,000원→900원(10%↓)", "값이 1,000원→900원(10%↓)"),
        ("<b>굵게</b><i>기울게</i> H<sub>2</sub>O", "굵게기울게 H2O"),
        ("ㄱㄴㄷ 똠방각하 펲시 ㅋㅋ", "ㄱㄴㄷ 똠방각하 펲시 ㅋㅋ"),
    ],
)
def test_punctuation_survives(written, words):
    entry = read(page(f"<p>{LEAD}</p><p>처음 {written} 끝이다.</p>"))
    assert shown(entry) == f"{LEAD}\n처음 {words} 끝이다."
    again = read(page(richtext.clean(entry.html)))
    assert shown(again) == shown(entry)
    titled = read(
        page(head=f'<meta property="og:title" content="{written.replace(chr(34), "&quot;")}">')
    )
    if "&amp;" not in written and "<b>" not in written:
        assert titled.title == words


def test_an_article_is_cleaned_like_a_members_post():
    attack = (
        '<script>alert(1)</script><p onclick="x()">글<img src="/a.jpg" onerror="x()"></p>'
        '<a href="javascript:x()">링크</a><form action="/x"><input></form><svg><script>x</script></svg>'
    )
    html = richtext.clean(read(page(TEXT + attack)).html)
    for bad in ("script", "onclick", "onerror", "<form", "<svg"):
        assert bad not in html


# -- what the page says of itself ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>첫눈이 왔다 - 너울골신문</title>", "<h1>첫눈이 왔다</h1>", "첫눈이 왔다"),
        (
            "<title>첫눈이 왔다 | 너울골신문</title><meta property=og:site_name content=너울골신문>",
            "",
            "첫눈이 왔다",
        ),
        (
            "<title>너울골신문 :: 첫눈이 왔다</title><meta property=og:site_name content=너울골신문>",
            "",
            "첫눈이 왔다",
        ),
        (
            "<meta property=og:title content='A - B - C'><title>A - B - C : 한빛</title>",
            "",
            "A - B - C",
        ),
        (
            "<meta property=og:title content='&amp;quot;말&amp;quot; &lt;영화&gt;'>",
            "",
            '"말" <영화>',
        ),
        ("<title>첫눈이 왔다-너울골신문</title>", "", "첫눈이 왔다-너울골신문"),
        (
            "<title>너울골신문이 첫눈을 맞다</title><meta property=og:site_name content=너울골신문>",
            "",
            "너울골신문이 첫눈을 맞다",
        ),
        ("", "<h1>첫눈이 왔다</h1>", "첫눈이 왔다"),
        ("", "", LEAD + " 아이들은 학교 운동장으로 쏟아져 나왔다."),
        (f"<title>{'긴 제목 ' * 100}</title>", "", ("긴 제목 " * 100)[:254].rstrip() + "…"),
    ],
)
def test_a_title_is_without_the_sites_name(head, body, title):
    entry = read(f"<html><head>{head}</head><body>{body}<div itemprop=articleBody>{TEXT}</div>")
    assert entry.title == title


SEVEN = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "body", "moment"),
    [
        ('<meta property="article:published_time" content="2026-11-23T07:00:00+09:00">', "", SEVEN),
        ('<meta property="article:published_time" content="2026-11-23 07:00">', "", SEVEN),
        ('<meta name="pubdate" content="20261123070000">', "", SEVEN),
        ("", '<time datetime="2026-11-22T22:00:00Z">어제</time>', SEVEN),
        ("", '<span itemprop="datePublished" datetime="2026-11-23T07:00">', SEVEN),
        ("", "<p>입력 2026.11.23 07:00 | 수정 2026.11.24 09:00</p>", SEVEN),
        ("", "<p>기사등록 2026/11/23 07:00:00</p>", SEVEN),
        ("", "<p>승인 : 2026년 11월 23일 오전 7:00</p>", SEVEN),
        ("", '<span class="datestamp_time">2026.11.23. 오전 7:00</span>', SEVEN),
        ("", "<p>그는 2024년 3월 1일에 태어났다</p>", None),
        ('<meta property="article:published_time" content="어제">', "", None),
        ('<meta property="article:published_time" content="1970-01-01">', "", None),
        ('<meta property="article:published_time" content="2999-01-01">', "", None),
    ],
)
def test_the_publication_date(head, body, moment):
    entry = read(
        f"<html><head><title>첫눈</title>{head}</head><body>{body}<div id=articleBody>{TEXT}</div>"
    )
    assert entry.published_at == moment


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        ('<meta name="author" content="김민지 기자 minji@paper.example">', "", "김민지 기자"),
        ('<meta property="article:author" content="https://sns.example/paper">', "", ""),
        ('<meta property="og:article:author" content="너울골신문 | 포털">', "", ""),
        (
            '<meta property="og:article:author" content="너울골신문">',
            '<em class="journalist_name">김민지 기자</em>',
            "김민지 기자",
        ),
        ('<meta property="dable:author" content="김민지">', "", "김민지"),
        ("", '<p class="byline">김민지·이준호 기자</p>', "김민지·이준호 기자"),
        ("", '<span itemprop="author">소금빛</span>', "소금빛"),
        (
            "",
            f"<div id=articleBody>{TEXT}<p>김민지 기자 minji@paper.example</p></div>",
            "김민지 기자",
        ),
        ("", f"<div id=articleBody>{TEXT}<p>취재 기자는 이 말을 들었다고 했다.</p></div>", ""),
        (
            "",
            f"<div id=articleBody><p>(너울골=뉴스1) 김민지 기자 = {LEAD}</p></div>",
            "김민지 기자",
        ),
    ],
)
def test_the_author(head, body, author):
    body = body if "articleBody" in body else f"{body}<div id=articleBody>{TEXT}</div>"
    assert read(f"<html><head><title>첫눈</title>{head}</head><body>{body}").author == author


@pytest.mark.parametrize(
    ("head", "address", "known_as"),
    [
        ("", "https://paper.example/1?utm_source=x&id=2", "https://paper.example/1?id=2"),
        (
            '<link rel="canonical" href="/news/1">',
            "https://paper.example/1",
            "https://paper.example/news/1",
        ),
        (
            '<link rel="canonical" href="https://www.paper.example/1">',
            "https://m.paper.example/1",
            "https://www.paper.example/1",
        ),
        (
            '<meta property="og:url" content="https://paper.example/2">',
            "https://paper.example/1",
            "https://paper.example/2",
        ),
        (
            '<link rel="canonical" href="https://other.example/1">',
            "https://paper.example/1",
            "https://paper.example/1",
        ),
        (
            '<link rel="canonical" href="https://a.blogs.example/1">',
            "https://b.blogs.example/1",
            "https://b.blogs.example/1",
        ),
        (
            '<link rel="canonical" href="https://paper.example.evil.example/">',
            "https://paper.example/1",
            "https://paper.example/1",
        ),
        (
            '<link rel="canonical" href="https://paper.example/">',
            "https://paper.example/1",
            "https://paper.example/1",
        ),
        (
            '<link rel="canonical" href="javascript:x()">',
            "https://paper.example/1",
            "https://paper.example/1",
        ),
    ],
)
def test_a_page_may_name_another_of_its_own_site_only(head, address, known_as):
    entry = read(page(head=head), address=address)
    assert entry.guid == entry.address == known_as


@pytest.mark.parametrize(
    ("head", "lang", "language"),
    [
        ("", "ko", "ko"),
        ("", "en-GB", "en-gb"),
        ('<meta property="og:locale" content="ko_KR">', "", "ko-kr"),
        ("", "<script>", ""),
        ("", "", ""),
    ],
)
def test_its_language(head, lang, language):
    lang = lang.replace("<", "&lt;")
    assert read(page(head=head).replace("<html>", f'<html lang="{lang}">')).language == language


# -- pictures --------------------------------------------------------------------------------------
PHOTO = "https://paper.example/p/1.jpg"


@pytest.mark.parametrize(
    ("html", "caption", "credit"),
    [
        (
            "<figure><img src=/p/1.jpg><figcaption>눈 덮인 항구. /로이터=뉴스1</figcaption></figure>",
            "눈 덮인 항구.",
            "로이터=뉴스1",
        ),
        (
            "<figure><img src=/p/1.jpg><figcaption>항구<span class=credit>사진=김민지</span></figcaption></figure>",
            "항구",
            "김민지",
        ),
        (
            "<div class=photo><img src=/p/1.jpg><p class=caption>▲ 항구. [사진=뉴시스]</p></div>",
            "항구.",
            "뉴시스",
        ),
        ("<p><img src=/p/1.jpg></p><p>/로이터=뉴스1</p>", "", "로이터=뉴스1"),
        (
            "<img src=/p/1.jpg><br>▲ 항구의 새벽 (사진=너울골시 제공)<br><br>",
            "항구의 새벽",
            "너울골시 제공",
        ),
        (
            "<table><tr><td><img src=/p/1.jpg></td></tr><tr><td>항구의 새벽</td></tr></table>",
            "항구의 새벽",
            "",
        ),
        (
            "<p><img src=/p/1.jpg></p><p>항구에는 새벽부터 배가 들어왔고 사람들은 불을 피웠다.</p>",
            "",
            "",
        ),
        ("<img data-src=/p/1.jpg src='data:image/gif;base64,x'>", "", ""),
        ("<img srcset='/p/1.jpg 300w, /p/2.jpg 600w'>", "", ""),
        ("<img src=/img/logo.png><img src=/p/0.jpg width=16><img src=/p/1.jpg>", "", ""),
    ],
)
def test_caption_and_credit_of_the_lead_picture(html, caption, credit):
    assert read(page(html + TEXT)).picture == Picture(PHOTO, caption, credit)


def test_a_table_of_one_photograph_is_a_figure():
    table = "<table class=photo><tr><td><img src=/p/1.jpg></td></tr><tr><td>항구. /뉴스1</td></tr></table>"
    html = read(page(table + TEXT)).html
    assert f'<figure><img src="{PHOTO}"><figcaption>항구. /뉴스1</figcaption></figure>' in html
    assert "<table" not in html


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><img src=/p/1.jpg></td><td><img src=/p/2.jpg></td></tr></table>",
        "<table><tr><td>금</td><td><img src=/p/1.jpg></td><td>오름</td></tr></table>",
        f"<table><tr><td><img src=/p/1.jpg><p>{'말 ' * 400}</p></td></tr></table>",
        "<table><tr><td>금</td></tr></table>",
    ],
)
def test_other_tables_stay_tables(table):
    assert "<table" in read(page(table + TEXT)).html


def test_the_picture_in_the_metadata():
    metadata = '<meta property="og:image" content="/p/1.jpg">'
    assert read(page(head=metadata)).picture == Picture(PHOTO)
    outside = '<figure><img src="/p/1.jpg"><figcaption>항구 /뉴스1</figcaption></figure></body>'
    assert read(page(head=metadata).replace("</body>", outside)).picture == Picture(
        PHOTO, "항구", "뉴스1"
    )
    logo = '<meta property="og:image" content="/images/logo_sns.png">'
    assert read(page(head=logo)).picture is None
    assert read(page()).picture is None


@pytest.mark.parametrize(
    ("words", "caption", "credit"),
    [
        ("시장이 발언하고 있다. 2026.11.24/뉴스1", "시장이 발언하고 있다.", "뉴스1"),
        ("회담하고 있다 [로이터=연합뉴스]", "회담하고 있다", "로이터=연합뉴스"),
        ("회담 중이다. AFP 연합뉴스", "회담 중이다.", "AFP 연합뉴스"),
        ("공장 전경 /너울전자 제공", "공장 전경", "너울전자 제공"),
        ("ⓒ 뉴스1", "", "뉴스1"),
        ("Photo: Jane Doe / Paper", "", "Jane Doe / Paper"),
        ("24/7 편의점", "24/7 편의점", ""),
        ("3/4 크기의 모형", "3/4 크기의 모형", ""),
        ("그가 말했다.", "그가 말했다.", ""),
    ],
)
def test_a_credit_is_distinguished_from_a_caption(words, caption, credit):
    assert parted(words) == (caption, credit)


# -- clutter ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "clutter",
    [
        '<div class="sns_share"><a href="#">공유</a></div>',
        '<div class="relatedArticles"><h3>함께 볼 글</h3><p>다른 기사의 첫 줄이다.</p></div>',
        '<div id="ad_box">좋은 물건을 사세요.</div>',
        '<ul class="tags"><li>#눈</li></ul>',
        '<p style="display: none">숨은 글자가 있다.</p>',
        "<aside>다른 이야기를 하나 더 읽는다.</aside>",
        "<p>[관련기사]</p><ul><li><a href=/1>등대 불빛에 놀란 갈매기</a></li></ul>",
        "<p>▶관련기사: <a href=/1>등대 불빛에 놀란 갈매기</a></p>",
        "<b>많이 본 뉴스</b><br><a href=/1>등대 불빛에 놀란 갈매기</a><br><a href=/2>바다 안개 사흘째</a>",
        "<p>[관련기사]<br>등대 불빛에 놀란 갈매기<br>바다 안개 사흘째, 뱃길 끊겨</p>",
        "<p>▶ <a href=/app>너울골신문 앱 내려받기</a></p>",
        "<p>페이스북 트위터 카카오톡 URL 복사</p>",
        "<p>광고</p>",
        "<p>ⓒ 너울골신문, 무단 전재 및 재배포 금지</p>",
        "<p>저작권자(c) 너울골신문, AI 학습 및 활용 금지, 무단전재-재배포 금지</p>",
        "<p>Copyright © 너울골신문. All rights reserved.</p>",
        "<p>김민지 기자 minji@paper.example</p>",
        "<p>minji@paper.example</p>",
        "<p>김민지 기자</p>",
        "<p><a href=/1>바다 안개 사흘째 이어져</a><br><a href=/2>뱃길이 모두 끊겼다고 한다</a>"
        "<br><a href=/3>등대지기 채용에 이백 명</a></p>",
    ],
)
def test_clutter_behind_an_article_is_cut(clutter):
    assert shown(read(page(TEXT + clutter))) == shown(read(page()))


@pytest.mark.parametrize(
    "paragraph",
    [
        "관련기사를 쓴 기자는 “다시는 쓰지 않겠다”고 말했다.",
        "광고 시장은 올해도 줄어들 것으로 보인다.",
        "문의는 너울골시청(help@city.example)으로 하면 된다고 시는 밝혔다.",
        "저작권법은 무엇을 지키는가. 그는 ⓒ 표시의 역사를 읽었다.",
        "김민지 기자는 어제 항구로 갔다.",
        "(너울골=뉴스1) 김민지 기자 = 첫눈이 내렸다.",
        '자세한 것은 <a href="/x">시청 누리집</a>에서 볼 수 있다.',
        '<a href="/1">하나</a>',
        "댓글이 세상을 바꾼 이야기를 세 편에 나누어 싣는다.",
        "계속",
        "많이 본 사람은 안다. 겨울 바다는 날마다 다르다.",
    ],
)
def test_text_that_resembles_clutter_stays(paragraph):
    words = richtext.text_of(richtext.clean(f"<p>{paragraph}</p>"))
    for place in (f"<p>{paragraph}</p>{TEXT}", f"{TEXT}<p>{paragraph}</p>"):
        assert words in shown(read(page(place)))


def test_an_article_is_not_removed_because_of_its_elements_name():
    entry = read(page(f'<div class="print related ad">{TEXT}</div>'))
    assert LEAD in shown(entry)
    links = "".join(f"<p><a href=/{n}>{LEAD}</a></p>" for n in range(3))
    assert LEAD in shown(read(page(links), body_rule="div[itemprop]"))


# -- rules -----------------------------------------------------------------------------------------
RULED = page(
    f'<div class="box">상자의 글이다.</div><div class="main">{TEXT}<p class="promo-x">홍보의 글이다.</p></div>'
    '<div class="box">둘째 상자의 글이다.</div>'
)


def test_a_rule_selects_the_text():
    assert shown(read(RULED, body_rule=".main > p:first-child")) == LEAD
    assert shown(read(RULED, body_rule="div.box")) == "상자의 글이다.\n둘째 상자의 글이다."
    assert shown(read(RULED, body_rule=".main, .main p")).count(LEAD) == 1


def test_rules_select_what_is_cut():
    text = shown(read(RULED, cut_rules=["div.box", ".promo-x"]))
    assert text == shown(read(page()))


def test_a_rule_without_a_match_is_reported():
    with pytest.raises(NotAnArticle, match="본문 자리"):
        read(RULED, body_rule="div.none")


def test_a_broken_rule_harms_nothing():
    with pytest.raises(NotAnArticle, match="본문 자리"):
        read(RULED, body_rule="div[[")
    assert LEAD in shown(read(RULED, cut_rules=["p[[", "", "div::before"]))


# -- feed and page ---------------------------------------------------------------------------------
FROM_FEED = Entry(
    guid="7",
    address="https://paper.example/7",
    title="첫눈이 왔다",
    html="<p>앞부분.</p>",
    summary="앞부분.",
    author="",
    published_at=None,
    picture=None,
)


def test_a_page_completes_an_entry_of_a_feed():
    of_page = sample("seed.html")
    whole = completed(FROM_FEED, of_page)
    assert (whole.guid, whole.address) == ("7", "https://paper.example/7")
    assert (whole.title, whole.summary) == ("첫눈이 왔다", "앞부분.")
    assert (whole.html, whole.author) == (of_page.html, of_page.author)
    assert (whole.published_at, whole.picture) == (of_page.published_at, of_page.picture)


def test_better_facts_of_the_feed_stay():
    entry = replace(
        FROM_FEED,
        html=f"<p>{'긴 글이다. ' * 500}</p>",
        author="편집부",
        published_at=SEVEN,
        picture=Picture(PHOTO, "항구", "뉴스1"),
        language="ko",
    )
    whole = completed(entry, read(page()))
    assert whole == entry


def test_a_truncated_title_is_replaced():
    of_page = sample("seed.html")
    cut = replace(FROM_FEED, title="너울골 등대, 적은 전기로…")
    listed = replace(FROM_FEED, title="너울골 등대 새글 3", html="", summary="")
    for entry in (cut, listed):
        assert completed(entry, of_page).title == of_page.title
    assert completed(listed, of_page).summary == of_page.summary
