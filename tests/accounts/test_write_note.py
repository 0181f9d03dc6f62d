"""The staff's notes about a member, and the member's record."""

import pytest
from django.contrib.auth.models import Permission

from accounts.actions import lift_suspension, suspend_member
from accounts.actions.notes import write_note
from accounts.actions.record import record
from accounts.models import MemberEvent
from tests.conftest import PASSWORD, make_member

MEMBERS = "/admin/accounts/member/"


@pytest.fixture
def page_of(minji):
    return f"{MEMBERS}{minji.pk}/record/"


@pytest.fixture
def clerk(db):
    """Staff who may view members, and are not owners."""
    member = make_member("clerk", "서기", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_member"))
    return member


@pytest.fixture
def as_clerk(clerk, log_in):
    return log_in(clerk)


def test_a_staff_member_informs_the_others(as_clerk, clerk, as_owner, minji, page_of):
    as_clerk.post(page_of, {"text": "<script>alert(1)</script>\n전화로 사과함"})
    note = minji.notes.get()
    assert note.by == clerk
    for address in (page_of, f"{MEMBERS}{minji.pk}/change/"):
        page = as_owner.get(address).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert(1)" not in page
        assert "서기" in page


def test_a_repeated_submission_is_one_note(as_clerk, minji, page_of):
    for _press in range(2):
        as_clerk.post(page_of, {"text": "전화로 사과함"})
    assert minji.notes.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "가" * 2_001])
def test_empty_or_too_long_text_is_an_error(as_clerk, minji, page_of, text):
    page = as_clerk.post(page_of, {"text": text})
    assert page.status_code == 422
    assert "errorlist" in page.text
    assert not minji.notes.exists()


def test_each_deletes_their_own_and_the_owner_all(as_clerk, clerk, as_owner, owner, minji, page_of):
    own = write_note(member=minji, text="내 메모", by=clerk)
    other = write_note(member=minji, text="주인의 메모", by=owner)
    assert f'value="{other.pk}"' not in as_clerk.get(page_of).text
    assert as_clerk.post(page_of, {"delete": other.pk}).status_code == 403
    as_clerk.post(page_of, {"delete": own.pk})
    assert [note.text for note in minji.notes.all()] == ["주인의 메모"]
    assert as_clerk.post(page_of, {"delete": own.pk}).status_code == 302, "pressed twice"
    third = write_note(member=minji, text="또", by=clerk)
    as_owner.post(page_of, {"delete": third.pk})
    assert minji.notes.get() == other


def test_a_note_about_another_member_is_not_deleted_here(as_owner, owner, junho, page_of):
    note = write_note(member=junho, text="준호의 것", by=owner)
    as_owner.post(page_of, {"delete": note.pk})
    assert junho.notes.exists()


def test_the_member_and_others_never_see_it(as_minji, as_junho, as_guest, owner, minji, page_of):
    write_note(member=minji, text="비밀 메모", by=owner)
    for browser in (as_minji, as_junho, as_guest):
        assert browser.get(page_of).status_code in (302, 403)
        assert browser.post(page_of, {"text": "나"}).status_code in (302, 403)
        for address in ("/members/minji/", "/accounts/profile/", "/my/"):
            assert "비밀 메모" not in browser.get(address, follow=True).text
    assert minji.notes.count() == 1


# -- The record ------------------------------------------------------------------------------------
def test_the_record_lists_the_newest_first(as_owner, owner, minji, page_of):
    suspend_member(member=minji, until=None, reason="도배", by=owner)
    lift_suspension(member=minji, by=owner)
    record(member=minji, kind=MemberEvent.Kind.DEVICE, words="Windows의 <b>Chrome</b>")
    for address in (page_of, f"{MEMBERS}{minji.pk}/change/"):
        page = as_owner.get(address).text
        places = [page.index(word) for word in ("새 기기 로그인", "정지 해제", "도배")]
        assert places == sorted(places)
        assert "Windows의 &lt;b&gt;Chrome" in page
        assert "운영자" in page
    assert "기록 전체" in as_owner.get(f"{MEMBERS}{minji.pk}/change/").text


