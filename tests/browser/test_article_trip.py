"""The collector posts an article of a paper; people read, find and comment on it."""

from pathlib import Path

import pytest
from django.core.management import call_command

from collector.models import Source
from tests.browser.steps import expect
from tests.collector.sources_server import let_in, serving
from tests.conftest import make_member
from tests.crowd import picture_upload

ARTICLES = Path(__file__).parent.parent / "collector" / "articles"
FEED = """<rss version="2.0"><channel><title>너울골신문</title><item>
<title>{title}</title><link>{link}</link><guid>1</guid><description>앞부분만 있습니다.</description>
</item></channel></rss>"""
TITLE = "너울골 등대, 적은 전기로 먼 바다를 비추다 [파도]"
WORDS = [
    '공방 "해무"Haemu가 내놓은 등은',
    "‘물결의 흐름’chain of waves을 따라",
    "갈매기&등대는 R&D 끝에",
    "밝기는 3 < 4, 값은 5 > 2다.",
    "「등대지기의 밤」과 『바다의 책』, 〈물결〉, 《너울》이",
    "/로이터=뉴스1",
    "ⓒ 너울골신문",
]
NOT_OURS = [
    "관련기사",
    "새우깡 알바",
    "많이 본 뉴스",
    "페이스북",
    "광고",
    "amp;",
    "sora.kim@",
    "무단 전재",
]


@pytest.fixture
def paper(monkeypatch):
    with serving() as server:
        let_in(monkeypatch, server)
        link = server.address("/news/1.html")
        server.put("/feed", FEED.format(title=TITLE, link=link).encode(), content_type="text/xml")
        page = (ARTICLES / "seed.html").read_bytes()
        server.put("/news/1.html", page, content_type="text/html; charset=utf-8")
        server.put(
            "/photo/2025/lighthouse.jpg",
            picture_upload(size=(640, 400)).read(),
            content_type="image/png",
        )
        yield server


@pytest.fixture
def source(board, paper):
    return Source.objects.create(
        name="너울골신문",
        address=paper.address("/feed"),
        is_on=True,
        board=board,
        member=make_member("robot", "수집기", is_robot=True),
        shows=Source.Shows.FULL,
        reads_pages=True,
        pictures=Source.Pictures.COPY,
        licence="ⓒ 너울골신문",
    )


def test_an_article_is_collected_read_found_and_commented_on(
    side_by_side, source, paper, open_page, minji
):
    call_command("collect", verbosity=0)
    page = open_page("/free/", member=minji, width=390, height=844)
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".post-info")).to_contain_text("수집기")
    expect(page.locator(".post-info")).to_contain_text("로봇")
    text = page.locator(".post-content").inner_text()
    assert [words for words in WORDS if words not in text] == []
    assert [words for words in NOT_OURS if words in text] == []

    # its picture is a local copy, and its origin is named in text and metadata
    photo = page.locator(".post-body img")
    expect(photo).to_have_count(1)
    expect(photo).to_have_js_property("naturalWidth", 640)
    assert photo.get_attribute("src").startswith("/files/")
    article = paper.address("/news/1.html")
    expect(page.locator(f'.post-body a[href="{article}"]')).to_have_text("너울골신문")
    assert page.locator("link[rel=canonical]").get_attribute("href") == article

    # a search finds it, and a member comments
    page.goto("/search/?q=물결의 흐름")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_label("댓글 내용").fill("등대를 보러 가고 싶네요.")
    page.get_by_role("button", name="댓글등록").click()
    expect(page.get_by_role("article", name="민지님의 댓글")).to_contain_text("보러 가고 싶네요")
    assert page.complaints == []

    # the copyright owner asks to take it down
    page.get_by_role("link", name="저작권 신고").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("저작권")
