"""The database counts changes: every kind of write changes the version of the scopes it affects."""

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reading import count_view
from boards.models import Board, Category, Post
from boardsite.caching import triggers, versions
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.caching.versions import ALL, SITE, Query
from boardsite.models import ScopeVersion, SiteSettings
from boardsite.reporting.alarms import triggers_are_there
from boardsite.visitors.identity import today

pytestmark = pytest.mark.django_db


def counts(*scopes: int) -> list[int]:
    with versions.reading() as now:
        return [now.of(scope)[1] for scope in scopes]


def moved(*scopes: int, by) -> list[bool]:
    before = counts(*scopes)
    by()
    return [now > then for then, now in zip(before, counts(*scopes), strict=True)]


@pytest.fixture
def post(board, minji):
    return write_post(board=board, author=minji, subject="봄나물", source="냉이")


class TestPiggybacked:
    """Queries that run in the statement that reads the versions."""

    def test_each_query_gets_its_result_and_the_versions_are_right(self, board, post):
        Post.objects.filter(pk=post.pk).update(view_count=7, like_count=3)
        expected = counts(board.pk, SITE, ALL)
        sql = f"SELECT view_count, like_count FROM {Post._meta.db_table} WHERE id = %s"
        with versions.reading() as now, CaptureQueriesContext(connection) as captured:
            now.piggybacked = {
                "post": Query(sql, [post.pk]),
                "nothing": Query(sql, [0]),
                ("two", "1"): Query("SELECT %s, %s", [2**40, 0]),
            }
            assert [now.of(scope)[1] for scope in (board.pk, SITE, ALL)] == expected
        assert now.results == {"post": (7, 3), ("two", "1"): (2**40, 0)}
        assert len(captured) == 1

    @pytest.mark.django_db(transaction=True)
    def test_a_failing_query_does_not_affect_the_versions(self, board, post, caplog):
        expected = counts(board.pk)
        with versions.reading() as now:
            now.piggybacked = {"gone": Query("SELECT 1, 2 FROM no_such_table", [])}
            assert [now.of(board.pk)[1]] == expected
        assert now.results == {}
        assert "piggybacked" in caplog.text

    def test_on_a_site_without_any_change(self, db):
        ScopeVersion.objects.all().delete()
        with versions.reading() as now:
            now.piggybacked = {"one": Query("SELECT %s, %s", [1, 2])}
            assert now.of(ALL) == (0, 0)
        assert now.results == {"one": (1, 2)}


class TestWriting:
    def test_an_operation_changes_its_boards_version_only(self, board, other_board, post, junho):
        scopes = board.pk, other_board.pk, ALL, SITE
        operations = [
            lambda: write_post(board=board, author=junho, subject="달래", source="장"),
            lambda: write_comment(post=post, author=junho, text="맛있겠네요"),
            lambda: Post.objects.filter(pk=post.pk).update(subject="여름"),
            lambda: post.body.save(),
            lambda: hide_post(post=post, by=None),
            lambda: delete_post(post=post, by=None),
        ]
        for operation in operations:
            assert moved(*scopes, by=operation) == [True, False, True, False]

    def test_moving_a_post_changes_both_boards(self, board, other_board, post):
        def move():
            Post.objects.filter(pk=post.pk).update(board=other_board)

        assert moved(board.pk, other_board.pk, by=move) == [True, True]

    def test_sql_statements_count_too(self, board, post):
        def write():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE boards_comment SET state = 'hidden'")
                cursor.execute("UPDATE boards_post SET is_secret = %s", [True])

        assert moved(board.pk, by=write) == [True]

    def test_reading_a_post_changes_nothing(self, board, post):
        def view():
            count_view(post=post.pk, visitor=7, day=today())

        assert moved(board.pk, SITE, ALL, by=view) == [False, False, False]

    def test_a_site_notice_changes_every_board(self, post, junho):
        def pin():
            Post.objects.filter(pk=post.pk).update(is_site_notice=True, is_notice=True)

        assert moved(SITE, by=pin) == [True]
        assert moved(SITE, by=lambda: write_comment(post=post, author=junho, text="네")) == [True]

    @pytest.mark.parametrize(
        "change",
        [
            lambda board: Board.objects.filter(pk=board.pk).update(name="자유"),
            lambda board: Category.objects.create(board=board, name="잡담"),
            lambda board: SiteSettings.objects.update_or_create(pk=1, defaults={"name": "새 이름"}),
            lambda board: Member.objects.filter(username="minji").update(nickname="단지"),
            lambda board: board.moderators.add(Member.objects.get()),
            lambda board: board.group.moderators.add(Member.objects.get()),
            lambda board: board.group.members.add(Member.objects.get()),
        ],
    )
    def test_what_every_page_shows_changes_the_site(self, board, minji, change):
        assert moved(SITE, by=lambda: change(board)) == [True]

    def test_logging_in_changes_nothing(self, client, board, minji):
        assert moved(SITE, by=lambda: client.force_login(minji)) == [False]

    def test_a_rolled_back_write_changes_nothing(self, board, post):
        def begin():
            with transaction.atomic():
                Post.objects.filter(pk=post.pk).update(subject="여름")
                transaction.set_rollback(True)

        assert moved(board.pk, by=begin) == [False]


