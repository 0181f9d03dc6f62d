"""Malicious, damaged and huge pages are read or refused quickly."""

import json
import logging
import random
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from collector.reading.addresses import canonical
from collector.reading.articles import NotAnArticle
from tests.collector.damage import damaged
from tests.collector.written_pages import ARTICLES, LEAD, TEXT, page, read, shown


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n",
        "\0",
        "<!-- x -->",
        "<html></html>",
        "<frameset><frame src=x>",
        bytes(range(256)) * 99,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 5000,
        b"\xff\xfe<\0p\0",
        "{}",
        "<script>x</script>",
    ],
)
def test_anything_but_an_article_is_refused_with_a_sentence(body):
    with pytest.raises(NotAnArticle) as refused:
        read(body)
    assert str(refused.value).endswith(".")


def test_an_invalid_address():
    with pytest.raises(NotAnArticle):
        read(page(), address="http://[")


SIGNS = (b"<", b">", b"&", b'"', b"-->", b"</div>", b"\0")


@pytest.mark.parametrize("name", sorted(path.name for path in ARTICLES.iterdir()))
def test_a_damaged_page_is_read_or_refused(name, caplog):
    rng = random.Random(name)
    whole = (ARTICLES / name).read_bytes()
    for _round in range(12):
        body = damaged(whole, rng, SIGNS)
        with suppress(NotAnArticle):
            entry = read(body, "")
            assert 0 < len(entry.title) <= 255
            assert len(entry.author) <= 60
            assert len(entry.summary) <= 300
            assert entry.guid == entry.address == canonical(entry.address)
            assert "\0" not in "".join((entry.title, entry.html, entry.summary))
    assert not caplog.records  # no unexpected exception was caught


def test_forbidden_characters_are_removed():
    given = {"@type": "Article", "headline": "첫\0눈\ud800", "articleBody": f"{LEAD}\0\ud800 끝."}
    given |= {
        "author": "김\ud800민지",
        "image": "https://paper.example/\0.jpg",
        "datePublished": "\0",
    }
    script = f'<script type="application/ld+json">{json.dumps(given)}</script>'
    entry = read(f"<html><head>{script}</head><body></body></html>")
    assert (entry.title, entry.author, entry.picture) == ("첫눈", "김민지", None)
    assert entry.html == f"<p>{LEAD} 끝.</p>"
    assert shown(read(page(f"<p>{LEAD}&#0;&#1;&#xD800;&#xFFFF;</p>"))).replace("\ufffd", "") == LEAD


BIG = 3_000_000
SLOW = {
    "nested": "<div>",
    "nested words": "<b>가",
    "paragraphs": "<p>가나다 라마바.</p>",
    "line breaks": "가<br>",
    "links": "<a href=x>가나다라마바사아</a>",
    "cells": "<table><tr><td>x</td></tr></table>",
    "pictures": "<figure><img src=/x.jpg><figcaption>가</figcaption></figure>",
    "boxes": '<div class="share">가나</div>',
    "less than": "<",
    "ampersands": "&amp",
    "references": "&amp;",
    "signatures": "<p>a@b.example 김민지 기자</p>",
    "headings": "<p>[관련기사]</p>",
    "dates": "입력 2026 ",
    "slashes": "/",
    "comments": "<!--",
    "JSON-LD": '<script type="application/ld+json">{"@type":"x"}</script>',
    "deep JSON-LD": '<script type="application/ld+json">' + "[" * 200_000,
    "letters": "가",
}


@pytest.mark.parametrize("piece", SLOW.values(), ids=SLOW)
def test_no_repeated_sign_makes_reading_slow(piece):
    body = f"<html><title>첫눈</title><body>{TEXT * 3}{piece * (BIG // len(piece.encode()))}"
    began = time.thread_time()
    with suppress(NotAnArticle):
        assert len(read(body).html) <= 200_000
    assert time.thread_time() - began < 20  # quadratic time would take minutes


def test_ten_megabytes():
    began = time.thread_time()
    assert read(page(TEXT) + "<p>" + "글 " * 2_500_000).title == "첫눈 소식"
    assert time.thread_time() - began < 20


def test_exceptions_of_trafilatura_are_handled(monkeypatch, caplog):
    def broken(*_args, **_named):
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", broken)
    caplog.set_level(logging.CRITICAL)
    with pytest.raises(NotAnArticle):
        read(f"<html><title>첫눈</title><body><div>{TEXT}</div>")


def test_web_workers_do_not_import_the_parsers():
    given = (
        "import sys; import collector.reading.articles, collector.reading.feeds;"
        " print({'lxml', 'trafilatura', 'cssselect'} & set(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", given], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"
