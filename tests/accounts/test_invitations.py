"""초대 코드: joining with one, its limits, and who creates them."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import suspend_member
from accounts.actions.invitations import (
    InvitationGone,
    clean_code,
    make_invitation,
    new_code,
    use_invitation,
)
from accounts.actions.leaving import leave_site
from accounts.models import Invitation, Member, MemberSettings
from accounts.permissions import Refused
from boardsite.models import OneRow
from tests.accounts.test_sign_up import SIGN_UP, sign_up
from tests.boards.browsing import all_at_once
from tests.conftest import make_member
from tests.page import Page

pytestmark = pytest.mark.django_db
PAGE = "/accounts/invitations/"
MAKE = "/accounts/invitations/make/"
GONE = "쓸 수 없는 초대 코드입니다."


def owner_sets(**fields):
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


@pytest.fixture
def by_invitation(db):
    owner_sets(needs_invitation=True, invitations_per_member=2)


@pytest.fixture
def invitation(by_invitation, owner):
    return make_invitation(maker=owner)


def test_it_lets_one_person_join(as_guest, invitation):
    assert sign_up(as_guest, code=invitation.code).status_code == 302
    sora = Member.objects.get(username="sora")
    assert sora.invitation == invitation
    second = {"username": "haneul", "nickname": "하늘", "email": "haneul@example.com"}
    page = sign_up(Client(), code=invitation.code, **second)
    assert GONE in page.text
    assert not Member.objects.filter(username="haneul").exists()


@pytest.mark.parametrize(
    ("code", "sentence"), [("", "초대 코드를 입력해 주세요."), ("AAAA-BBBB-CCCCC", GONE)]
)
def test_nobody_joins_without_one(as_guest, invitation, code, sentence):
    page = sign_up(as_guest, code=code)
    assert sentence in page.text
    assert 'value="sora"' in page.text
    assert not Member.objects.filter(username="sora").exists()


def test_no_code_is_asked_for_while_everybody_may_join(as_guest):
    assert "초대 코드" not in as_guest.get(SIGN_UP).text
    assert sign_up(as_guest, code="x").status_code == 302


def test_its_link_fills_it_in_and_an_error_keeps_it(as_guest, invitation):
    def shown(page):
        return Page(page.text).one("input", name="code")["value"]

    assert shown(as_guest.get(f"{SIGN_UP}?code={invitation.code}")) == invitation.code
    assert shown(sign_up(as_guest, code=invitation.code, nickname="")) == invitation.code
    sign_up(as_guest, code=f" {invitation.code.lower().replace('-', ' ')} ")
    assert Member.objects.filter(invitation=invitation).exists()


def test_it_expires(as_guest, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert GONE in sign_up(as_guest, code=invitation.code).text
    Invitation.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert sign_up(as_guest, code=invitation.code).status_code == 302


def test_guessing_is_limited(as_guest, invitation):
    for _ in range(10):
        assert GONE in sign_up(as_guest, code=new_code()).text
    page = sign_up(as_guest, code=invitation.code)
    assert "초대 코드를 여러 번 틀렸습니다." in page.text
    assert not Member.objects.filter(username="sora").exists()


def test_it_is_used_exactly_as_often_as_allowed_in_parallel(side_by_side, owner):
    invitation = make_invitation(maker=owner, uses=3)
    people = [make_member(f"person{number}", f"사람{number}") for number in range(8)]
    refused = []

    def join(member):
        try:
            use_invitation(invitation=invitation, member=member)
        except InvitationGone:
            refused.append(member)

    all_at_once([partial(join, member) for member in people])
    invitation.refresh_from_db()
    assert invitation.used_count == 3
    assert Member.objects.filter(invitation=invitation).count() == 3
    assert len(refused) == 5


def test_a_failed_sign_up_does_not_use_it_up(as_guest, invitation, minji):
    sign_up(as_guest, code=invitation.code, username="minji")
    invitation.refresh_from_db()
    assert invitation.used_count == 0


def test_one_code_does_not_reveal_which_addresses_have_a_member(as_guest, invitation, minji):
    """Attack case 127: with a member's address the code is used up as with any other."""
    owner_sets(needs_invitation=True, confirms_email=True)
    sent = sign_up(as_guest, code=invitation.code, email=minji.email)
    assert sent.status_code == 302
    assert Member.objects.filter(username="sora").count() == 0
    assert GONE in sign_up(Client(), code=invitation.code, email="nobody@example.com").text
    invitation.refresh_from_db()
    assert invitation.used_count == 1


