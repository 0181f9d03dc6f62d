"""Unusual conditions: rows that change during a pass, wrong clocks, members who are gone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions.members import suspend_member
from boards.actions.deleting_boards import delete_board, restore_board
from boards.models import Category, Post
from collector.actions.collecting import claim, collect_source
from collector.actions.taking_down import take_down
from collector.actions.trying import try_source
from collector.fetching.fetcher import Fetcher
from collector.models import SeenEntry, Source, Trial
from tests.collector.conftest import collect, item, subjects
from tests.conftest import make_member

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=20_000)


@pytest.fixture
def meanwhile(monkeypatch, paper):
    """`meanwhile(action)` runs the action while the source is being fetched."""

    def meanwhile(action) -> None:
        def fetch(fetcher, address, **more):
            answer = paper.fetch(address, **more)
            action()
            return answer

        monkeypatch.setattr(Fetcher, "fetch", fetch)

    return meanwhile


# -- rows that change ------------------------------------------------------------------------------
def test_a_new_address_is_fetched_from_its_beginning_and_soon(source, paper, meanwhile):
    """The stored ETag belongs to the old address; sent to the new one it would hide its
    articles."""
    now = timezone.now()
    new = {"address": "https://paper.example/other", "etag": "", "next_at": now}
    paper(item(1), etag='"1"')
    meanwhile(lambda: Source.objects.filter(pk=source.pk).update(**new))
    collect(source)
    assert (source.etag, source.address, source.next_at) == ("", new["address"], now)
    assert source.claimed_until <= timezone.now()


def test_a_corrected_address_is_not_switched_off_because_of_the_old_one(source, paper, meanwhile):
    paper(status=410)
    rows = Source.objects.filter(pk=source.pk)
    meanwhile(lambda: rows.update(address="https://paper.example/other"))
    collect(source, expects=1)
    assert source.is_on
    assert (source.failures, source.error) == (0, "")
    assert claim(source)


def test_a_board_that_is_deleted_meanwhile_ends_the_pass(source, paper, meanwhile):
    paper(item(1), item(2))
    meanwhile(lambda: source.board.delete() if Source.objects.exists() else None)
    assert claim(source)
    assert collect_source(source) == 0
    assert not Source.objects.exists()
    assert not SeenEntry.objects.exists()


@pytest.mark.django_db(transaction=True)  # constraints are checked at its end
def test_a_category_that_is_deleted_meanwhile_costs_one_pass(source, paper, meanwhile):
    category = Category.objects.create(board=source.board, name="경제")
    Source.objects.update(category=category)
    paper(item(1))
    meanwhile(lambda: Category.objects.all().delete())
    collect(source)
    collect(source)
    assert subjects() == ["기사 1"]
    assert Post.objects.get().category is None


def test_a_source_that_is_taken_down_meanwhile_posts_nothing(source, paper, meanwhile, owner):
    paper(item(1))
    meanwhile(lambda: take_down(source=Source.objects.get(), by=owner))
    collect(source)
    assert subjects() == []
    assert not source.is_on


# -- members ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("gone", ["suspended", "left", "not a robot", "inactive"])
def test_a_member_who_may_not_write_collects_nothing(source, paper, robot, owner, gone):
    match gone:
        case "suspended":
            suspend_member(
                member=robot, by=owner, until=timezone.now() + timedelta(days=1), reason="확인"
            )
        case "left":
            type(robot).objects.filter(pk=robot.pk).update(left_at=timezone.now())
        case "not a robot":
            type(robot).objects.filter(pk=robot.pk).update(is_robot=False)
        case "inactive":
            type(robot).objects.filter(pk=robot.pk).update(is_active=False)
    paper(item(1))
    collect(source, expects=1)
    assert subjects() == []
    assert "글쓴이입니다: 수집기" in source.error
    assert paper.asked == []
    try_source(Source.objects.get())
    assert "글쓴이입니다: 수집기" in Trial.objects.get().error
    Source.objects.update(member=make_member("other", "새수집기", is_robot=True))
    collect(source)
    assert subjects() == ["기사 1"]


def test_nothing_is_collected_into_a_board_in_the_bin(source, paper, owner):
    delete_board(board=source.board, by=owner)
    paper(item(1))
    collect(source, expects=1)
    assert subjects() == []
    restore_board(board=source.board, by=owner)
    Source.objects.update(is_on=True, board=source.board)
    collect(Source.objects.get())
    assert subjects() == ["기사 1"]


# -- clocks ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("field", ["next_at", "claimed_until"])
def test_a_source_postponed_for_years_by_a_wrong_clock_is_due(source, field):
    Source.objects.update(**{field: timezone.now() + YEARS})
    assert source in Source.objects.due()
    assert claim(source)
    assert source not in Source.objects.due()
    Source.objects.update(**{field: timezone.now() + timedelta(minutes=4)})
    assert source not in Source.objects.due()


def test_posts_from_the_future_do_not_use_up_the_hourly_limit(source, paper):
    Source.objects.update(hourly_limit=2)
    paper(item(1), item(2))
    collect(source)
    paper(item(3), item(4))
    collect(source)
    assert len(subjects()) == 2
    SeenEntry.objects.update(seen_at=timezone.now() + YEARS)
    collect(source)
    assert len(subjects()) == 4
