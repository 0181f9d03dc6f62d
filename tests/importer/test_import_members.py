"""Members of the sample, their passwords, and names that collide."""

import pytest

from accounts.models import Member
from boards.models import Board, BoardGroup
from boards.repair import recount
from importer.actions.groups import import_boards, import_groups
from importer.actions.members import import_members

PASSWORDS = {"admin": "Adm!n-2026", "hong": "hongpass1!", "kimys": "kim#2026", "leemj": "lee!mj99"}


def test_levels_and_states(moved):
    members = {each.username: each for each in Member.objects.all()}
    assert {name: each.level for name, each in members.items()} == {
        "admin": 10, "hong": 2, "kimys": 5, "leemj": 2, "parkjh": 2, "choisy": 2,
    }  # fmt: skip
    assert [name for name, each in members.items() if each.is_superuser] == ["admin"]
    assert members["parkjh"].is_suspended
    assert members["choisy"].left_at is not None
    assert members["leemj"].signature  # its tags are gone
    assert "<" not in members["leemj"].signature


def test_everybody_logs_in_with_the_old_password_which_is_then_replaced(moved, client):
    for name, password in PASSWORDS.items():
        assert not client.login(username=name, password=password + "x")
        assert client.login(username=name, password=password), name
        assert not Member.objects.get(username=name).password.startswith("gnuboard$")
        assert client.login(username=name, password=password)


def test_who_was_suspended_or_has_left_stays_out(moved, client):
    form = {"login": "parkjh", "password": "park~jh7"}
    assert "정지" in client.post("/accounts/login/", form, follow=True).text


def test_rights(moved):
    assert [each.username for each in Board.objects.get(slug="qna").moderators.all()] == ["kimys"]
    staff = BoardGroup.objects.get(slug="staff")
    assert staff.is_private
    assert {each.username for each in staff.members.all()} == {"kimys", "hong"}


def test_private_groups_stay_private(moved, as_guest, as_minji, client):
    recount()
    for browser in (as_guest, as_minji):
        assert browser.get("/staff/").status_code == 403
    client.login(username="hong", password=PASSWORDS["hong"])
    assert "회의록" in client.get("/staff/").text


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("한글", "__"),
        ("a-b.c", "a_b_c"),
        ("x" * 300, "x" * 20),
        ('"><script>', "___script_"),
        ("../../admin", "______admin"),
    ],
)
def test_names_that_cannot_stand_in_an_address(old, db, as_guest, there, here):
    table = f"{old.prefix}member"
    old.staging.query(f"UPDATE {table} SET mb_id = ? WHERE mb_id = 'hong'", [there])
    try:
        list(import_members(old))
    finally:
        old.staging.query(f"UPDATE {table} SET mb_id = 'hong' WHERE mb_id = ?", [there])
    member = Member.objects.get(nickname="홍길동")
    assert member.username == here
    assert as_guest.get(member.get_absolute_url()).status_code == 200


def test_names_that_somebody_has_here(old, minji):
    minji.set_nickname("경제박사")
    minji.save()
    Member.objects.filter(pk=minji.pk).update(username="hong", email="leemj@example.com")
    import_groups(old)
    import_boards(old)
    list(import_members(old))
    names = dict(Member.objects.values_list("username", "nickname"))
    assert names["hong"] == "경제박사"
    assert names["hong2"] == "홍길동"
    assert names["kimys"] == "경제박사2"
    assert Member.objects.get(username="leemj").email == "leemj@no-mail.invalid"
