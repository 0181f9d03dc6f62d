"""A page takes as many queries with many rows as with one. This file lists the numbers.

They are measured at the third request, without the page cache: the first request of a process also
reads the day's salt, the visitor and the popular posts, and the second reads versions. The first
request after a change takes more queries, but not more per row. A change that raises a number
explains why.
"""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Attachment, Board, Category, Comment, Post, PostVote
from boardsite.caching.ttl_cache import TTLCache
from boardsite.caching.versioned_cache import VersionedCache
from tests.conftest import make_member

# One more query reads whom a member has blocked (accounts.permissions.blocked_by).
PAGES = {  # address: queries for a guest, for a member (whose row is read with the session)
    # members get rows that are cached for ten seconds, and which of these posts they have read
    "/free/": (4, 7),
    "/free/?sort=views": (3, 7),
    "/free/?category={category}": (3, 6),
    "/notes/1/": (11, 13),  # all comments are on one page and take one query
    "/qna/{last}/": (8, 10),  # without comments none are queried
    "/": (2, 4),  # the boards that a member reads select their popular posts (cached)
    "/groups/community/": (3, 5),
    "/new/": (5, 8),
    # One checks whether this visitor has counted for these words today; two look for tags and members
    # of this name.
    "/search/?q=벚꽃": (8, 10),
    "/search/?q=벚꽃&field=comments": (5, 7),
    "/feed/": (
        4,
        4,
    ),  # the version of the settings too: is the site closed?
    "/free/feed/": (3, 3),
    "/feed.json": (4, 4),
    "/members/minji/": (6, 8),
}
OWN_PAGES = {  # pages of the member's own content
    "/my/": 9,
    "/my/posts/": 7,
    "/my/comments/": 8,
    "/my/likes/": 8,
    "/my/settings/": 4,
}
POSTGRES_MORE = 1  # a search on PostgreSQL first asks for the newest id


@pytest.fixture(autouse=True)
def unhurried_clock(monkeypatch, settings):
    """TTL caches do not expire in the middle of the test, and the page cache is off."""
    settings.PAGE_CACHE_MB = 0
    for each in (*VersionedCache._all, *TTLCache._all):
        monkeypatch.setattr(each, "seconds", 10**9)
    # no search is slow and charged
    monkeypatch.setattr("boards.views.search.monotonic", lambda: 0.0)


@pytest.fixture(autouse=True)
def one_era(monkeypatch):
    """A search on PostgreSQL takes one query.

    Sequences continue from the ids of earlier tests; after 32,768 comments a search would take two.
    """
    monkeypatch.setattr("boards.search.postgres.FIRST_ERAS", 10**9)


@pytest.fixture
def fill(board, other_board, minji):
    """Return `fill(count)`, which writes so many posts in both boards, with reply posts and site
    notices, and so many comments and files at /notes/1/.
    """
    categories = [
        Category.objects.create(board=place, name="질문") for place in (board, other_board)
    ]
    first = write_post(
        author=minji,
        board=Board.objects.create(group=board.group, slug="notes", name="쪽지"),
        subject="벚꽃",
        source="<p>벚꽃</p>",
        links=["https://example.com/1", "https://example.com/2"],
    )

    def write(count: int) -> dict:
        for _ in range(count):
            number = Comment.objects.count()
            writer = make_member(f"member{number}", f"회원{number}")
            parent = first.comments.last()
            write_comment(author=writer, post=first, text="벚꽃")
            write_comment(author=minji, post=first, text="벚꽃", parent=parent)
            Attachment.objects.create(post=first, kind="file", name="표.pdf", size=1, file="표.pdf")
            Post.objects.filter(pk=first.pk).update(file_count=F("file_count") + 1)
            for place, category in zip((board, other_board), categories, strict=True):
                for is_secret in (True, False) if number % 5 == 0 else (False,):
                    post = write_post(
                        author=writer if number % 3 else minji,
                        board=place,
                        subject=f"벚꽃 {number}",
                        source="<p>벚꽃</p>",
                        category=category,
                        is_secret=is_secret,
                    )
                if number % 4 == 0:
                    write_post(author=minji, board=place, subject="벚꽃", source="", reply_to=post)
            if number % 10 == 0:
                more = {"is_site_notice": True}
                write_post(author=minji, board=other_board, subject="벚꽃", source="", **more)
        return {"category": categories[0].pk, "last": post.number}

    return write


