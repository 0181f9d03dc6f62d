"""Where visitors come from: only the host and the searched words of the referrer are kept."""

from urllib.parse import quote

import pytest

from visits.models import Channel, DayVisitor
from visits.referrers import Referrer, read_referrer
from visits.search_engines import ENGINES


def read(referer, own_host="board.example.kr"):
    return read_referrer(referer, own_host=own_host)


def cp949(words):
    return quote(words.encode("cp949"))


# -- directly --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "referer",
    [
        "",
        "-",
        "naver.com",
        "about:blank",
        "data:text/html,hello",
        "file:///C:/Users/minji/links.html",
        "chrome-extension://abcdefghijklmnop/popup.html",
        "javascript:alert(1)",
        "https://",
        "https:///search?q=1",
        "http://localhost:3000/",
        "http://intranet/wiki",
        "http://192.168.0.7/",
        "http://203.0.113.7:8080/page",
        "http://[2001:db8::1]/",
        "https://board.example.kr/free/1/",
        "https://www.board.example.kr/",
        "https://m.board.example.kr/free/",
        "HTTPS://BOARD.EXAMPLE.KR:443/",
        "https://board.example.kr./",
        "https://nid.naver.com/oauth2.0/authorize?state=secret",
        "https://kauth.kakao.com/",
        "https://accounts.google.com/",
        "android-app://kakao/",
    ],
)
def test_directly(referer):
    assert read(referer) == Referrer("direct", "", "", "")


@pytest.mark.parametrize(
    ("own_host", "referer"),
    [
        ("board.example.kr:8000", "http://board.example.kr/"),
        ("www.board.example.kr", "http://board.example.kr/"),
        ("localhost:8000", "http://localhost:8000/"),
        ("xn--bj0bj06e.xn--3e0b707e", "https://한글.한국/free/"),
        ("한글.한국", "https://xn--bj0bj06e.xn--3e0b707e/"),
        ("[::1]:8000", "http://[::1]:8000/"),
    ],
)
def test_our_own_site_under_all_of_its_names(own_host, referer):
    assert read(referer, own_host) == Referrer()


# -- other sites -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("referer", "site"),
    [
        ("https://example.com/path/of/minji?token=secret#part", "example.com"),
        ("https://www.example.com/", "example.com"),
        ("http://minji:secret@example.com:8080/", "example.com"),
        ("https://EXAMPLE.com", "example.com"),
        ("https://notboard.example.kr/", "notboard.example.kr"),
        ("https://board.example.kr.evil.example/", "board.example.kr.evil.example"),
        ("https://naver.com/", "naver.com"),
        ("https://www.naver.com/", "naver.com"),
        ("https://m.naver.com/", "m.naver.com"),
        ("https://cafe.naver.com/f-e/cafes/123", "cafe.naver.com"),
        ("https://m.blog.naver.com/minji/22334455", "m.blog.naver.com"),
        ("https://kin.naver.com/qna/detail?query=x", "kin.naver.com"),
        ("https://news.naver.com/", "news.naver.com"),
        ("https://search.shopping.naver.com/search/all?query=x", "search.shopping.naver.com"),
        ("https://www.daum.net/", "daum.net"),
        ("https://cafe.daum.net/minji/1", "cafe.daum.net"),
        ("https://v.daum.net/v/2026", "v.daum.net"),
        ("https://www.nate.com/", "nate.com"),
        ("https://zum.com/", "zum.com"),
        ("https://mail.google.com/mail/u/0/", "mail.google.com"),
        ("https://news.google.com/", "news.google.com"),
        ("https://docs.google.com/document/d/secret", "docs.google.com"),
        ("https://www.googleapis.com/", "googleapis.com"),
        ("https://t.co/abc", "t.co"),
        ("https://l.facebook.com/l.php?u=x", "l.facebook.com"),
        ("https://l.instagram.com/", "l.instagram.com"),
        ("https://www.youtube.com/", "youtube.com"),
        ("https://m.fmkorea.com/", "m.fmkorea.com"),
        ("https://xn--bj0bj06e.xn--3e0b707e/", "한글.한국"),
        ("https://www.xn--bj0bj06e.com/", "한글.com"),
        ("https://한글.한국/", "한글.한국"),
        ("https://한글.한국/".encode().decode("latin-1"), "한글.한국"),
        # Cyrillic letters that look like apple are not decoded.
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com"),
        ("https://xn--zzzzzzzz.com/", "xn--zzzzzzzz.com"),
        ("https://under_score.example.com/", "under_score.example.com"),
        ("android-app://com.kakao.talk/", "카카오톡"),
        ("android-app://com.kakao.talk", "카카오톡"),
        ("android-app://com.nhn.android.search/", "네이버 앱"),
        ("android-app://com.nhn.android.band/", "네이버 밴드"),
        ("android-app://com.google.android.gm/", "Gmail"),
        ("android-app://org.example.reader/https/minji", "org.example.reader"),
        # Only looks like an engine.
        ("https://naver.com.evil.example/", "naver.com.evil.example"),
        ("https://search.naver.com.evil.example/?query=x", "search.naver.com.evil.example"),
        ("https://evilsearch.naver.co/?query=x", "evilsearch.naver.co"),
        ("https://research.naver.com/?query=x", "research.naver.com"),
        ("https://google.evil.com/search?q=x", "google.evil.com"),
        ("https://google.com.evil.com/search?q=x", "google.com.evil.com"),
        ("https://www.google.com@evil.example/?q=x", "evil.example"),
        ("https://evilgoogle.com/search?q=x", "evilgoogle.com"),
        ("https://www-google.com/search?q=x", "www-google.com"),
        ("https://notbing.com/search?q=x", "notbing.com"),
        ("https://bing.com.evil.example/?q=x", "bing.com.evil.example"),
        ("https://evil.example/https://www.google.com/search?q=x", "evil.example"),
        ("https://chatgpt.com.evil.example/", "chatgpt.com.evil.example"),
    ],
)
def test_another_site(referer, site):
    assert read(referer) == Referrer("site", site, "", "")


