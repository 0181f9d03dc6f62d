"""The database counts what changes: each way of writing moves the version of what it touches."""

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reading import count_view
from boards.models import Board, Category, Post
from boardsite import triggers, versions
from boardsite.alarms import triggers_are_there
from boardsite.models import ScopeVersion, SiteSettings
from boardsite.versions import ALL, SITE, Question, Unchanged
from boardsite.visitors import today

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


class TestAlong:
    """What the statement that asks for the versions asks besides."""

    def test_each_gets_its_answer_and_the_versions_are_as_ever(self, board, post):
        Post.objects.filter(pk=post.pk).update(view_count=7, like_count=3)
        expected = counts(board.pk, SITE, ALL)
        sql = f"SELECT view_count, like_count FROM {Post._meta.db_table} WHERE id = %s"
        with versions.reading() as now, CaptureQueriesContext(connection) as captured:
            now.along = {
                "post": Question(sql, [post.pk]),
                "nothing": Question(sql, [0]),
                ("two", "1"): Question("SELECT %s, %s", [2**40, 0]),
            }
            assert [now.of(scope)[1] for scope in (board.pk, SITE, ALL)] == expected
        assert now.told == {"post": (7, 3), ("two", "1"): (2**40, 0)}
        assert len(captured) == 1

    @pytest.mark.django_db(transaction=True)
    def test_what_cannot_be_read_hides_nothing_else(self, board, post, caplog):
        expected = counts(board.pk)
        with versions.reading() as now:
            now.along = {"gone": Question("SELECT 1, 2 FROM no_such_table", [])}
            assert [now.of(board.pk)[1]] == expected
        assert now.told == {}
        assert "could not be read" in caplog.text

    def test_on_a_site_without_a_write(self, db):
        ScopeVersion.objects.all().delete()
        with versions.reading() as now:
            now.along = {"one": Question("SELECT %s, %s", [1, 2])}
            assert now.of(ALL) == (0, 0)
        assert now.told == {"one": (1, 2)}


class TestWriting:
    def test_a_deed_moves_its_board_and_no_other(self, board, other_board, post, junho):
        scopes = board.pk, other_board.pk, ALL, SITE
        deeds = [
            lambda: write_post(board=board, author=junho, subject="달래", source="장"),
            lambda: write_comment(post=post, author=junho, text="맛있겠네요"),
            lambda: Post.objects.filter(pk=post.pk).update(subject="여름"),
            lambda: post.body.save(),
            lambda: hide_post(post=post, by=None),
            lambda: delete_post(post=post, by=None),
        ]
        for deed in deeds:
            assert moved(*scopes, by=deed) == [True, False, True, False]

    def test_a_post_that_moves_moves_both(self, board, other_board, post):
        def move():
            Post.objects.filter(pk=post.pk).update(board=other_board)

        assert moved(board.pk, other_board.pk, by=move) == [True, True]

    def test_sql_by_hand_moves_too(self, board, post):
        def write():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE boards_comment SET state = 'hidden'")
                cursor.execute("UPDATE boards_post SET is_secret = %s", [True])

        assert moved(board.pk, by=write) == [True]

    def test_a_view_moves_nothing(self, board, post):
        def view():
            count_view(post=post.pk, visitor=7, day=today())

        assert moved(board.pk, SITE, ALL, by=view) == [False, False, False]

    def test_a_site_notice_stands_everywhere(self, post, junho):
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
    def test_what_stands_on_every_page_moves_the_site(self, board, minji, change):
        assert moved(SITE, by=lambda: change(board)) == [True]

    def test_a_member_who_logs_in_moves_nothing(self, client, board, minji):
        assert moved(SITE, by=lambda: client.force_login(minji)) == [False]

    def test_what_is_taken_back_has_moved_nothing(self, board, post):
        def begin():
            with transaction.atomic():
                Post.objects.filter(pk=post.pk).update(subject="여름")
                transaction.set_rollback(True)

        assert moved(board.pk, by=begin) == [False]


class TestTriggers:
    def test_every_column_of_a_post_counts_but_the_views(self):
        watched = next(each for each in triggers.watched() if each.name == "post")
        columns = {field.column for field in Post._meta.concrete_fields}
        assert columns - set(watched.columns) == {"view_count", "view_rank"}

    def test_they_are_there_once(self):
        before = triggers._found("default")
        triggers.install()
        assert triggers._found("default") == before
        assert len(before) == sum(len(each.on) for each in triggers.watched())

    def test_they_come_back_and_the_owner_hears_of_it(self, board, post, as_owner):
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

    def test_one_that_does_something_else_is_made_anew(self):
        name, table = next(iter(triggers._found("default").items()))
        with connection.cursor() as cursor:
            cursor.execute(triggers._maker("default").drop(name, table))
        triggers.install()
        assert name in triggers._found("default")


@pytest.mark.django_db(transaction=True)
def test_rows_stay_few_and_nothing_is_lost(board):
    (before,) = counts(board.pk)
    changes = 3 * triggers.FOLDED
    for _ in range(changes):
        Board.objects.filter(pk=board.pk).update(post_count=1)
    assert ScopeVersion.objects.filter(scope=board.pk).count() <= triggers.FOLDED + 1
    moves = {"sqlite": 2, "postgresql": 1}[connection.vendor]  # SQLite counts the old row too
    assert counts(board.pk) == [before + moves * changes]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one writes at a time")
@pytest.mark.django_db(transaction=True)
def test_writers_of_one_board_do_not_wait_for_one_another(board, other_board):
    (before,) = counts(SITE)
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            for each in (board, other_board):
                Category.objects.create(board=each, name="잡담")
            with other.cursor() as cursor:  # would wait for ever if it wanted the same row
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute("UPDATE boards_boardgroup SET name = 'ㄱ'")
        assert counts(SITE) == [before + 3]
    finally:
        other.close()


class TestUnchanged:
    def test_it_loads_once_until_something_changes(self, board, post):
        asked = []
        subject = Unchanged(lambda pk: asked.append(pk), scope=lambda pk: board.pk)
        for _ in range(2):
            with versions.reading():
                subject(post.pk)
        assert asked == [post.pk]
        Post.objects.filter(pk=post.pk).update(subject="여름")
        with versions.reading():
            subject(post.pk)
        assert asked == [post.pk] * 2

    def test_what_is_named_by_less_than_it_takes_to_load(self, board, post):
        subject: Unchanged[str] = Unchanged(scope=lambda pk: board.pk)
        with versions.reading():
            assert subject.get((post.pk,), lambda: "봄") == "봄"
            assert subject.get((post.pk,), lambda: "여름") == "봄"
        Post.objects.filter(pk=post.pk).update(subject="여름")
        with versions.reading():
            assert subject.get((post.pk,), lambda: "여름") == "여름"
        assert subject.get((post.pk,), lambda: "가을") == "가을"

    def test_who_may_write_loads_anew(self, post):
        asked = []
        subject = Unchanged(lambda: asked.append(1))
        subject()
        subject()
        assert len(asked) == 2

    def test_it_grows_old(self, post):
        asked = []
        subject = Unchanged(lambda: asked.append(1), seconds=0)
        for _ in range(2):
            with versions.reading():
                subject()
        assert len(asked) == 2

    def test_it_keeps_so_many(self, post):
        doubled = Unchanged(lambda number: number * 2, size=3)
        with versions.reading():
            assert [doubled(number) for number in range(5)] == [0, 2, 4, 6, 8]
        assert list(doubled._kept) == [(2,), (3,), (4,)]