class TestTriggers:
    def test_every_column_of_a_post_is_watched_except_the_views(self):
        watched = next(each for each in triggers.watched() if each.name == "post")
        fields = Post._meta.concrete_fields
        columns = {field.column for field in fields if not field.generated}
        assert columns - set(watched.columns) == {"view_count", "view_rank"}

    def test_each_trigger_exists_once(self):
        before = triggers._found("default")
        triggers.install()
        assert triggers._found("default") == before
        assert len(before) == sum(len(each.on) for each in triggers.watched())

    def test_migrate_restores_missing_triggers_and_the_owner_is_alarmed(
        self, board, post, as_owner
    ):
        before, (count,) = triggers._found("default"), counts(SITE)
        triggers.uninstall()
        assert triggers._found("default") == {}
        assert not triggers.is_installed()
        words = "1분 늦게 알 수 있습니다"
        assert words in as_owner.get("/admin/").content.decode()
        call_command("migrate", verbosity=0)
        assert triggers._found("default") == before
        assert counts(SITE)[0] > count
        triggers_are_there.forget()
        assert words not in as_owner.get("/admin/").content.decode()

    def test_a_missing_trigger_is_created_again(self):
        name, table = next(iter(triggers._found("default").items()))
        with connection.cursor() as cursor:
            cursor.execute(triggers._maker("default").drop(name, table))
        triggers.install()
        assert name in triggers._found("default")


@pytest.mark.django_db(transaction=True)
def test_rows_stay_few_and_no_change_is_lost(board):
    (before,) = counts(board.pk)
    changes = 3 * triggers.COLLAPSED
    for _ in range(changes):
        Board.objects.filter(pk=board.pk).update(post_count=1)
    assert ScopeVersion.objects.filter(scope=board.pk).count() <= triggers.COLLAPSED + 1
    assert counts(board.pk) == [before + changes]


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_post_stay_even_fewer(post):
    part = versions.part_of(post.pk)
    before = versions.read_parts()[part]
    for _ in range(20):
        Post.objects.filter(pk=post.pk).update(subject="여름")
    assert ScopeVersion.objects.filter(scope=part).count() <= triggers.COLLAPSED_PART + 1
    assert versions.read_parts()[part] == before + 20


@pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one writes at a time")
@pytest.mark.django_db(transaction=True)
def test_writers_of_one_board_do_not_wait_for_each_other(board, other_board):
    (before,) = counts(SITE)
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            for each in (board, other_board):
                Category.objects.create(board=each, name="잡담")
            with other.cursor() as cursor:  # would wait for ever for the same row
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute("UPDATE boards_boardgroup SET name = 'ㄱ'")
        assert counts(SITE) == [before + 3]
    finally:
        other.close()


class TestVersionedCache:
    def test_it_loads_once_until_something_changes(self, board, post):
        asked = []
        subject = VersionedCache(lambda pk: asked.append(pk), scope=lambda pk: board.pk)
        for _ in range(2):
            with versions.reading():
                subject(post.pk)
        assert asked == [post.pk]
        Post.objects.filter(pk=post.pk).update(subject="여름")
        with versions.reading():
            subject(post.pk)
        assert asked == [post.pk] * 2

    def test_a_loader_may_use_more_than_the_key(self, board, post):
        subject: VersionedCache[str] = VersionedCache(scope=lambda pk: board.pk)
        with versions.reading():
            assert subject.get((post.pk,), lambda: "봄") == "봄"
            assert subject.get((post.pk,), lambda: "여름") == "봄"
        Post.objects.filter(pk=post.pk).update(subject="여름")
        with versions.reading():
            assert subject.get((post.pk,), lambda: "여름") == "여름"
        assert subject.get((post.pk,), lambda: "가을") == "가을"

    def test_requests_that_may_write_load_again(self, post):
        asked = []
        subject = VersionedCache(lambda: asked.append(1))
        subject()
        subject()
        assert len(asked) == 2

    def test_an_entry_expires(self, post):
        asked = []
        subject = VersionedCache(lambda: asked.append(1), seconds=0)
        for _ in range(2):
            with versions.reading():
                subject()
        assert len(asked) == 2

    def test_the_number_of_entries_is_limited(self, post):
        doubled = VersionedCache(lambda number: number * 2, size=3)
        with versions.reading():
            assert [doubled(number) for number in range(5)] == [0, 2, 4, 6, 8]
        assert list(doubled._entries) == [(2,), (3,), (4,)]