def test_the_end_of_a_long_host_is_kept():
    site = read("https://" + "abcdefghi." * 20 + "example.com/").site
    assert site.endswith(".abcdefghi.example.com")
    assert 90 < len(site) <= 100


# -- search engines --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("referer", "engine", "words"),
    [
        ("https://search.naver.com/search.naver?where=nexearch&query=%EA%B2%BD%EC%A0%9C&sm=top", "네이버", "경제"),
        ("https://m.search.naver.com/search.naver?query=%EB%B2%9A%EA%BD%83+%EB%AA%85%EC%86%8C", "네이버", "벚꽃 명소"),
        ("https://cafe.search.naver.com/?query=a", "네이버", "a"),
        ("https://search.naver.com/", "네이버", ""),
        (f"http://search.naver.com/search.naver?where=nexearch&query={cp949('경제 정책')}", "네이버", "경제 정책"),
        (f"http://search.daum.net/cgi-bin/nsp/search.cgi?q={cp949('똠방각하')}", "다음", "똠방각하"),
        ("https://search.daum.net/search?w=tot&q=%EA%B2%BD%EC%A0%9C", "다음", "경제"),
        ("https://m.search.daum.net/search?q=x", "다음", "x"),
        ("https://search.daum.net/nate?thr=sbma&w=tot&q=%EA%B2%BD%EC%A0%9C", "네이트", "경제"),
        ("https://search.nate.com/?q=x", "네이트", "x"),
        ("https://search.zum.com/search.zum?method=uni&query=%EA%B2%BD%EC%A0%9C", "줌", "경제"),
        ("https://www.google.com/", "Google", ""),
        ("https://www.google.com/search?q=Korea+Economy&hl=ko", "Google", "korea economy"),
        ("https://www.google.co.kr/search?q=%EA%B2%BD%EC%A0%9C", "Google", "경제"),
        ("https://google.de/search?q=x", "Google", "x"),
        ("https://www.google.com.br/", "Google", ""),
        ("https://www.google.co.uk/", "Google", ""),
        ("https://www.google.cat/", "Google", ""),
        ("https://www.google.com/url?q=https://board.example.kr/free/1/&sa=D", "Google", ""),
        ("android-app://com.google.android.googlequicksearchbox/", "Google", ""),
        ("https://www.bing.com/search?q=x&form=QBLH", "Bing", "x"),
        ("https://cn.bing.com/search?q=x", "Bing", "x"),
        ("https://search.yahoo.com/search?p=x", "Yahoo", "x"),
        ("https://kr.search.yahoo.com/search?p=x", "Yahoo", "x"),
        ("https://r.search.yahoo.com/", "Yahoo", ""),
        ("https://search.yahoo.co.jp/search?p=x", "Yahoo", "x"),
        ("https://duckduckgo.com/", "DuckDuckGo", ""),
        ("https://html.duckduckgo.com/html/?q=x", "DuckDuckGo", "x"),
        ("https://www.baidu.com/s?wd=%E7%BB%8F%E6%B5%8E", "Baidu", "经济"),
        ("https://m.baidu.com/from=1/s?word=x", "Baidu", "x"),
        ("https://yandex.ru/search/?text=%D0%BC%D0%B8%D1%80", "Yandex", "мир"),
        ("https://yandex.com.tr/search/?text=x", "Yandex", "x"),
        ("https://ya.ru/search/?text=x", "Yandex", "x"),
        ("https://www.ecosia.org/search?q=x", "Ecosia", "x"),
        ("https://search.brave.com/search?q=x", "Brave", "x"),
        ("https://kagi.com/search?q=x", "Kagi", "x"),
        ("https://www.startpage.com/do/dsearch?query=x", "Startpage", "x"),
        ("https://s20-us4.startpage.com/", "Startpage", ""),
        ("https://chatgpt.com/", "ChatGPT", ""),
        ("https://chatgpt.com/c/1234?q=my+own+question", "ChatGPT", ""),
        ("https://www.perplexity.ai/search?q=my+own+question", "Perplexity", ""),
        ("https://gemini.google.com/app/1234", "Gemini", ""),
        ("https://copilot.microsoft.com/", "Copilot", ""),
        ("https://claude.ai/chat/1234", "Claude", ""),
    ],
)  # fmt: skip
def test_a_search_engine(referer, engine, words):
    found = read(referer)
    assert (found.channel, found.engine, found.words) == ("search", engine, words)
    assert found.site


