"""Kept pages and what is remembered, as somebody meets them who means harm or has bad luck."""

import re
from contextlib import contextmanager
from threading import Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.leaving import leave_site
from accounts.actions.members import suspend_member
from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import move_post, write_post
from boards.actions.reading import count_view
from boards.models import Board, Category, Post, PostLink, PostView
from boardsite.caching import page_cache, triggers
from boardsite.caching.page_cache import pages
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.models import SiteSettings
from boardsite.visitors.identity import today
from tests.boards.test_cached_pages import GOOGLEBOT, UNCOUNTED, is_kept, plain
from tests.page import CHROME, Page

pytestmark = pytest.mark.django_db

# What guests' pages read and no version counts, and why that is no secret and no old news.
READ_UNWATCHED = {
    "accounts_addressblock": "asked before any kept page (BlockAddresses)",
    "accounts_legaltext": "the texts themselves stand on pages that are not kept",
    "accounts_member_groups": "rights to suspend: of the visitor, and an anonymous visitor has none",
    "accounts_member_user_permissions": "likewise",
    "accounts_membersession": "the day when a member was here last: at most ten seconds late",
    "auth_group": "rights to suspend, as above",
    "auth_group_permissions": "likewise",
    "auth_permission": "likewise",
    "boards_searchword": "인기검색어 are chosen once a minute",
    "boards_postview": "in a placeholder",
    "boardsite_daysalt": "in a placeholder",
    "boardsite_scopeversion": "the versions",
    "django_content_type": "rights to suspend, as above",
    "visits_daycount": "in a placeholder",
    "visits_dayvisitor": "in a placeholder",
    "visits_presence": "in a placeholder",
    "visits_visitsettings": "in a placeholder",
}
KEPT = (
    "/",
    "/new/",
    "/popular/",
    "/tags/",
    "/groups/community/",
    "/free/",
    "/free/?sort=likes",
    "/free/1/",
    "/members/minji/",
    "/feed/",
    "/free/feed/",
)


@pytest.fixture
def anonymous():
    return Client(headers=UNCOUNTED)


def forget():
    """As another process would begin."""
    pages.clear()
    VersionedCache.forget_all()


class TestWhatMovesNoVersion:
    def test_every_table_that_guests_pages_read_is_watched_or_excused(self, lived_in):
        tables, reader = set(), Client(headers={"user-agent": CHROME})
        for address in KEPT:
            forget()
            with CaptureQueriesContext(connection) as seen:
                assert reader.get(address).status_code == 200
            assert is_kept(address)
            for each in seen:
                tables |= set(re.findall(r'(?:FROM|JOIN)\s+"?(\w+)"?', each["sql"]))
                tables -= set(re.findall(r"WITH (\w+) ", each["sql"]))
        watched = {each.table for each in triggers.watched()}
        assert len(tables & watched) > 10
        assert tables - watched - READ_UNWATCHED.keys() == set()


class TestPoisoning:
    @pytest.mark.parametrize(
        "headers",
        [
            {"host": "evil.example", "x-forwarded-host": "evil.example"},
            {"x-forwarded-proto": "https", "x-forwarded-prefix": "/evil.example"},
            {"x-original-url": "/evil.example", "referer": "https://evil.example/"},
            {"accept-language": "en", "accept": "application/json", "hx-request": "true"},
            {"range": "bytes=0-9", "if-none-match": "*", "if-match": '"evil.example"'},
            {"cookie": "a; =; sessionid; csrftoken=evil.example; django_language=en"},
        ],
        ids=lambda headers: next(iter(headers)),
    )
    def test_what_one_sends_reaches_nobody_else(self, lived_in, anonymous, settings, headers):
        settings.ALLOWED_HOSTS = ["*"]
        for address in ("/", "/free/", "/free/1/", "/feed/"):
            forget()
            clean = plain(anonymous.get(address).content)
            forget()
            Client(headers=UNCOUNTED | headers).get(address)
            after = anonymous.get(address)
            assert after.status_code == 200
            assert plain(after.content) == clean
            assert b"evil.example" not in after.content

    def test_a_head_first(self, post, anonymous):
        assert anonymous.head("/free/1/").content == b""
        assert post.subject in anonymous.get("/free/1/").content.decode()

    def test_robots_get_their_own_and_people_theirs(self, post):
        robot, reader = Client(headers={"user-agent": GOOGLEBOT}), Client(headers=UNCOUNTED)
        for first, second in ((robot, reader), (reader, robot)):
            forget()
            for client in (first, second, first, second):
                has_list = "열람중" in client.get("/free/1/").content.decode()
                assert has_list == (client is reader)

    def test_refusals_and_ways_to_elsewhere_are_kept_for_nobody(
        self, post, other_board, owner, anonymous
    ):
        move_post(post=post, board=other_board, by=owner)
        for address, status in (
            ("/free/1/", 301),
            ("/free/?category=999", 404),
            ("/free/?page=9", 404),
            ("/qna/1/?comments=9", 404),
            ("/tags/none/", 404),
            ("/free", 301),
        ):
            response = anonymous.get(address)
            assert response.status_code == status, address
            assert page_cache._MARK.encode() not in response.content
        assert not pages.people.pages

    @pytest.mark.parametrize("cookie", ["sessionid=", 'sessionid="x"', "messages=x"])
    def test_a_request_with_a_session_is_not_anonymous(self, post, cookie):
        Client(headers=UNCOUNTED | {"cookie": cookie}).get("/free/")
        assert not pages.people.pages

    def test_text_that_looks_like_a_placeholder(self, board, minji, anonymous):
        words = f"{'0' * 24}csrf_token{'0' * 24} view_count:1"
        write_post(author=minji, board=board, subject=words, source=words)
        for _ in range(2):
            assert words in anonymous.get("/free/1/").content.decode()