def test_codes_are_unguessable_and_easy_to_read():
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    for code in codes:
        assert len(code.replace("-", "")) == 13  # of 31 letters: 64 bits
        assert not set(code) & set("01OIL")
        assert clean_code(code.lower()) == code


def test_a_member_creates_as_many_as_the_owner_allows(as_minji, minji, by_invitation):
    assert "코드 만들기 (2개 남음)" in as_minji.get(PAGE).text
    for _ in range(2):
        assert as_minji.post(MAKE, follow=True).status_code == 200
    assert as_minji.post(MAKE).status_code == 403
    first = Invitation.objects.filter(maker=minji).first()
    sign_up(Client(), code=first.code)
    page = as_minji.get(PAGE).text
    assert first.code in page
    assert "이 코드로 가입:" in page
    assert ">소라</a>" in page
    assert "코드 만들기" not in page


def test_a_repeated_submission_creates_one(as_minji, by_invitation):
    for number in (1, 2):
        token = Page(as_minji.get(PAGE).text).one("input", name="submission")["value"]
        for _ in range(2):
            assert as_minji.post(MAKE, {"submission": token})["Location"] == PAGE
        assert Invitation.objects.count() == number


def test_members_see_only_their_own(as_junho, as_guest, minji, by_invitation):
    code = make_invitation(maker=minji).code
    assert code not in as_junho.get(PAGE).text
    assert as_guest.get(PAGE).status_code == 302
    assert as_guest.post(MAKE).status_code == 302
    assert Invitation.objects.count() == 1


def test_by_default_members_cannot_create_any(as_minji, minji):
    assert "운영자만 초대 코드를 만듭니다." in as_minji.get(PAGE).text
    with pytest.raises(Refused):
        make_invitation(maker=minji)


def test_parallel_requests_create_no_more_than_allowed(side_by_side, minji):
    owner_sets(invitations_per_member=2)

    def make():
        with suppress(Refused):
            make_invitation(maker=minji)

    all_at_once([make] * 6)
    assert Invitation.objects.count() == 2


def test_case_86_many_invitations_at_once_are_limited(as_minji, by_invitation):
    owner_sets(needs_invitation=True, invitations_per_member=1000)
    answers = [as_minji.post(MAKE) for _ in range(15)]
    assert answers[-1].status_code == 429
    assert "요청이 너무 잦습니다." in answers[-1].text
    assert Invitation.objects.count() == 10


def test_the_owner_creates_them_in_the_admin_and_sees_who_joined(as_owner, as_minji, by_invitation):
    add = "/admin/accounts/invitation/add/"
    form = {"note": "동창회", "uses": "30", "expires_at_0": "", "expires_at_1": "", "code": "EASY"}
    as_owner.post(add, form)
    made = Invitation.objects.get()
    assert (made.note, made.uses, made.maker.username) == ("동창회", 30, "owner")
    assert len(made.code) == 15
    sign_up(Client(), code=made.code)
    assert "소라 (sora)" in as_owner.get(f"/admin/accounts/invitation/{made.pk}/change/").text
    assert as_minji.get(add).status_code in (302, 403)


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_suspended_members_cannot_join_with_their_own_code(
    as_guest, by_invitation, minji, owner, state
):
    code = make_invitation(maker=minji).code
    if state == "suspended":
        suspend_member(member=minji, until=None, reason="도배", by=owner)
    else:
        leave_site(member=minji)
    assert GONE in sign_up(as_guest, code=code).text
    assert not Member.objects.filter(username="sora").exists()
    Member.objects.filter(pk=minji.pk).update(suspended_until=None, left_at=None)
    assert sign_up(as_guest, code=code).status_code == 302
