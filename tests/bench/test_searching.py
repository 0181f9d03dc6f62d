"""The queries that measure the search, and the program that does it."""

from collections import Counter
from types import SimpleNamespace

import pytest
from django.utils import timezone

from bench import searching
from boards.actions.posts import write_post
from boards.demo.plan import plan

KINDS = "word spaces particle apart number minus quotes keyboard initials question".split()


def test_there_are_two_hundred_queries_of_every_kind():
    queries = searching.queries()
    assert len({query.typed for query in queries}) == len(queries) >= 200
    counts = Counter(query.kind for query in queries)
    assert list(counts) == KINDS
    assert min(counts.values()) >= 12
    assert all(query.typed and query.meant for query in queries)


def test_posts_of_the_demo_are_meant_by_nearly_all():
    """A query that means no post of the demo measures nothing."""
    posts = [
        SimpleNamespace(
            subject=each.entry.subject, body=SimpleNamespace(html=f"<p>{each.entry.text}</p>")
        )
        for each in plan(timezone.now())
    ]
    empty = [
        query.typed
        for query in searching.queries()
        if not any(searching.is_meant(query.meant, post) for post in posts)
    ]
    # Prices are different each day; two questions ask for what nobody wrote.
    assert len(empty) < 25, empty


@pytest.mark.parametrize(
    ("meant", "is_meant"),
    [
        ("소금빵", True),
        ("벤치에서소금빵", True),
        ("6790", True),
        ("소금빵 !갈매기", False),
        ("소금빵 !두부", True),
        ("title:벤치에서", True),
        ("title:갈매기", False),
        ("=해변|등대", True),
        ("=갈매기", False),
    ],
)
def test_meaning(meant, is_meant):
    body = SimpleNamespace(html="<p>갈매기가 6,790원을</p>")
    post = SimpleNamespace(subject="해변 벤치에서 소금빵", body=body)
    assert searching.is_meant(meant, post) == is_meant


def test_recall_and_precision_are_those_of_the_search(board, minji, monkeypatch):
    for number in range(25):
        write_post(author=minji, board=board, subject=f"급식 {number}", source="<p>미역국</p>")
    write_post(author=minji, board=board, subject="소금빵", source="<p>가</p>")
    asked = [
        searching.Query("word", "급식", "급식"),
        searching.Query("word", "급식", "소금빵"),
        searching.Query("apart", "소금빵이", "소금빵"),
        searching.Query("apart", "갈매기", "소금빵"),
        searching.Query("apart", "갈매기", "갈매기"),
    ]
    monkeypatch.setattr(searching, "queries", lambda: asked)
    assert searching.measured() == {
        "word": (2, 0.5, 0.5, ["급식"]),
        "apart": (3, 2 / 3, 2 / 3, ["갈매기"]),
        "all": (5, 0.6, 0.6, ["급식", "갈매기"]),
    }
