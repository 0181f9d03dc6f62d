"""Levels by the owner's rules: all conditions, only upwards, with a preview."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.actions.levels import raise_levels
from accounts.models import LevelRule, Member
from tests.conftest import make_member

ALL = {"points": 100, "posts": 3, "comments": 5, "days": 10}


def level_of(member) -> int:
    member.refresh_from_db()
    return member.level


@pytest.fixture
def rule(db):
    return LevelRule.objects.create(level=3, is_on=True, **ALL)


def become(member, **changes):
    """Makes the member meet every condition, except for `changes`."""
    joined = timezone.now() - datetime.timedelta(days=11)
    fields = {"points": 100, "post_count": 3, "comment_count": 5, "date_joined": joined}
    Member.objects.filter(pk=member.pk).update(**fields | changes)


def test_a_member_who_meets_all_conditions_rises(rule, minji, junho):
    become(minji)
    assert raise_levels() == 1
    assert (level_of(minji), level_of(junho)) == (3, 2)
    assert raise_levels() == 0


@pytest.mark.parametrize(
    "short",
    [
        {"points": 99},
        {"post_count": 2},
        {"comment_count": 4},
        {"date_joined": timezone.now() - datetime.timedelta(days=9)},
        {"is_active": False},
        {"is_robot": True},
    ],
)
def test_one_unmet_condition_is_enough_to_stay(rule, minji, short):
    become(minji, **short)
    raise_levels()
    assert level_of(minji) == 2


def test_a_level_never_falls(rule, minji):
    become(minji, level=7)
    raise_levels()
    assert level_of(minji) == 7
    become(minji, level=3, points=0)
    raise_levels()
    assert level_of(minji) == 3


def test_the_highest_matching_rule_counts(rule, minji):
    LevelRule.objects.create(level=5, posts=1, is_on=True)
    LevelRule.objects.create(level=6, posts=1, is_on=False)
    become(minji)
    assert raise_levels() == 1
    assert level_of(minji) == 5


def test_the_daily_command_raises_levels(rule, minji, capsys):
    become(minji)
    call_command("tidy")
    assert level_of(minji) == 3
    assert "회원 1명의 레벨이 올랐습니다." in capsys.readouterr().out


# -- in the admin
# ------------------------------------------------------------------------------------
LIST = "/admin/accounts/levelrule/"


def test_a_rule_is_previewed_before_it_is_active(minji, junho, owner, as_owner):
    as_owner.post(f"{LIST}add/", {"level": 4, "is_on": "on", **ALL})
    rule = LevelRule.objects.get()
    assert not rule.is_on, "it is looked at first"
    page = f"{LIST}{rule.pk}/change/"
    assert "지금 레벨이 오를 회원이 없습니다." in as_owner.get(page).content.decode()
    become(minji)
    assert "켜면 바로 1명이 레벨 4 회원이 됩니다: 민지" in as_owner.get(page).content.decode()
    assert level_of(minji) == 2
    as_owner.post(page, {"level": 4, "is_on": "on", **ALL})
    assert (level_of(minji), level_of(junho)) == (4, 2)
    assert level_of(owner) == 10


def test_at_most_twenty_members_are_named(as_owner):
    rule = LevelRule.objects.create(level=3)
    for number in range(22):
        make_member(f"someone{number}", f"누구{number}")
    page = as_owner.get(f"{LIST}{rule.pk}/change/").content.decode()
    assert "22명이 레벨 3 회원이" in page
    assert "누구19 …" in page
    assert "누구20" not in page


@pytest.mark.parametrize("level", [2, 10])
def test_a_rule_can_give_neither_the_first_level_nor_the_owners(as_owner, level):
    as_owner.post(f"{LIST}add/", {"level": level, **ALL})
    assert not LevelRule.objects.exists()


def test_only_owners_write_rules(moderator, log_in):
    Member.objects.filter(pk=moderator.pk).update(is_staff=True)
    assert log_in(moderator).post(f"{LIST}add/", {"level": 3, **ALL}).status_code == 403
    assert not LevelRule.objects.exists()