class TestMarkup:
    EVIL = "\"'><img src=x onerror=1>{{7*7}}"
    SHORT = "\"'><i onerror=1>"  # names are short

    def test_no_words_of_anybody_become_tags(self, board, minji, junho, anonymous):
        evil = self.EVIL
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": evil})
        Member.objects.filter(pk=minji.pk).update(nickname=self.SHORT, signature=evil)
        minji.refresh_from_db()
        type(board.group).objects.update(name=evil)
        Board.objects.update(name=evil, description=evil, shows_signature=True, use_tags=True)
        board.refresh_from_db()
        category = Category.objects.create(board=board, name=self.SHORT)
        post = write_post(
            author=minji, board=board, subject=evil, source=evil, category=category, tags=["봄"]
        )
        write_comment(post=post, author=minji, text=evil)
        PostLink.objects.create(post=post, url="https://example.com/?'\"<", name=evil)
        Post.objects.update(link_count=1)
        member = Client()
        member.force_login(junho)
        for client in (anonymous, member):
            for address in KEPT[:9]:  # feeds are no HTML
                content = client.get(address).content
                page = Page(content)
                assert not [each for each in page.all() if "onerror" in each.attributes], address
                assert "<img src=x" not in content.decode(), address
                assert "<i onerror" not in content.decode(), address
                assert "{{7*7}}" in content.decode(), address
                for each in page.all("script"):
                    assert each.attributes.get("src") or "ld+json" in each["type"]


@contextmanager
def before_query(number: int, operation):
    """`operation` is done, and committed, by somebody else right before the query of that number."""
    asked = 0

    def wait(execute, sql, params, many, context):
        nonlocal asked
        asked += 1
        if asked == number:
            other = Thread(target=by_somebody_else, args=[operation])
            other.start()
            other.join()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wait):
        yield lambda: asked


def by_somebody_else(operation):
    try:
        operation()
    finally:
        connections.close_all()


@pytest.mark.usefixtures("side_by_side")
@pytest.mark.parametrize("address", ["/", "/free/", "/free/1/"])
def test_whatever_is_hidden_while_a_page_is_made_is_not_in_the_next(board, minji, address):
    """At each place between two queries of the page."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("Threads share the one connection of a database in memory")
    write_post(author=minji, board=board, subject="머리말", source="하나")
    post = write_post(author=minji, board=board, subject="숨길 글", source="둘")
    reader, number, asked = Client(headers=UNCOUNTED), 1, 1
    while number <= asked:
        Post.objects.filter(pk=post.pk).update(state="published")
        forget()
        with before_query(
            number, lambda: Post.objects.filter(pk=post.pk).update(state="hidden")
        ) as count:
            reader.get(address)
        asked = count()
        for _ in range(2):
            assert "숨길 글" not in reader.get(address).content.decode(), (number, address)
        number += 1
    assert asked > 3


@pytest.mark.usefixtures("side_by_side")
def test_a_long_transaction_shows_when_it_is_committed(post):
    """A page that is made meanwhile is kept for the version of before, and good no longer."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("Two connections share the one database in memory")
    reader, other = Client(headers=UNCOUNTED), connections.create_connection("default")
    reader.get("/free/")  # the first visit of all makes the site's settings
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE boards_post SET state = 'hidden' WHERE id = %s", [post.pk])
        if connection.vendor == "postgresql":  # where others may write meanwhile
            Post.objects.filter(pk=post.pk + 1).update(subject="")
            post.board.categories.create(name="잡담")
        for _ in range(2):
            assert post.subject in reader.get("/free/").content.decode()
        assert is_kept("/free/")
        other.commit()
        assert post.subject not in reader.get("/free/").content.decode()
    finally:
        other.close()


class TestRightsThatEnd:
    """A member whose page has been remembered is a guest with the next request."""

    @pytest.mark.parametrize(
        "operation",
        [
            lambda member, owner: suspend_member(
                member=member, until=None, reason="도배", by=owner
            ),
            lambda member, owner: leave_site(member=member),
            lambda member, owner: Member.objects.filter(pk=member.pk).update(is_active=False),
            lambda member, owner: Session.objects.all().delete(),
            lambda member, owner: Session.objects.update(expire_date=timezone.now()),
            lambda member, owner: Member.objects.filter(pk=member.pk).update(password="!"),
            lambda member, owner: Member.objects.filter(pk=member.pk).delete(),
        ],
        ids=["suspended", "left", "inactive", "logged out", "too late", "password", "erased"],
    )
    def test_who_is_shut_out_is_a_guest(self, board, owner, operation):
        reader = Member.objects.create_user("reader", "reader@example.com", "x" * 12)
        Board.objects.filter(pk=board.pk).update(list_level=2)
        client = Client()
        client.force_login(reader)
        for _ in range(2):
            assert client.get("/free/").status_code == 200
        operation(reader, owner)
        assert client.get("/free/").status_code == 403
        assert "자유게시판" not in client.get("/").content.decode()


class TestCounting:
    def test_a_view_of_what_has_been_purged_meanwhile(self):
        assert count_view(post=999_999, visitor=7, day=today()) == 0
        assert not PostView.objects.exists()
