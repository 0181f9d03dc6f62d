"""People and places that the tests are told with. Data is made by the actions, so it is true."""

import itertools
import os

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from accounts.models import Member, PointSettings
from boards import search
from boards.actions.comments import write_comment
from boards.actions.posts import write_post
from boards.models import Board, BoardGroup
from boardsite import robots as limits_of_robots
from boardsite import visitors
from boardsite.models import OneRow
from boardsite.pagecache import pages
from boardsite.remembered import Remembered
from boardsite.versions import Unchanged
from tests.page import CHROME
from visits import robots, tallies

pytest_plugins = ["tests.services", "tests.accounts.providers"]

PASSWORD = "correct-horse-42"


def pytest_collection_modifyitems(config, items):
    """ONLY_DATABASE=1 leaves out what says nothing new on a second database: what never asks one, and
    what is marked `any_database`, for it is about the pages, forms and tokens around the rows."""
    if not os.environ.get("ONLY_DATABASE"):
        return
    asks = {"db", "transactional_db"}
    kept = [
        item
        for item in items
        if (asks & {*item.fixturenames} or item.get_closest_marker("django_db"))
        and not item.get_closest_marker("any_database")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(scope="session")
def media_folders(tmp_path_factory):
    """A name for each test's folder of files, made only when a file is stored: a `tmp_path` for each
    test, most of which store nothing, takes longer than many a test."""
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def clean_slate(settings, media_folders):
    """Nothing that one test leaves in a process reaches the next one."""
    settings.MEDIA_ROOT = next(media_folders)
    cache.clear()
    visitors._salts.clear()
    Remembered.forget_all()
    Unchanged.forget_all()
    pages.clear()
    tallies.forget()
    robots.forget()
    limits_of_robots.forget()


def make_member(username: str, nickname: str, **fields) -> Member:
    return Member.objects.create_user(
        username, f"{username}@example.com", PASSWORD, nickname=nickname, **fields
    )


@pytest.fixture
def side_by_side(transactional_db):
    """For threads: what is written is committed. The search tables are no models: emptied here."""
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
    """Another member: a stranger to what minji wrote."""
    return make_member("junho", "준호")


def make_owner() -> Member:
    return Member.objects.create_superuser(
        "owner", "owner@example.com", PASSWORD, nickname="운영자"
    )


@pytest.fixture
def owner(db):
    return make_owner()


@pytest.fixture
def moderator(db, board):
    """Moderator of `board`, and of no other."""
    member = make_member("moderator", "지킴이")
    board.moderators.add(member)
    return member


@pytest.fixture
def points_on(db):
    """The owner has switched points on: 1,000 for joining, 100 for a day's first visit."""
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


@pytest.fixture
def comment(post, junho):
    return write_comment(author=junho, post=post, text="사진도 올려 주세요")


@pytest.fixture
def as_guest(client):
    return client


@pytest.fixture
def as_reader(db):
    """A guest with a browser: the site counts what he reads."""
    from django.test import Client

    return Client(headers={"user-agent": CHROME})


def _log_in(member):
    from django.test import Client

    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    client.force_login(member)
    return client


@pytest.fixture
def log_in():
    """`log_in(member)`: a browser of his own."""
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
    """A site with a post, comments and a group called free too, so that examples exist."""
    BoardGroup.objects.create(slug="free", name="자유")
    write_comment(author=junho, post=post, text="또 왔어요", parent=comment)
    write_post(author=junho, board=post.board, subject="비밀", source="", is_secret=True)