# -- words -----------------------------------------------------------------------------------------
def searched(query):
    return read(f"https://www.google.com/search?{query}").words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=", ""),
        ("q", ""),
        ("", ""),
        ("q=%20%20a%0A%09b%20%C2%A0c%20", "a b c"),
        ("q=%EF%BC%B0%EF%BD%99%EF%BD%94%EF%BD%88%EF%BD%8F%EF%BD%8E", "python"),
        ("q=C%2B%2B", "c++"),
        ("q=a%26b%3Dc", "a&b=c"),
        ("q=first&q=second", "first"),
        ("Q=x", "x"),
        ("q=50%", "50%"),
        ("q=%zz", "%zz"),
        ("q=%", "%"),
        ("q=%FF%FE", ""),
        ("q=a%00b%E2%80%8Bc", "a bc"),
        ("q=%3Cscript%3E", "<script>"),
        ("q=https%3A%2F%2Fexample.com%2F%3Ftoken%3Dsecret", ""),
        ("q=www.example.com", ""),
        ("q=minji%40example.com", ""),
        ("q=010-1234-5678", ""),
        ("q=900101-1234567", ""),
        ("q=4111+1111+1111+1111", ""),
        ("q=2026+%EB%B2%9A%EA%BD%83", "2026 벚꽃"),
        ("text=not+of+this+engine", ""),
    ],
)
def test_the_words_of_a_search(query, words):
    assert searched(query) == words


def test_unencoded_korean():
    for sent in ("경제 정책", "경제 정책".encode().decode("latin-1")):
        assert searched(f"q={sent}") == "경제 정책"


def test_long_words_are_cut():
    assert searched("q=" + quote("가" * 3_000)) == "가" * 100


def test_a_telephone_number_beyond_the_cut_is_noticed():
    assert searched("q=" + quote("가 " * 60 + "010-1234-5678")) == ""


# -- whatever comes --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "referer",
    [
        "https://example.com/" + "a" * 10_000,
        "https://" + "a" * 10_000 + ".com/",
        "https://" + "a." * 5_000 + "com/",
        "https://search.naver.com/?" + "query&" * 5_000,
        "https://search.naver.com/?query=" + "%EA%B2%BD" * 5_000,
        "https://" + "xn--" * 2_000,
        "https://[::1/",
        "https://]/",
        "https://exa\x00mple.com/",
        "\x00https://example.com/",
        "https://exa\udc80mple.com/",
        "https://..com/",
        "https://.com/",
        "https://-.com/",
        "https://xn--.com/",
        "https://xn--\xff.com/",
        "https://\u2100.com/",
        "https://example.com:port/",
        "https://exa mple.com/",
        "https://<script>alert(1)</script>/",
        "https://www.google.com/?q=%00%ED%A0%80",
        "\ud800",
        "😀",
        "::::",
    ],
)
def test_any_header_is_harmless(referer):
    found = read(referer)
    assert found.channel in Channel.values
    for value in found:
        assert len(value) <= 100
        assert value.isprintable()
        assert not set("<>\"'/@?") & set(value)


@pytest.mark.parametrize("own_host", ["", "[", "a" * 500, "\ud800"])
def test_any_own_host(own_host):
    assert read("https://example.com/", own_host).channel in Channel.values


def test_names_fit_into_their_columns():
    longest = DayVisitor._meta.get_field("engine").max_length
    assert all(len(engine.name) <= longest for engine in ENGINES)
    assert {"direct", "search", "site"} == {*Channel.values}
