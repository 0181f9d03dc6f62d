"""별명: how often it may change, what happens to a former one, and which are refused."""

import unicodedata
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.actions import edit_profile
from accounts.models import Member, MemberSettings, NicknameChange
from accounts.permissions import Refused
from boardsite.models import OneRow
from tests.accounts.test_edit_member_in_admin import filled
from tests.accounts.test_edit_profile import edit
from tests.accounts.test_sign_up import sign_up
from tests.boards.browsing import all_at_once

pytestmark = pytest.mark.django_db


def rules(**changes) -> None:
    MemberSettings.objects.update_or_create(pk=1, defaults=changes)
    OneRow.forget()


def days_later(days: int) -> None:
    """As if all changes were so many days older."""
    ago = timedelta(days=days)
    for member in Member.objects.exclude(nickname_changed_at=None):
        member.nickname_changed_at -= ago
        member.save()
    for change in NicknameChange.objects.all():
        change.at -= ago
        change.save()


def nickname(member) -> str:
    return Member.objects.get(pk=member.pk).nickname


def test_a_change_stores_the_former_one(as_minji, minji):
    edit(as_minji, nickname="봄날의곰")
    change = minji.nickname_changes.get()
    assert (change.nickname, change.nickname_key) == ("민지", "민지")
    event = minji.events.get()
    assert (event.kind, event.words, event.by) == ("nickname", "민지 → 봄날의곰", None)


def test_the_same_nickname_is_no_change(as_minji, minji):
    edit(as_minji, introduction="소개")
    assert not NicknameChange.objects.exists()
    assert nickname(minji) == "민지"
    edit(as_minji, nickname="봄날의곰")
    assert nickname(minji) == "봄날의곰"


def test_the_next_change_must_wait_and_the_form_keeps_its_text(as_minji, minji):
    edit(as_minji, nickname="봄날의곰")
    day = timezone.localdate() + timedelta(days=60)
    sentence = f"별명은 {day.year}년 {day.month}월 {day.day}일부터 바꿀 수 있습니다."
    assert sentence in as_minji.get("/accounts/profile/").text
    page = edit(as_minji, nickname="여름곰", introduction="오래 고민해서 쓴 소개")
    assert sentence in page.text
    assert "오래 고민해서 쓴 소개" in page.text
    assert nickname(minji) == "봄날의곰"
    page = edit(as_minji, nickname="봄날의곰", introduction="소개만")
    assert "회원정보가 수정되었습니다." in page.text
    days_later(59)
    edit(as_minji, nickname="여름곰")
    assert nickname(minji) == "봄날의곰"
    days_later(1)
    edit(as_minji, nickname="여름곰")
    assert nickname(minji) == "여름곰"


def test_without_an_interval_it_changes_at_any_time(as_minji, minji, as_junho):
    rules(nickname_days=0)
    edit(as_minji, nickname="봄날의곰")
    edit(as_minji, nickname="여름곰")
    assert nickname(minji) == "여름곰"
    edit(as_junho, nickname="민지")
    assert Member.objects.with_nickname("민지").get().username == "junho"


def test_the_owner_changes_their_own_at_any_time(as_owner, owner):
    edit(as_owner, nickname="주인장")
    edit(as_owner, nickname="촌장")
    assert nickname(owner) == "촌장"


def test_a_former_one_is_reserved_for_the_interval(as_minji, as_junho, as_guest, minji, junho):
    edit(as_minji, nickname="봄날의곰")
    sentence = "다른 회원이 얼마 전까지 쓰던 별명입니다."
    assert sentence in edit(as_junho, nickname="민지").text
    assert sentence in sign_up(as_guest, nickname="민.지").text
    assert nickname(junho) == "준호"
    days_later(61)
    edit(as_junho, nickname="민지")
    assert nickname(junho) == "민지"


def test_its_former_member_may_take_it_back(as_minji, minji):
    edit(as_minji, nickname="봄날의곰")
    minji.refresh_from_db()
    minji.nickname_changed_at -= timedelta(days=60)
    minji.save()
    edit(as_minji, nickname="민지")
    assert nickname(minji) == "민지"


