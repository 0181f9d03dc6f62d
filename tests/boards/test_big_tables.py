"""No page reads a big table from end to end (case 84), and a missing page costs no more (case 82).

The tests look at the query plans, which show a table scan with few rows as well as with a million.
"""

import re

import pytest
from django.db import connection
from django.db.migrations import AddConstraint, AddIndex, AlterField, RemoveIndex
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext

from boards.actions.comments import write_comment
from boards.actions.posts import hide_post
from boards.actions.reactions import vote_post
from boards.models import Category, Comment, Post
from boardsite.databases.online import AddIndexOnline, RemoveIndexOnline
from tests.crowd import fill_board

BIG = (
    "boards_post|boards_postbody|boards_comment|boards_postvote|boards_commentvote|boards_postview"
    "|boards_attachment|boards_readmark|accounts_member|accounts_notification|accounts_pointentry"
)
SMALL = "post_site_notices|post_notices|post_bin|post_gone"  # partial indexes that contain few of the posts
PAGES = [
    "/free/",
    "/free/?page=3",
    "/free/?category={category}",
    "/free/?sort=likes",
    "/free/{number}/",
    "/free/{number}/?order=newest",
    "/new/",
    "/new/?page=2",
    "/members/minji/",
    "/search/?q=벚꽃",
    "/search/?q=벚꽃&field=comments",
    "/feed/",
    "/free/feed/",
    "/sitemap.xml",
    "/my/posts/",
    "/my/comments/",
    "/my/likes/",
    "/tags/",
    "/free/bin/",
    "/free/bin/?state=hidden",
]


SITE = ("accounts", "boards")
LOCKING = (AddConstraint, AddIndex, AlterField, RemoveIndex)  # PostgreSQL only, while rows are read


def test_indexes_of_big_tables_are_created_and_dropped_while_the_site_runs():
    """boardsite.databases.online; the first migration runs on empty tables."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app not in SITE or migration.initial:
            continue
        for operation in migration.operations:
            model = getattr(operation, "model_name", "")
            if type(operation) in (AddIndexOnline, RemoveIndexOnline):
                assert not migration.atomic, (app, name)
            elif type(operation) in LOCKING:
                assert not re.fullmatch(BIG, f"{app}_{model}"), (app, name, operation)


@pytest.fixture
def names(board, minji, junho, moderator):
    category = Category.objects.create(board=board, name="질문")
    posts = fill_board(board, minji, 70, subject="벚꽃", category=category)
    write_comment(author=moderator, post=posts[40], text="벚꽃")
    vote_post(post=posts[40], member=moderator, value=1)
    hide_post(post=posts[3], by=moderator)
    return {"category": category.pk, "number": posts[40].number}


def queries_of(client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured if query["sql"].startswith(("SELECT", "WITH"))]


def walks(sql: str) -> list[str]:
    """Return the steps of the plan that scan one of the BIG tables completely."""
    names = "|".join([BIG, *re.findall(rf'"(?:{BIG})" "?([A-Z]\d+)"?', sql)])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The planner prefers to scan a small table. Set for each query because a search sets it
            # too.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            steps = [row[0] for row in cursor]
            return [step for step in steps if re.search(rf"Seq Scan on ({BIG})\b", step)]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [(row[1], row[3]) for row in cursor]
    # A scan from the newest row that stops when the page is full reads few rows.
    is_page = " LIMIT " in sql and not any("TEMP B-TREE" in step for _parent, step in steps)
    return [
        step
        for parent, step in steps
        if re.match(rf"SCAN ({names})\b(?!.*({SMALL})$)", step) and not (is_page and parent == 0)
    ]


def test_no_page_scans_a_big_table(as_moderator, names):  # case 84
    for address in PAGES:
        queries = queries_of(as_moderator, address.format(**names))
        assert queries, address
        for sql in queries:
            assert walks(sql) == [], f"{address}: {sql}"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what it has counted")
def test_a_table_scan_is_detected(db):
    with CaptureQueriesContext(connection) as captured:
        list(Post.objects.filter(subject="벚꽃"))
        list(Comment.objects.order_by("text")[:20])
        list(Post.objects.newest_first()[:20])
    assert [len(walks(query["sql"])) for query in captured] == [1, 1, 0]


def test_a_missing_page_costs_no_more_than_an_existing_one(as_moderator, names):  # case 82
    for place in ("/free/", "/new/", "/my/posts/", "/free/bin/"):
        as_moderator.get(place)
        with CaptureQueriesContext(connection) as first:
            assert as_moderator.get(place).status_code == 200
        for page in ("1000000000", "999999999", "-1", "abc"):
            with CaptureQueriesContext(connection) as far:
                assert as_moderator.get(place, {"page": page}).status_code == 404
            assert len(far) <= len(first), (place, page)
            assert not [sql for sql in far if re.search(r"OFFSET [1-9]\d{3}", sql["sql"])]
