"""Listing pages, and articles that are read from their own pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.models import Post
from collector.fetching.fetch import FetchFailed
from collector.models import SeenEntry, Source
from tests.collector.conftest import (
    OTHER_STORY,
    STORY,
    article_page,
    collect,
    item,
    list_page,
    subjects,
)

pytestmark = pytest.mark.django_db


def test_a_listing_s_articles_are_read_from_their_pages(listing, paper, client):
    paper.pages[listing.address] = list_page(2, 1)
    for number, text in ((1, STORY), (2, OTHER_STORY)):
        page = article_page(f"물결 소식 {number}", text)
        paper.pages[f"https://wave.example/news/{number}"] = page
    collect(listing)
    assert subjects() == ["물결 소식 1", "물결 소식 2"]
    page = client.get(Post.objects.first().get_absolute_url()).text
    assert "시내버스 요금을 이백 원 올리기로" in page
    collect(listing)
    assert [address for address, _etag in paper.asked].count("https://wave.example/news/1") == 1


def test_the_page_of_a_listings_article_decides_whether_it_is_wanted(listing, paper):
    Source.objects.update(words_in="물범")
    paper.pages[listing.address] = list_page(2, 1)
    for number, text in ((1, STORY), (2, OTHER_STORY)):
        paper.pages[f"https://wave.example/news/{number}"] = article_page(f"소식 {number}", text)
    collect(listing)
    assert len(subjects()) == 1
    assert "물범" in Post.objects.get().body.html


def test_a_listing_s_article_waits_for_its_page_and_not_for_ever(listing, paper):
    paper.pages |= {
        listing.address: list_page(2, 1),
        "https://wave.example/news/1": 500,
        "https://wave.example/news/2": article_page("물결 소식 2", OTHER_STORY),
    }
    collect(listing)
    assert subjects() == ["물결 소식 2"]
    assert (
        listing.error
        == "기사 페이지 1개를 읽지 못했습니다: 기사 페이지를 받지 못했습니다(HTTP 500)."
    )
    assert (listing.failures, listing.etag) == (0, "")
    collect(listing)
    assert [address for address, _etag in paper.asked].count("https://wave.example/news/1") == 2
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(days=4))
    paper.pages["https://wave.example/news/1"] = article_page("물결 소식 1", STORY)
    collect(listing)
    assert subjects() == ["물결 소식 2"]
    assert listing.error == ""


def test_a_listing_s_article_that_has_waited_is_posted(listing, paper):
    paper.pages |= {listing.address: list_page(1), "https://wave.example/news/1": 404}
    collect(listing)
    paper.pages["https://wave.example/news/1"] = article_page("물결 소식 1", STORY)
    collect(listing)
    assert subjects() == ["물결 소식 1"]
    entry = SeenEntry.objects.get()
    assert (entry.is_waiting, entry.post) == (False, Post.objects.get())


def test_waiting_articles_do_not_use_up_the_hourly_limit(listing, paper):
    Source.objects.update(hourly_limit=1)
    paper.pages |= {listing.address: list_page(1), "https://wave.example/news/1": 404}
    collect(listing)
    paper.pages |= {
        listing.address: list_page(2, 1),
        "https://wave.example/news/2": article_page("물결 소식 2", STORY),
    }
    collect(listing)
    assert subjects() == ["물결 소식 2"]


def test_a_feed_with_a_few_words_is_completed_by_the_page(source, paper, client):
    Source.objects.update(reads_pages=True, shows=Source.Shows.FULL)
    paper(item(1))
    paper.pages["https://paper.example/news/1"] = article_page("기사 1", STORY)
    collect(source)
    assert "시내버스" in client.get(Post.objects.get().get_absolute_url()).text


@pytest.mark.parametrize("reads", ["a feed's pages", "a listing's pages"])
def test_a_sources_rules_select_the_text_and_what_is_cut(source, listing, paper, client, reads):
    text = f'<div class="text"><p>{STORY}</p><p class="ad">새우깡 알바</p><p class="tel">☎ 010</p></div>'
    page = article_page("물결 소식 1", text, "<b class=by>등대지기</b>", OTHER_STORY)
    rules = {"body_rule": "div.text", "cut_rules": "p.ad\n\n p.tel "}
    Source.objects.update(shows=Source.Shows.FULL, reads_pages=True, **rules)
    if reads == "a feed's pages":
        paper(item(1))
        paper.pages["https://paper.example/news/1"] = page
        collect(source)
    else:
        paper.pages[listing.address] = list_page(1)
        paper.pages["https://wave.example/news/1"] = page
        collect(listing)
    html = Post.objects.get().body.html
    assert "시내버스" in html
    for cut in ("물범", "등대지기", "새우깡", "010"):
        assert cut not in html


@pytest.mark.parametrize("page", [404, 500, "<html></html>", FetchFailed("받지 못했습니다.")])
def test_if_its_page_fails_the_text_of_the_feed_is_posted(source, paper, client, page):
    Source.objects.update(reads_pages=True)
    paper(item(1))
    paper.pages["https://paper.example/news/1"] = page
    collect(source)
    assert "기사 1의 앞부분입니다." in client.get(Post.objects.get().get_absolute_url()).text
    assert "기사 페이지 1개를 읽지 못했습니다" in source.error


@pytest.mark.parametrize("later", [429, 503, FetchFailed("쉬었다 오라고 합니다.", wait=90)])
def test_if_a_site_asks_us_to_wait_a_feeds_article_waits_for_some_days(source, paper, later):
    Source.objects.update(reads_pages=True)
    paper(item(1))
    paper.pages["https://paper.example/news/1"] = later
    collect(source)
    assert subjects() == []
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(days=4))
    collect(source)
    assert subjects() == ["기사 1"]


def test_a_failing_listing_is_reported(listing, paper):
    paper.pages[listing.address] = "<html><body><p>점검 중</p></body></html>"
    collect(listing, expects=1)
    assert listing.error
    paper.pages[listing.address] = 500
    collect(listing, expects=1)
    assert listing.error == "목록 페이지를 받지 못했습니다(HTTP 500)."
    paper.pages[listing.address] = 410
    collect(listing, expects=1)
    assert not listing.is_on