def test_a_change_by_the_staff_has_the_same_history(as_owner, as_minji, owner, minji):
    address = f"/admin/accounts/member/{minji.pk}/change/"
    form = filled(as_owner, address) | {"nickname": "새이름"}
    assert as_owner.post(address, form).status_code == 302
    assert minji.nickname_changes.get().nickname == "민지"
    event = minji.events.get(kind="nickname")
    assert (event.words, event.by) == ("민지 → 새이름", owner)
    edit(as_minji, nickname="민지")
    assert nickname(minji) == "새이름"  # an assigned one stays for the interval


# -- Refused names


@pytest.mark.parametrize(
    "name",
    [
        "so\u200bra",  # a zero-width space
        "\u200d소라",
        "\u202e라소",  # a mark that reverses the reading direction
        "аdmin",  # Cyrillic а
        "adm1n",
        "ad.min",
        "ａｄｍｉｎ",
        "운_영_자",
        unicodedata.normalize("NFD", "민지"),
        "민-지",
    ],
)
def test_nobody_can_impersonate_somebody_else(as_guest, minji, name):
    """Case 17: zero width, RTL override, look-alikes of admin, NFD of an existing one."""
    answer = sign_up(as_guest, nickname=name)
    assert 'id="id_nickname_error"' in answer.text
    assert Member.objects.count() == 1


@pytest.mark.parametrize(
    ("there", "new"), [("leo", "Ie0"), ("l1ly", "ii1y"), ("modern", "modem"), ("Owl", "0vvl")]
)
def test_nobody_can_impersonate_a_member_by_look_alike_letters(as_guest, minji, there, new):
    """Case 17: a look-alike of an existing nickname."""
    minji.set_nickname(there)
    minji.save()
    answer = sign_up(as_guest, nickname=new)
    assert "다른 회원의 별명과 구별하기 어려운 별명입니다." in answer.text
    assert Member.objects.count() == 1


def test_existing_look_alikes_keep_their_names(as_minji, minji, junho):
    for member, name in ((minji, "lily"), (junho, "iily")):
        member.set_nickname(name, is_shared=member == junho)
        member.save()
    page = edit(as_minji, nickname="lily", introduction="소개")
    assert "회원정보가 수정되었습니다." in page.text


@pytest.mark.parametrize(
    ("field", "name", "sentence"),
    [
        ("nickname", "바보", "이미 예약된 단어라서 사용할 수 없는 별명입니다."),
        ("nickname", "바.보", "이미 예약된 단어라서"),
        ("nickname", "광고왕", "이미 예약된 단어라서"),
        ("nickname", "Casino24", "이미 예약된 단어라서"),
        ("username", "casino_24", "이미 예약된 단어라서 사용할 수 없는 아이디입니다."),
        ("username", "mycasino", "이미 예약된 단어라서"),
    ],
)
def test_the_owner_refuses_names_by_pattern(as_guest, field, name, sentence):
    rules(refused_names="바보\r\n광고*\n*casino*\n\n*")
    assert sentence in sign_up(as_guest, **{field: name}).text
    assert not Member.objects.exists()


@pytest.mark.parametrize("name", ["바보온달", "내광고", "소라"])
def test_names_beside_the_patterns_are_allowed(as_guest, name):
    rules(refused_names="바보\n광고*")
    sign_up(as_guest, nickname=name)
    assert Member.objects.get().nickname == name


def test_one_of_many_parallel_changes_succeeds(side_by_side, minji):
    switches = ("introduction", "signature", "shows_profile", "shows_activity", "shows_presence")
    same = {name: getattr(minji, name) for name in (*switches, "takes_messages")}

    def take(name):
        with suppress(Refused):
            edit_profile(member=Member.objects.get(pk=minji.pk), nickname=name, **same)

    # Each form was validated while she could still change it.
    stale = [Member.objects.get(pk=minji.pk) for _ in range(3)]
    edit_profile(member=stale[0], nickname="봄날의곰", **same)
    with pytest.raises(Refused):
        edit_profile(member=stale[1], nickname="여름곰", **same)
    edit_profile(member=stale[2], **same | {"nickname": "민지", "introduction": "다른 창에서"})
    minji.refresh_from_db()
    assert (minji.nickname, minji.introduction) == ("봄날의곰", "다른 창에서")
    days_later(60)
    all_at_once([partial(take, name) for name in ("가을곰", "겨울곰", "새봄곰", "늦봄곰")])
    assert [*minji.nickname_changes.values_list("nickname", flat=True)] == ["민지", "봄날의곰"]
