"""역할: an owner gives members roles, in sentences instead of Django's permissions."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from accounts.actions.roles import set_roles
from accounts.models import Member, MemberEvent
from accounts.permissions import Refused
from accounts.roles import ROLES
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db
MEMBERS = "/admin/accounts/member/"


def form(member: Member, *roles: str, **more) -> dict:
    names = {"username": member.username, "nickname": member.nickname, "email": member.email}
    return names | {"level": member.level, "is_active": "on", "given_roles": roles, **more}


def save(browser, member: Member, *roles: str, **more):
    address = f"{MEMBERS}{member.pk}/change/"
    response = browser.post(address, form(member, *roles, **more), follow=True)
    member.refresh_from_db()
    return response


def boxes(browser, member: Member) -> list[str]:
    page = Page(browser.get(f"{MEMBERS}{member.pk}/change/").content)
    return [box["value"] for box in page.all("input", name="given_roles")]


def helper(*roles: str) -> Member:
    return make_member("helper", "도우미", roles=" ".join(roles), is_staff=True)


def test_the_owner_gives_and_takes_roles(as_owner, owner, minji):
    page = as_owner.get(f"{MEMBERS}{minji.pk}/change/").text
    for role in ROLES.values():
        assert f"<b>{role.name}</b>" in page
        assert str(role.sentence) in page
    assert "Can add" not in page
    assert "user_permissions" not in page
    save(as_owner, minji, "reports", "statistics")
    assert (minji.roles, minji.is_staff) == ("reports statistics", True)
    save(as_owner, minji, "statistics")
    save(as_owner, minji)
    assert (minji.roles, minji.is_staff) == ("", False)
    events = MemberEvent.objects.filter(member=minji, kind=MemberEvent.Kind.ROLES).order_by("pk")
    assert [each.words for each in events] == [
        "줌: 신고 담당, 통계 보기",
        "거둠: 신고 담당",
        "거둠: 통계 보기",
    ]
    assert {each.by for each in events} == {owner}
    assert LogEntry.objects.filter(change_message__startswith="역할 변경").count() == 3


@pytest.mark.any_database
def test_the_list_finds_members_by_role(as_owner, minji, junho):
    save(as_owner, minji, "reports")
    for role, found in (("any", True), ("reports", True), ("boards", False)):
        page = as_owner.get(MEMBERS, {"role": role}).text
        assert (f"{MEMBERS}{minji.pk}/change/" in page) == found, role
        assert f"{MEMBERS}{junho.pk}/change/" not in page
    assert "신고 담당" in as_owner.get(MEMBERS).text


def test_the_same_roles_again_change_nothing(owner, minji):
    assert set_roles(member=minji, roles={"reports"}, by=owner)
    assert not set_roles(member=minji, roles={"reports", "unknown"}, by=owner)
    assert minji.events.count() == 1


def test_staff_give_what_they_have_themselves(log_in, minji):
    browser = log_in(helper("staff"))
    assert boxes(browser, minji) == [key for key in ROLES if key != "staff"]
    save(browser, minji, "members", "statistics")
    assert minji.roles == "members statistics"
    save(browser, minji, "statistics")
    assert minji.roles == "statistics"


@pytest.mark.parametrize("roles", [["staff"], ["staff", "reports"]])
def test_only_owners_make_somebody_staff(log_in, minji, roles):
    boss = helper("staff")
    save(log_in(boss), minji, *roles)
    assert (minji.roles, minji.is_staff) == ("", False)
    with pytest.raises(Refused):
        set_roles(member=minji, roles=roles, by=boss)


def test_staff_do_not_touch_other_staff_or_owners(log_in, junho, owner):
    browser = log_in(helper("staff"))
    Member.objects.filter(pk=junho.pk).update(roles="staff", is_staff=True)
    for member in (junho, owner):
        assert save(browser, member, "reports").status_code == 403
        assert browser.post(f"{MEMBERS}{member.pk}/password/", {}).status_code == 403
    assert junho.roles == "staff"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "staff"])
def test_other_roles_give_none(log_in, minji, role):
    giver = helper(role)
    save(log_in(giver), minji, role)
    assert minji.roles == ""
    with pytest.raises(Refused):
        set_roles(member=minji, roles=[role], by=giver)


def test_members_staff_do_not_change_people_with_a_role(log_in, minji):
    """Otherwise they could set the password of somebody with other rights."""
    Member.objects.filter(pk=minji.pk).update(roles="statistics", is_staff=True)
    browser = log_in(helper("members"))
    assert browser.post(f"{MEMBERS}{minji.pk}/password/", {}).status_code == 403


def test_single_permissions_can_be_taken_back(as_owner, minji):
    minji.user_permissions.add(Permission.objects.get(codename="view_member"))
    Member.objects.filter(pk=minji.pk).update(is_staff=True)
    assert "따로 준 권한 거두기" in as_owner.get(f"{MEMBERS}{minji.pk}/change/").text
    save(as_owner, minji, "reports", drops_permissions="on")
    assert not minji.user_permissions.exists()
    assert (minji.roles, minji.is_staff) == ("reports", True)
    assert "따로 준 권한 거두기" not in as_owner.get(f"{MEMBERS}{minji.pk}/change/").text


def test_a_new_owner_gets_in(as_owner, minji):
    save(as_owner, minji, is_superuser="on")
    assert minji.is_staff
    save(as_owner, minji)
    assert (minji.is_superuser, minji.is_staff) == (False, False)