def test_it_has_pages(as_owner, minji, page_of):
    for number in range(60):
        record(member=minji, kind=MemberEvent.Kind.DEVICE, words=f"기기 {number:02}.")
    first = as_owner.get(page_of).text
    assert "기기 59." in first
    assert "기기 09." not in first
    assert "기기 09." in as_owner.get(page_of, {"page": 2}).text
    assert "기기 09." in as_owner.get(page_of, {"page": "999"}).text


def test_an_unknown_member_is_not_found(as_owner):
    assert as_owner.get(f"{MEMBERS}424242/record/").status_code == 404


def fields(member, **changes) -> dict:
    data = {"username": member.username, "nickname": member.nickname, "email": member.email}
    return {**data, "introduction": "", "level": member.level, "is_active": "on", **changes}


def kinds(member) -> dict[str, tuple]:
    return {event.kind: (event.words, event.by) for event in member.events.all()}


def test_changes_by_the_form_are_recorded(as_owner, owner, minji):
    changes = {"nickname": "민지기", "level": "5", "email": "new@example.com"}
    assert (
        as_owner.post(f"{MEMBERS}{minji.pk}/change/", fields(minji, **changes)).status_code == 302
    )
    passwords = {"password1": "gilgeori-42", "password2": "gilgeori-42"}
    passwords["usable_password"] = "true"
    as_owner.post(f"{MEMBERS}{minji.pk}/password/", passwords)
    found = kinds(minji)
    assert found["nickname"] == ("민지 → 민지기", owner)
    assert found["level"] == ("레벨 2 → 5", owner)
    assert found["email"] == ("", owner)
    assert found["password"][1] == owner
    assert minji.nickname_changes.get().nickname == "민지"


def test_an_unchanged_form_records_nothing(as_owner, minji):
    as_owner.post(f"{MEMBERS}{minji.pk}/change/", fields(minji))
    as_owner.post(f"{MEMBERS}{minji.pk}/password/", {"password1": "a", "password2": "b"})
    assert not minji.events.exists()


def test_a_member_added_by_the_staff_has_a_record(as_owner, owner):
    new = {"username": "sora", "nickname": "소라", "email": "sora@example.com"}
    passwords = {"password1": "gilgeori-42", "password2": "gilgeori-42"}
    as_owner.post(f"{MEMBERS}add/", {**new, **passwords, "usable_password": "true"})
    event = MemberEvent.objects.get(member__username="sora")
    assert (event.kind, event.by) == ("joined", owner)


def test_changing_ones_own_password_is_recorded(as_minji, minji):
    passwords = {"password1": "gilgeori-42", "password2": "gilgeori-42"}
    as_minji.post("/accounts/password/change/", {"oldpassword": PASSWORD, **passwords})
    assert kinds(minji)["password"] == ("", None)


def test_staff_do_not_read_notes_about_themselves(as_clerk, clerk, as_owner, owner):
    """The notes are for the other staff; the owner of the site reads all."""
    write_note(member=clerk, text="믿지 말 것", by=owner)
    own = f"{MEMBERS}{clerk.pk}/record/"
    assert as_clerk.get(own).status_code == 403
    assert as_clerk.post(own, {"delete": clerk.notes.get().pk}).status_code == 403
    page = as_clerk.get(f"{MEMBERS}{clerk.pk}/change/")
    assert page.status_code == 200
    assert "믿지 말 것" not in page.text
    assert "있었던 일" not in page.text
    assert "믿지 말 것" in as_owner.get(own).text
    write_note(member=owner, text="쉬는 중", by=clerk)
    assert "쉬는 중" in as_owner.get(f"{MEMBERS}{owner.pk}/change/").text
