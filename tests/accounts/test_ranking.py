"""포인트 순위: members by their points, only while points are on."""

import datetime

from django.core.cache import cache
from django.utils import timezone

from accounts.models import Member
from accounts.queries.points import ranking
from tests.conftest import make_member
from tests.page import Page, follow


def has(member, points, **fields):
    Member.objects.filter(pk=member.pk).update(points=points, **fields)


def test_members_are_ordered_by_points(points_on, minji, junho, client):
    has(minji, 1200)
    has(junho, 3400)
    follow(Page(client.get("/ranking/").content).text, ["1", "준호", "3,400", "2", "민지", "1,200"])


def test_equal_points_share_a_rank(points_on, minji, junho):
    has(minji, 5)
    has(junho, 5)
    has(make_member("sora", "소라"), 4)
    assert [row.place for row in ranking(None)] == [1, 1, 3]


def test_robots_owners_and_absent_members_are_left_out(points_on, minji, junho, owner, client):
    has(owner, 900)
    has(minji, 800, is_robot=True)
    has(junho, 700, suspended_until=timezone.now() + datetime.timedelta(days=1))
    has(make_member("sora", "소라"), 600, is_active=False)
    has(make_member("bora", "보라"), 0)
    assert client.get("/ranking/").context["rows"] == []


def test_members_with_a_private_profile_are_left_out(points_on, minji, junho, client):
    has(minji, 800)
    has(junho, 700)
    assert "민지" in client.get("/ranking/").text
    has(minji, 800, shows_profile=False)
    page = client.get("/ranking/").text
    assert "민지" not in page
    assert "준호" in page


def test_a_suspended_member_disappears_at_once(points_on, minji, client):
    has(minji, 800)
    assert len(client.get("/ranking/").context["rows"]) == 1
    has(minji, 800, suspended_until=timezone.now() + datetime.timedelta(days=1))
    assert client.get("/ranking/").context["rows"] == []


def test_its_length_is_limited(points_on, monkeypatch, minji, junho):
    monkeypatch.setattr("accounts.queries.points.RANKED", 1)
    has(minji, 2)
    has(junho, 1)
    cache.clear()
    assert [row.member for row in ranking(minji.pk)] == [minji]


def test_it_is_a_404_without_points(client, minji):
    assert client.get("/ranking/").status_code == 404
