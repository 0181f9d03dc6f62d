"""접속 상태 공개: whether others may see that a member is present."""

import pytest
from django.utils import timezone

from accounts.actions.blocks import block_member
from accounts.models import Member
from tests.page import Page

pytestmark = pytest.mark.django_db
PROFILE = "/accounts/profile/"


def test_it_is_on_until_the_member_switches_it_off(as_minji, minji, junho):
    box = Page(as_minji.get(PROFILE).content).one("input", name="shows_presence")
    assert "checked" in box.attributes
    assert (
        "지금 접속해 있는지, 어느 게시판을 보는지가 다른 분들에게 보입니다."
        in as_minji.get(PROFILE).text
    )
    as_minji.post(PROFILE, {"nickname": "민지", "takes_messages": "on"})
    assert not Member.objects.showing_presence_to(junho).filter(pk=minji.pk).exists()
    as_minji.post(PROFILE, {"nickname": "민지", "shows_presence": "on"})
    assert Member.objects.showing_presence_to(junho).filter(pk=minji.pk).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"shows_presence": False},
        {"is_active": False},
        {"is_robot": True},
        {"left_at": timezone.now()},
        {"suspended_until": timezone.now() + timezone.timedelta(days=1)},
    ],
    ids=["hides", "inactive", "collector", "left", "suspended"],
)
def test_members_whom_nobody_sees(minji, junho, guest, owner, changes):
    Member.objects.filter(pk=minji.pk).update(**changes)
    for visitor in (junho, guest, owner):
        shown = Member.objects.showing_presence_to(visitor)
        assert minji not in shown
        assert junho in shown


def test_presence_is_visible_again_after_a_suspension(minji, guest):
    past = timezone.now() - timezone.timedelta(minutes=1)
    Member.objects.filter(pk=minji.pk).update(suspended_until=past)
    assert minji in Member.objects.showing_presence_to(guest)


def test_members_who_blocked_them_do_not_see_them(minji, junho, guest):
    block_member(member=junho, blocked=minji)
    assert minji not in Member.objects.showing_presence_to(junho)
    assert minji in Member.objects.showing_presence_to(guest)
    assert junho in Member.objects.showing_presence_to(minji)
