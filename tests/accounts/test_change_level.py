"""Changing levels and points by hand for members selected in the list, with a reason."""

import re

import pytest
from django.contrib.auth.models import Permission

from accounts.actions.members import change_level
from accounts.models import Member, PointEntry
from accounts.permissions import Refused
from boards.repair import recount
from tests.conftest import make_member

LIST = "/admin/accounts/member/"


def ask(client, action, *members, **fields):
    chosen = {"action": action, "_selected_action": [member.pk for member in members]}
    return client.post(LIST, {**chosen, **fields}, follow=True)


def test_a_level_changes_once_with_a_reason(minji, owner):
    assert change_level(member=minji, level=5, reason="이벤트", by=owner)
    assert not change_level(member=minji, level=5, reason="이벤트", by=owner)
    minji.refresh_from_db()
    assert minji.level == 5
    event = minji.events.get()
    assert (event.kind, event.words, event.by) == ("level", "레벨 2 → 5 · 이벤트", owner)


def test_an_owners_level_cannot_be_changed(owner):
    with pytest.raises(Refused):
        change_level(member=owner, level=3, by=owner)
    owner.refresh_from_db()
    assert owner.level == 10


def test_the_owner_changes_the_selected_members(as_owner, owner, minji, junho):
    page = ask(as_owner, "set_level", minji, owner)
    assert "민지 (minji)" in page.text
    assert 'name="is_asked"' in page.text
    minji.refresh_from_db()
    assert minji.level == 2, "confirmation comes first"
    page = ask(as_owner, "set_level", minji, owner, is_asked="1", level="4", text="모임지기")
    assert "회원 1명의 레벨을 바꿨습니다." in page.text
    assert "운영자의 레벨은 바꿀 수 없습니다. (owner)" in page.text
    levels = Member.objects.values_list("username", "level")
    assert dict(levels) == {"minji": 4, "junho": 2, "owner": 10}


@pytest.mark.parametrize("fields", [{"level": "4"}, {"level": "11", "text": "-"}, {"text": "-"}])
def test_without_a_level_or_a_reason_the_form_is_shown_again(as_owner, minji, fields):
    page = ask(as_owner, "set_level", minji, is_asked="1", **fields)
    assert page.status_code == 422
    assert "errorlist" in page.text
    minji.refresh_from_db()
    assert minji.level == 2


# -- Points ----------------------------------------------------------------------------------------
def test_points_are_given_once_to_all_selected_members(as_owner, owner, points_on, minji, junho):
    page = ask(as_owner, "give_points", minji, junho)
    about = re.search(r'name="about" value="([0-9a-f-]{36})"', page.text)[1]
    form = {"is_asked": "1", "about": about, "amount": "300", "text": "설맞이"}
    assert (
        "회원 2명의 포인트를 고쳤습니다." in ask(as_owner, "give_points", minji, junho, **form).text
    )
    assert "회원 0명의" in ask(as_owner, "give_points", minji, junho, **form).text, "pressed twice"
    for member in (minji, junho):
        member.refresh_from_db()
        assert member.points == 300
        event = member.events.get()
        assert (event.kind, event.words, event.by) == ("points", "+300 · 설맞이", owner)
    assert recount(repairs=False) == []


def test_no_more_is_taken_than_there_is(as_owner, points_on, minji, junho):
    about = "11111111-1111-4111-8111-111111111111"
    ask(as_owner, "give_points", minji, is_asked="1", about=about, amount="300", text="설")
    form = {"is_asked": "1", "about": about.replace("1", "2"), "amount": "-200", "text": "되돌림"}
    page = ask(as_owner, "give_points", minji, junho, **form)
    assert "회원 1명의 포인트를 고쳤습니다." in page.text
    assert "포인트가 모자랍니다." in page.text
    assert "(junho)" in page.text
    balances = dict(Member.objects.values_list("username", "points"))
    assert (balances["minji"], balances["junho"]) == (100, 0)
    assert not junho.events.exists()


@pytest.mark.parametrize(
    "fields", [{"amount": "0"}, {"amount": "많이"}, {"amount": "5", "text": ""}]
)
def test_an_invalid_form_is_shown_again(as_owner, points_on, minji, fields):
    about = "11111111-1111-4111-8111-111111111111"
    form = {"is_asked": "1", "about": about, "amount": "5", "text": "설", **fields}
    page = ask(as_owner, "give_points", minji, **form)
    assert page.status_code == 422
    assert f'value="{about}"' in page.text
    assert not PointEntry.objects.filter(member=minji).exists()


def test_without_points_the_owner_gets_an_explanation(as_owner, minji):
    form = {"is_asked": "1", "about": "11111111-1111-4111-8111-111111111111"}
    page = ask(as_owner, "give_points", minji, **form, amount="5", text="설")
    assert "포인트를 쓰지 않고 있습니다." in page.text
    assert page.status_code == 422


def test_staff_who_are_not_owners_can_do_neither(log_in, points_on, minji):
    clerk = make_member("clerk", "서기", is_staff=True)
    rights = ["view_member", "change_member"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=rights))
    browser = log_in(clerk)
    about = "11111111-1111-4111-8111-111111111111"
    points = {"is_asked": "1", "about": about, "amount": "5", "text": "-"}
    assert ask(browser, "give_points", minji, **points).status_code == 403
    assert ask(browser, "set_level", minji, is_asked="1", level="9", text="-").status_code == 403
    minji.refresh_from_db()
    assert (minji.level, minji.points) == (2, 0)
