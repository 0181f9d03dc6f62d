"""A page takes as many queries with many rows as with one. The numbers are written here.

Measured on the second visit: the first one of a process also learns the day's salt, the visitor and
what is popular. Whoever must raise a number says why in the same change.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Attachment, Board, Category, Comment, Post, PostVote
from tests.conftest import make_member

# A member's pages take one more: whom he has blocked (accounts.permissions.blocked_by), once a page.
PAGES = {  # address: queries for a guest, for a member (who is read with his session)
    "/free/": (10, 14),
    "/free/?sort=views": (9, 13),
    "/free/?category={category}": (9, 13),
    "/notes/1/": (17, 22),  # comments are counted for their pages, then read
    "/qna/{last}/": (16, 21),
    "/": (9, 13),  # which boards a member reads decides what is popular for him (remembered)
    "/groups/community/": (10, 13),
    "/new/": (8, 11),
    "/search/?q=벚꽃": (11, 14),  # one for whether this visitor has counted for these words today
    "/search/?q=벚꽃&field=comments": (10, 13),
    "/feed/": (3, 3),
    "/free/feed/": (3, 3),
    "/feed.json": (3, 3),
    "/members/minji/": (9, 12),
}
OWN_PAGES = {  # one's own pages, for a member
    "/my/": 13,
    "/my/posts/": 11,
    "/my/comments/": 12,
    "/my/likes/": 12,
    "/my/settings/": 8,
}
POSTGRES_MORE = (
    2  # a search asks there for its newest era, once for the rows and once for the count
)


@pytest.fixture(autouse=True)
def unhurried_clock(monkeypatch):
    """What is read anew after seconds or minutes is not read again in the middle of a test."""
    monkeypatch.setattr("visits.queries.past_counts.seconds", 10**9)
    monkeypatch.setattr("visits.queries.present_count.seconds", 10**9)
    monkeypatch.setattr("boards.queries.search_words.popular_words.seconds", 10**9)
    monkeypatch.setattr("accounts.queries.address_blocks.known_blocks.seconds", 10**9)


@pytest.fixture
def fill(board, other_board, minji):
    """`fill(count)`: so many posts in both boards, with answers and notices for the whole site; comments
    and files at the post /notes/1/.
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
                    write_post(author=minji, board=place, subject="벚꽃", source="", answer_to=post)
            if number % 10 == 0:
                more = {"is_site_notice": True}
                write_post(author=minji, board=other_board, subject="벚꽃", source="", **more)
        return {"category": categories[0].pk, "last": post.number}

    return write


def count_queries(client, address, on_commit) -> int:
    with on_commit(execute=True):
        client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    # Savepoints and SET LOCAL come and go with the database and the test's own transaction.
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

    def measure(names: dict) -> dict[str, int]:
        return {
            address: count_queries(
                client, address.format(**names), django_capture_on_commit_callbacks
            )
            for address in PAGES
        }

    assert measure(fill(1)) == budgets
    assert measure(fill(29)) == budgets


def test_ones_own_pages_keep_to_theirs(as_minji, minji, fill, django_capture_on_commit_callbacks):
    """minji writes and likes as much as there is."""

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
def test_a_post_with_hundreds_of_comments_and_files(
    request, visitor, post, minji, junho, django_capture_on_commit_callbacks
):  # case 84
    client = request.getfixturevalue(visitor)

    def measure() -> int:
        return count_queries(client, post.get_absolute_url(), django_capture_on_commit_callbacks)

    write_comment(author=junho, post=post, text="하나")
    Attachment.objects.create(post=post, kind="file", name="표.pdf", size=1, file="표.pdf")
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
    assert measure() == few