def count_queries(client, address, on_commit, *, is_first: bool = False) -> int:
    """Count the queries of a request; `is_first`: of the first request after a change, with empty
    caches.
    """
    for _ in range(2):
        with on_commit(execute=True):
            client.get(address)
    if is_first:
        VersionedCache.forget_all()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    # SAVEPOINT and SET LOCAL depend on the database and on the test's own transaction.
    return sum(
        query["sql"].startswith(("SELECT", "INSERT", "UPDATE", "WITH")) for query in captured
    )


@pytest.mark.parametrize(("place", "visitor"), [(0, "as_reader"), (1, "as_junho")])
def test_every_page_keeps_to_its_budget_with_one_row_and_with_thirty(
    request, place, visitor, fill, django_capture_on_commit_callbacks
):
    client = request.getfixturevalue(visitor)
    budgets = {}
    for address, numbers in PAGES.items():
        searches = "search" in address and connection.vendor == "postgresql"
        budgets[address] = numbers[place] + searches * POSTGRES_MORE

    def measure(names: dict, *, is_first: bool = False) -> dict[str, int]:
        return {
            address: count_queries(
                client,
                address.format(**names),
                django_capture_on_commit_callbacks,
                is_first=is_first,
            )
            for address in PAGES
        }

    one = fill(1)
    assert measure(one) == budgets
    first_visits = measure(one, is_first=True)
    thirty = fill(29)
    assert measure(thirty) == budgets
    assert measure(thirty, is_first=True) == first_visits


def test_own_pages_keep_to_their_budget(as_minji, minji, fill, django_capture_on_commit_callbacks):
    """minji writes and likes everything."""

    def measure() -> dict[str, int]:
        liked = Post.objects.exclude(author=minji).exclude(votes__member=minji)
        PostVote.objects.bulk_create(PostVote(post=post, member=minji) for post in liked)
        return {
            address: count_queries(as_minji, address, django_capture_on_commit_callbacks)
            for address in OWN_PAGES
        }

    fill(2)
    assert measure() == OWN_PAGES
    fill(29)
    assert measure() == OWN_PAGES


@pytest.mark.parametrize("visitor", ["as_reader", "as_junho"])
def test_a_post_with_hundreds_of_comments_and_files_keeps_to_its_budget(
    request, visitor, post, minji, junho, django_capture_on_commit_callbacks
):  # case 84
    client = request.getfixturevalue(visitor)

    def measure() -> int:
        return count_queries(client, post.get_absolute_url(), django_capture_on_commit_callbacks)

    write_comment(author=junho, post=post, text="하나")
    Attachment.objects.create(post=post, kind="file", name="표.pdf", size=1, file="표.pdf")
    Post.objects.filter(pk=post.pk).update(file_count=1)
    few = measure()
    comments = Comment.objects.bulk_create(
        Comment(
            post=post,
            author=[minji, junho][number % 2],
            author_name="이름",
            text="댓글",
            html="<p>댓글</p>",
            path=f"{number:06}",
        )
        for number in range(500)
    )
    assert len(comments) == 500  # more than a page
    Attachment.objects.bulk_create(
        Attachment(post=post, kind="file", name="표.pdf", size=1, file="표.pdf") for _ in range(100)
    )
    Post.objects.filter(pk=post.pk).update(file_count=101, comment_count=501)
    assert measure() == few + 1  # more than a page of comments takes a separate count
