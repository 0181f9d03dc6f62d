"""Parsing listing pages of Korean papers and boards into links to articles."""

import time
from contextlib import suppress

import pytest

from collector.reading.listings import Link, NotAListing, read_listing

ADDRESS = "https://paper.example/news/list.php?section=economy"


def read(body: bytes | str, rule: str = "ul.list a", *, content_type="text/html", address=ADDRESS):
    body = body.encode() if isinstance(body, str) else body
    return read_listing(body, content_type=content_type, address=address, rule=rule)


def page(inner: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{inner}</body></html>"


def listed(*links: str) -> str:
    return page(f"<ul class=list>{''.join(f'<li>{link}</li>' for link in links)}</ul>")


def title_of(link: str) -> str:
    [found] = read(listed(link))
    return found.title


# -- which links -----------------------------------------------------------------------------------
def test_selected_links_are_read_in_the_order_of_the_page():
    body = page(
        "<nav><a href=/about>회사 소개</a></nav>"
        "<ul class='list top'><li><a href='view.php?id=7'>너울시장 “새 단장”</a></li>"
        "<li><a href='/news/view.php?id=6'>은행나무길 &amp; 가을</a></li></ul>"
        "<aside><ul><li><a href=/ad>광고</a></li></ul></aside>"
    )
    assert read(body) == [
        Link("https://paper.example/news/view.php?id=7", "너울시장 “새 단장”"),
        Link("https://paper.example/news/view.php?id=6", "은행나무길 & 가을"),
    ]


def test_the_rule_may_select_containers_of_links():
    body = listed(
        "<a href=/1><img src=1.jpg></a><b><a href=/1>머리</a></b><a href=/1>앞부분이 이렇다.</a>"
        "<a href=/reporters/3>이서연 기자</a>",
        "글만 있음",
        "<a href=/2>둘</a>",
    )
    assert read(body, "ul.list > li") == [
        Link("https://paper.example/1", "머리"),
        Link("https://paper.example/2", "둘"),
    ]
    assert read(page("<a href=/3><h2><span class=t>셋</span></h2></a>"), "span.t") == [
        Link("https://paper.example/3", "셋")
    ]


def test_each_address_is_there_once_with_the_first_title_that_it_has():
    body = listed(
        "<a href='/1?utm_source=front'><img src=1.jpg></a>",
        "<a href=/2>둘</a>",
        "<a href='/1#comments'>하나</a>",
        "<a href=/1>다른 말</a>",
    )
    assert read(body) == [
        Link("https://paper.example/1", "하나"),
        Link("https://paper.example/2", "둘"),
    ]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:view(3)",
        " JavaScript:void(0)",
        "java\nscript:x",
        "mailto:minji@paper.example",
        "tel:0212345678",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://paper.example/1",
        "#top",
        "",
        "list.php?section=economy",
        ADDRESS + "#list",
        "https://u:p@paper.example/1",
        "http://[",
        "/" + "a" * 9000,
    ],
)
def test_links_that_lead_to_no_article_are_left_out(href):
    assert read(listed(f'<a href="{href}">엉뚱한 것</a>', "<a href=/1>하나</a>")) == [
        Link("https://paper.example/1", "하나")
    ]


def test_links_are_relative_to_the_base_of_the_page():
    body = page("<a href=7.html>일곱</a>", head="<base href='/2026/11/'>")
    assert read(body, "a")[0].address == "https://paper.example/2026/11/7.html"
    for bad in ("<base>", "<base href='javascript:x'>", "<base href='http://['>"):
        assert read(page("<a href=7>일곱</a>", bad), "a")[0].address == (
            "https://paper.example/news/7"
        )


def test_further_pages_of_the_list_are_no_articles():
    pages = "".join(
        f"<a href='?section=economy&page={n}'>{words}</a>"
        for n, words in enumerate(
            ["2", "[3]", "다음", "다음 10개", "맨끝", "»", "더보기", "Next"], 2
        )
    )
    body = page(
        f"<div id=l><a href='?section=economy&id=9'>아홉</a>{pages}<a href=/1987>1987</a></div>"
    )
    assert [link.title for link in read(body, "#l a")] == ["아홉", "1987"]


def test_at_most_two_hundred_are_read():
    links = read(listed(*(f"<a href=/{n}>제목 {n}</a>" for n in range(500))))
    assert len(links) == 200
    assert links[-1].title == "제목 199"


