"""One page has one canonical address."""

import pytest

from collector.reading.addresses import (
    MAX_ADDRESS,
    absolute,
    canonical,
    is_of_site,
    without_tracking,
)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("HTTPS://Paper.Example/News/1", "https://paper.example/News/1"),
        ("http://paper.example", "http://paper.example/"),
        ("http://paper.example:80/a", "http://paper.example/a"),
        ("https://paper.example:443/a", "https://paper.example/a"),
        ("https://paper.example:8443/a", "https://paper.example:8443/a"),
        ("http://paper.example:443/a", "http://paper.example:443/a"),
        ("http://paper.example:/a", "http://paper.example/a"),
        ("https://paper.example./a", "https://paper.example/a"),
        ("https://paper.example/a#comments", "https://paper.example/a"),
        ("https://paper.example/a?#x", "https://paper.example/a"),
        ("  https://paper.example/a\n", "https://paper.example/a"),
        ("https://paper.example/a\nb", "https://paper.example/ab"),
        ("https://paper.example/a b", "https://paper.example/a%20b"),
        ("https://paper.example/a?q=1%", "https://paper.example/a?q=1%25"),
        ("https://m.paper.example/a", "https://m.paper.example/a"),
        ("https://www.paper.example/a", "https://www.paper.example/a"),
        ("https://paper.example/경제", "https://paper.example/%EA%B2%BD%EC%A0%9C"),
        ("https://paper.example/%ea%b2%bd%ec%a0%9c", "https://paper.example/%EA%B2%BD%EC%A0%9C"),
        ("https://paper.example/?q=%b0%e6", "https://paper.example/?q=%B0%E6"),
        ("https://한글.한국/a", "https://xn--bj0bj06e.xn--3e0b707e/a"),
        ("http://127.0.0.1/a", "http://127.0.0.1/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://paper.example/[속보]", "https://paper.example/[%EC%86%8D%EB%B3%B4]"),
    ],
)
def test_a_page_has_one_canonical_address(given, written):
    assert canonical(given) == written
    assert canonical(written) == written


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("?utm_source=rss&utm_medium=feed&id=3", "?id=3"),
        ("?id=3&UTM_Source=rss", "?id=3"),
        ("?utm%5Fsource=rss&id=3", "?id=3"),
        ("?b=2&a=1&b=3&fbclid=x", "?b=2&a=1&b=3"),
        ("?gclid=x&igshid=y&ref_src=z&mc_cid=1&mc_eid=2", ""),
        ("?NaPm=ct%3Dx&n_media=27758&n_query=q&n_rank=1&no=7", "?no=7"),
        ("?a=&b&&c=1", "?a=&b&c=1"),
        ("?utm=1&source=rss&ref=main", "?utm=1&source=rss&ref=main"),
        ("?q=a%26utm_source%3Db", "?q=a%26utm_source%3Db"),
    ],
)
def test_tracking_parameters_are_removed_and_the_rest_stays_in_order(given, kept):
    assert canonical(f"https://paper.example/a{given}") == f"https://paper.example/a{kept}"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (
            "https://blog.naver.com/minji/2231?fromRss=true&trackingCode=rss",
            "https://blog.naver.com/minji/2231",
        ),
        (
            "https://cafe.naver.com/steamindiegame/12?art=ZXh0&tc=shared_link&referrerAllArticles=true",
            "https://cafe.naver.com/steamindiegame/12",
        ),
        ("https://www.youtube.com/watch?v=abc&si=x", "https://www.youtube.com/watch?v=abc"),
        ("https://x.com/minji/status/1?s=20&t=abc", "https://x.com/minji/status/1"),
        ("https://paper.example/?s=20&t=abc&art=1", "https://paper.example/?s=20&t=abc&art=1"),
        ("https://notx.com/?s=20", "https://notx.com/?s=20"),
    ],
)
def test_ambiguous_parameters_are_removed_on_some_sites_only(given, written):
    assert canonical(given) == written


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "paper.example/a",
        "/a",
        "//paper.example/a",
        "ftp://paper.example/a",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "gopher://paper.example/",
        "mailto:minji@paper.example",
        "http://",
        "http:///a",
        "https:paper.example",
        "https://minji@paper.example/",
        "https://minji:secret@paper.example/",
        "https://paper.example@evil.example/",
        "https://paper.example\\@evil.example/",
        "https://paper.example:0/",
        "https://paper.example:99999/",
        "https://paper.example:port/",
        "https://[::1/",
        "https://[paper]/",
        "https://paper..example/",
        "https://pa per.example/",
        "https://paper.example/\x00",
        "https://paper.example/\ud800",
        "https://%70aper.example/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "한" * 5000 + ".example/",
        "https://paper.example/" + "a" * MAX_ADDRESS,
        "https://paper.example/" + "가" * (MAX_ADDRESS // 9 + 1),
    ],
)
def test_an_address_outside_the_web_is_refused(given):
    assert canonical(given) == ""
    assert without_tracking(given) == ""


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("/a", "https://paper.example/a"),
        ("b", "https://paper.example/news/b"),
        ("../b?utm_source=x", "https://paper.example/b"),
        ("//cdn.example/p.jpg", "https://cdn.example/p.jpg"),
        ("?page=2", "https://paper.example/news/1?page=2"),
        ("#second", "https://paper.example/news/1#second"),
        ("http://other.example/a#둘", "http://other.example/a#%EB%91%98"),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
    ],
)
def test_a_relative_address_is_resolved(given, found):
    assert absolute(given, "https://paper.example/news/1") == found


def test_millions_of_characters_take_no_time():
    for given in ("http://" + "a." * 5_000_000, "https://a.example/?" + "&utm_=" * 2_000_000):
        assert canonical(given) in ("", "https://a.example/")


@pytest.mark.parametrize(
    ("address", "other", "is_it"),
    [
        ("https://www.paper.example/1", "https://paper.example/feed", True),
        ("https://m.paper.example/1", "https://rss.paper.example/feed", True),
        ("https://news.paper.example/1", "https://www.paper.example/feed", True),
        ("https://paper.example/1", "https://hanbit.example/paper.example", False),
        ("https://paper.example/1", "https://notpaper.example/", False),
        ("https://a.blog.example/1", "https://b.blog.example/feed", False),
        ("https://paper.example/1", "", False),
        ("", "https://paper.example/", False),
        ("", "", False),
    ],
)
def test_two_addresses_are_of_one_site(address, other, is_it):
    assert is_of_site(address, other) is is_it
