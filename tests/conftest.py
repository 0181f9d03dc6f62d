"""Fixtures of all tests: people, boards, posts. The operations of the site create the data, so that
it is consistent."""

import datetime
import itertools
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Model
from django.template.backends import jinja2
from django.test.signals import template_rendered
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts.models import Member, PointSettings
from boards import search
from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Board, BoardGroup, Category, ExtraField, PostBody
from boards.queries.post_fields import PollFields, PostFields
from boardsite.availability import writing
from boardsite.caching.page_cache import pages
from boardsite.caching.ttl_cache import TTLCache
from boardsite.caching.versioned_cache import VersionedCache
from boardsite.databases import optional_writes
from boardsite.health import readiness
from boardsite.limits import rate_limit
from boardsite.models import OneRow
from boardsite.visitors import identity
from boardsite.visitors import robots as limits_of_robots
from tests.page import CHROME
from visits import robots, tallies

pytest_plugins = [
    "tests.collecting",
    "tests.prepared_database",
    "tests.services",
    "tests.accounts.providers",
]

PASSWORD = "correct-horse-42"
readiness.DEADLINE = 60  # seconds; a busy machine is no broken database

# A busy machine generates and runs examples slowly, which says nothing about the code.
hypothesis_settings.register_profile(
    "busy", suppress_health_check=[HealthCheck.too_slow], deadline=None
)
hypothesis_settings.load_profile("busy")


@pytest.fixture(autouse=True, scope="session")
def rendered_contexts():
    """`response.context` of pages in Jinja: Django's test client records those of its own language."""
    render = jinja2.Template.render

    def render_and_record(self, context=None, request=None):
        context = {} if context is None else context
        html = render(self, context, request)
        template_rendered.send(sender=self, template=self, context=context)
        return html

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Template, "render", render_and_record)
        yield


@pytest.fixture(scope="session")
def media_folders(tmp_path_factory):
    """Yields the path of a media folder for each test. The folder is created when a file is stored:
    a `tmp_path` for every test would take longer than many tests do."""
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def clean_slate(settings, media_folders):
    """Clears everything that a test could leave in the process."""
    settings.MEDIA_ROOT = next(media_folders)
    cache.clear()
    identity._salts.clear()
    TTLCache.forget_all()
    VersionedCache.forget_all()
    pages.clear()
    tallies.forget()
    robots.forget()
    limits_of_robots.forget()
    readiness.forget()
    optional_writes.outage.end()
    writing.forget()


@pytest.fixture(autouse=True)
def windows_begin_with_the_test(monkeypatch):
    """No window of a rate limit ends during a test: on a busy machine 101 votes would otherwise
    sometimes fall into two of them. For the limits it is midnight UTC when a test first asks them,
    by the test's own clock where it has one."""
    offset = {}

    def now() -> int:
        seconds = int(timezone.now().timestamp())
        return seconds - offset.setdefault("since midnight", seconds % 86_400)

    monkeypatch.setattr(rate_limit, "_now", now)


@pytest.fixture
def cached_values_are_not_changed(monkeypatch):
    """Cached values are shared by requests. Those of a VersionedCache that hold rows of models, which
    Python cannot freeze, must be at the end what they were when they were stored."""
    stored = []
    get = VersionedCache._get

    def watched(self, args, load, load_args):
        def noted(*load_args):
            value = load(*load_args)
            stored.append((self, args, value, snapshot(value)))
            return value

        return get(self, args, noted, load_args)

    monkeypatch.setattr(VersionedCache, "_get", watched)
    yield
    for cache_, args, value, before in stored:
        assert is_still(before, value), f"{cache_.load} {args}"


def snapshot(value):
    """What `is_still` compares a cached value with."""
    match value:
        case Model():
            return {name: each for name, each in vars(value).items() if name[0] != "_"}
        case list() | tuple():
            return [snapshot(each) for each in value]
        case dict():
            return {key: snapshot(each) for key, each in value.items()}
    return value


def is_still(before, value) -> bool:
    match value:
        case Model():  # fields that were deferred may have been loaded since
            return all(vars(value).get(name) == each for name, each in before.items())
        case list() | tuple():
            pairs = zip(before, value, strict=False)
            return len(before) == len(value) and all(is_still(*each) for each in pairs)
        case dict():
            return before.keys() == value.keys() and all(
                is_still(before[key], each) for key, each in value.items()
            )
    return before == value


def make_member(username: str, nickname: str, **fields) -> Member:
    return Member.objects.create_user(
        username, f"{username}@example.com", PASSWORD, nickname=nickname, **fields
    )


@pytest.fixture
def side_by_side(transactional_db):
    """For tests with threads: transactions are committed. Django does not know the search tables,
    so they are emptied here."""
    yield
    search.posts.clear()
    search.comments.clear()