# -- titles ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("inner", "title"),
    [
        ("[속보] ‘하나’ · “둘” …", "[속보] ‘하나’ · “둘” …"),
        ("A &amp;amp; B &lt;기생충&gt; R&D amp;", "A &amp; B <기생충> R&D amp;"),
        ("\n  두 줄의\n\t제목&nbsp;", "두 줄의 제목"),
        ("굵은 <b>낱</b>말", "굵은 낱말"),
        ("첫 줄<br>둘째 줄", "첫 줄 둘째 줄"),
        ("제목 <span class=cnt>[12]</span>", "제목"),
        ("제목<em>(3)</em><img alt=새글 src=n.gif>", "제목"),
        ("제목<span class=num>12</span>", "제목"),
        ("제<b>3</b>차 회의", "제3차 회의"),
        (
            "제목<span class=sound_only>댓글</span><span class=cnt_cmt>1</span>"
            "<span class=sound_only>개</span><span class=new_icon>N</span>",
            "제목",
        ),
        ("<span class=label>단독</span> 제목", "단독 제목"),
        (
            "<img src=1.jpg><h3>카드의 머리</h3><p>앞부분이 길게 있다.</p><span>2026.11.25</span>",
            "카드의 머리",
        ),
        ("<span class=date>11.25</span><strong class=tit_news>머리</strong><p>앞</p>", "머리"),
        ("<h3><img src=1.jpg></h3>그림 밑", "그림 밑"),
        ("<script>x()</script>제목<style>a{}</style>", "제목"),
        ("<img src=1.jpg alt=사진>", ""),
        ("가" * 300, "가" * 254 + "…"),
    ],
)
def test_a_title_is_the_text_of_the_link_without_counts_and_badges(inner, title):
    assert title_of(f"<a href=/1>{inner}</a>") == title


def test_a_truncated_title_is_taken_from_the_title_attribute():
    assert title_of("<a href=/1 title='길고 긴 제목입니다'>길고 긴…</a>") == "길고 긴 제목입니다"
    assert title_of("<a href=/1 title='다른 말'>길고 긴...</a>") == "길고 긴..."
    assert title_of("<a href=/1 title='제목 (새 창)'>제목</a>") == "제목"


# -- charsets --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("charset", "meta", "header"),
    [
        ("cp949", "euc-kr", "text/html"),
        ("cp949", "euc-kr", "text/html; charset=EUC-KR"),
        ("cp949", "", "text/html; charset=utf-8"),
        ("cp949", "utf-8", "text/html; charset=ISO-8859-1"),
        ("utf-8", "euc-kr", "text/html; charset=euc-kr"),
        ("utf-8-sig", "", "text/html"),
    ],
)
def test_text_is_decoded_whatever_charset_is_declared(charset, meta, header):
    body = page(
        "<table><tr><td class=t><a href='view.asp?k=1'>「똠방각하」 샾·펲시</a></table>",
        head=f"<meta http-equiv=content-type content='text/html; charset={meta}'>",
    )
    [link] = read(body.encode(charset), "td.t a", content_type=header)
    assert link == Link("https://paper.example/news/view.asp?k=1", "「똠방각하」 샾·펲시")


# -- what is none ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "rule", "words"),
    [
        ("", "a", "비어"),
        (" \n ", "a", "비어"),
        ("<!-- x -->", "a", "읽지 못했습니다"),
        ("<rss version=2.0><channel/></rss>", "a", "피드입니다"),
        ("\ufeff<?xml version='1.0'?>\n<feed xmlns='x'/>", "a", "피드입니다"),
        ('{"version": "https://jsonfeed.org/version/1"}', "a", "피드입니다"),
        (page("<a href=/1>하나</a>"), "ul.list a", "ul.list a"),
        (page("<p>글</p><ul class=list>없음</ul>"), "ul.list", "링크가 없습니다"),
        (page("<ul class=list><a href='javascript:x'>x</a></ul>"), "ul.list a", "링크가 없습니다"),
        (page("<a href=/1>하나</a>"), "a[", "CSS 선택자"),
        (page("<a href=/1>하나</a>"), "", "CSS 선택자"),
        (b"\x89PNG\r\n\x1a\n\x00\x00" + bytes(range(256)) * 20, "a", "없습니다|못했습니다"),
    ],
)
def test_a_page_that_is_no_listing_is_an_error_in_korean(body, rule, words):
    with pytest.raises(NotAListing, match=words):
        read(body, rule)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 600_000,
        "<a href=/1>" * 300_000,
        "<ul class=list>" + "<li><a href=/1>x</a>" * 150_000,
        "<b><p>" * 300_000,
        "<" * 3_000_000,
        "&" * 3_000_000,
        "<!--" * 700_000,
        f"<ul class=list><a {' '.join(f'a{n}=1' for n in range(100_000))} href=/1>x</a>",
        "<ul class=list>" + ("<a href=/1><div class=tit>" * 120 + "</div></a>" * 120) * 80,
        "<ul class=list>" + "".join(f"<a href=/{n}><div>" for n in range(120)) + "글 " * 900_000,
    ],
    ids=[
        "nested",
        "links",
        "items",
        "crossed",
        "less",
        "and",
        "comments",
        "names",
        "cards",
        "text",
    ],
)
def test_a_hostile_page_takes_bounded_time(body):
    began = time.thread_time()
    for rule in ("ul.list a", "*", "div div div, a ~ a, li:nth-child(2n)"):
        with suppress(NotAListing):
            read(body, rule)
    assert time.thread_time() - began < 20  # about half a second
