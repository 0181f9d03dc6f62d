"""Before the owner enables a level rule, a preview shows how many members it would have raised in
the last month.
"""

import datetime

import pytest
from django.utils import timezone

from accounts.actions.points import Kind, give_points, spend_points
from accounts.models import LevelRule, Member, PointEntry
from accounts.queries import levels
from accounts.queries.levels import preview
from boards.actions.comments import write_comment
from boards.actions.posts import delete_post, write_post
from tests.conftest import make_member

LIST = "/admin/accounts/levelrule/"


def ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def old_minji(minji):
    Member.objects.filter(pk=minji.pk).update(date_joined=ago(100))
    minji.refresh_from_db()
    return minji


@pytest.fixture
def rule(db):
    return LevelRule.objects.create(level=3, posts=2)


def write(author, board, *days: float):
    for each in days:
        write_post(
            author=author, board=board, subject="글", source="<p>글</p>", created_at=ago(each)
        )


def weeks_of(rule) -> list[int]:
    found = preview(rule)
    return [found.before, *found.weeks]


@pytest.mark.parametrize(
    ("days", "weeks"),
    [
        ((60, 50), [1, 0, 0, 0, 0]),
        ((60, 25), [0, 1, 0, 0, 0]),
        ((60, 15), [0, 0, 1, 0, 0]),
        ((60, 8), [0, 0, 0, 1, 0]),
        ((60, 6, 5), [0, 0, 0, 0, 1]),
        ((60,), [0, 0, 0, 0, 0]),
    ],
)
def test_a_member_rises_in_the_week_of_the_last_post_that_the_rule_needs(
    rule, old_minji, board, days, weeks
):
    write(old_minji, board, *days)
    assert weeks_of(rule) == weeks


def test_deleted_posts_never_count(rule, old_minji, board):
    write(old_minji, board, 60, 50, 5)
    delete_post(post=board.posts.earliest("created_at"), by=old_minji)
    assert weeks_of(rule) == [0, 0, 0, 0, 1]


def test_comments_count_on_the_day_they_were_written(old_minji, post, junho):
    rule = LevelRule.objects.create(level=3, comments=1)
    Member.objects.filter(pk=junho.pk).update(date_joined=ago(100))
    comment = write_comment(author=junho, post=post, text="안녕")
    type(comment).objects.filter(pk=comment.pk).update(created_at=ago(16))
    assert weeks_of(rule) == [0, 0, 1, 0, 0]


def test_days_since_joining_are_exact(minji, junho):
    rule = LevelRule.objects.create(level=3, days=10)
    # fulfilled the rule 6.9 days ago
    Member.objects.filter(pk=minji.pk).update(date_joined=ago(16.9))
    Member.objects.filter(pk=junho.pk).update(date_joined=ago(17.1))
    assert weeks_of(rule) == [0, 0, 0, 1, 1]


def test_points_are_those_of_the_ledger_at_that_time(points_on, old_minji):
    rule = LevelRule.objects.create(level=3, points=100)
    amounts = [(40, 150), (35, -100), (10, 80)]
    for days, amount in amounts:
        action = give_points if amount > 0 else spend_points
        about = f"operation{days}"
        action(member=old_minji, kind=Kind.MANUAL, about=about, text="-", amount=abs(amount))
        PointEntry.objects.filter(about=about).update(at=ago(days))
    assert weeks_of(rule) == [0, 0, 0, 1, 0]  # 50 a month ago, 130 since ten days ago


def test_the_preview_takes_as_many_queries_for_many_members(rule, board, django_assert_num_queries):
    for number in range(30):
        member = make_member(f"someone{number}", f"누구{number}", date_joined=ago(90))
        write(member, board, 60, 12)
    with django_assert_num_queries(4):
        assert weeks_of(rule) == [0, 0, 0, 30, 0]


def test_on_a_big_site_the_preview_stops_at_a_limit_and_says_so(
    monkeypatch, as_owner, minji, junho
):
    monkeypatch.setattr(levels, "MOST", 1)
    rule = LevelRule.objects.create(level=3)
    assert preview(rule).is_capped
    assert sum(weeks_of(rule)) == 1
    assert "명까지만 살폈습니다." in as_owner.get(f"{LIST}{rule.pk}/change/").text


def test_only_the_owner_sees_the_preview(as_owner, as_minji, rule, old_minji, board):
    write(old_minji, board, 60, 15)
    page = as_owner.get(f"{LIST}{rule.pk}/change/").text
    assert '<th scope="row">21일 전부터 14일 전까지</th><td>1</td>' in page
    assert Member.objects.get(pk=old_minji.pk).level == 2, "looking raises nobody"
    assert as_minji.get(f"{LIST}{rule.pk}/change/").status_code in (302, 403)