@pytest.fixture
def guest():
    return AnonymousUser()


@pytest.fixture
def minji(db):
    """A member who writes."""
    return make_member("minji", "민지")


@pytest.fixture
def junho(db):
    """Another member, who has nothing to do with minji's posts."""
    return make_member("junho", "준호")


def make_neighbour(username: str, nickname: str, **fields) -> Member:
    """A member who joined a month ago and has written a post (in a board of their own), so that
    their reports count."""
    joined = timezone.now() - timedelta(days=30)
    member = make_member(username, nickname, **{"date_joined": joined, **fields})
    group, _ = BoardGroup.objects.get_or_create(slug="town", defaults={"name": "동네"})
    town, _ = Board.objects.get_or_create(slug="town", group=group, defaults={"name": "동네"})
    write_post(author=member, board=town, subject="동네 소식", source="<p>안녕하세요.</p>")
    return member


def make_owner() -> Member:
    return Member.objects.create_superuser(
        "owner", "owner@example.com", PASSWORD, nickname="운영자"
    )


@pytest.fixture
def owner(db):
    return make_owner()


@pytest.fixture
def moderator(db, board):
    """The moderator of `board` and of no other board."""
    member = make_member("moderator", "지킴이")
    board.moderators.add(member)
    return member


@pytest.fixture
def points_on(db):
    """Points are switched on: 1,000 for joining, 100 for the first visit of a day."""
    settings, _is_new = PointSettings.objects.update_or_create(pk=1, defaults={"is_on": True})
    OneRow.forget()
    return settings


@pytest.fixture
def group(db):
    return BoardGroup.objects.create(slug="community", name="커뮤니티")


@pytest.fixture
def board(group):
    return Board.objects.create(group=group, slug="free", name="자유게시판", position=1)


@pytest.fixture
def other_board(group):
    return Board.objects.create(group=group, slug="qna", name="질문답변", position=2)


@pytest.fixture
def post(board, minji):
    return write_post(
        author=minji,
        board=board,
        subject="봄나들이 다녀왔어요",
        source="<p>벚꽃이 활짝 피었습니다.</p>",
    )


def furnish(board: Board) -> tuple[Category, ExtraField]:
    """Sets up a board in which a post can have every field."""
    Board.objects.filter(pk=board.pk).update(
        secret_posts=Board.Secret.OPTIONAL, use_tags=True, use_polls=True
    )
    board.refresh_from_db()
    return (
        Category.objects.create(board=board, name="여행"),
        ExtraField.objects.create(board=board, name="지역"),
    )


@pytest.fixture
def everything(board) -> PostFields:
    """Every field of a post with a value other than its default
    (tests/boards/test_post_fields.py)."""
    category, place = furnish(board)
    return PostFields(
        subject="봄나들이",
        source="벚꽃이 피었습니다.",
        format=PostBody.Format.TEXT,
        category=category,
        is_notice=True,
        is_site_notice=True,
        is_secret=True,
        links=["https://pado.kr/1", "https://pado.kr/2"],
        tags=["봄", "나들이"],
        extras={place: "너울골"},
        poll=PollFields(
            question="어디로 갈까요?",
            options=("산", "바다", "집"),
            most_choices=2,
            closes_at=datetime.datetime(2090, 4, 5, 9, 30, tzinfo=datetime.UTC),
            results="voted",
            min_level=3,
            is_changeable=True,
            takes_opinions=True,
        ),
    )


@pytest.fixture
def comment(post, junho):
    return write_comment(author=junho, post=post, text="사진도 올려 주세요")


@pytest.fixture
def as_guest(client):
    return client


@pytest.fixture
def as_reader(db):
    """A guest with a browser, whose page views are counted."""
    from django.test import Client

    return Client(headers={"user-agent": CHROME})


def _log_in(member):
    from django.test import Client

    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    client.force_login(member)
    return client


@pytest.fixture
def log_in():
    """`log_in(member)` returns a client of their own."""
    return _log_in


@pytest.fixture
def as_minji(minji):
    return _log_in(minji)


@pytest.fixture
def as_junho(junho):
    return _log_in(junho)


@pytest.fixture
def as_moderator(moderator):
    return _log_in(moderator)


@pytest.fixture
def as_owner(owner):
    return _log_in(owner)


@pytest.fixture
def lived_in(post, comment, junho):
    """A site with a post, comments and a board group called free too: every route has an
    example."""
    BoardGroup.objects.create(slug="free", name="자유")
    write_comment(author=junho, post=post, text="또 왔어요", parent=comment)
    write_post(author=junho, board=post.board, subject="비밀", source="", is_secret=True)
