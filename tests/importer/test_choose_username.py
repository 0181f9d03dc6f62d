"""Who had an 아이디 that our rules refuse logs in with it, and is asked for another one."""

import pytest

from accounts.models import Member, MemberEvent
from importer.actions.members import import_members
from importer.new_names import old_name_of

OLD, FORM = "한글-아이디", "/accounts/new-username/"


@pytest.fixture
def renamed(old, db, settings):
    """The member hong, whose 아이디 there is OLD."""
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "importer.passwords.GnuboardHasher"]
    table = f"{old.prefix}member"
    old.staging.query(f"UPDATE {table} SET mb_id = ? WHERE mb_id = 'hong'", [OLD])
    try:
        list(import_members(old))
    finally:
        old.staging.query(f"UPDATE {table} SET mb_id = 'hong' WHERE mb_id = ?", [OLD])
    return Member.objects.get(nickname="홍길동")


def log_in(client, name: str, password: str = ""):
    return client.post("/accounts/login/", {"login": name, "password": password or "hongpass1!"})


def test_the_old_name_logs_in_until_a_new_one_is_chosen(renamed, client, as_guest):
    assert log_in(client, OLD, "wrong").status_code == 200
    assert log_in(client, OLD).status_code == 302
    asked = client.get("/new/")
    assert (asked.status_code, asked.headers["Location"]) == (302, f"{FORM}?next=%2Fnew%2F")
    page = client.get(asked.headers["Location"])
    assert OLD in page.text
    done = client.post(FORM, {"username": "hong_gd", "next": "/new/"})
    assert (done.status_code, done.headers["Location"]) == (302, "/new/")
    renamed.refresh_from_db()
    assert renamed.username == "hong_gd"
    assert old_name_of(renamed) == ""
    assert MemberEvent.objects.filter(member=renamed, words__contains="hong_gd").exists()
    client.post("/accounts/logout/")
    assert log_in(client, OLD).status_code == 200
    assert log_in(client, "hong_gd").status_code == 302
    assert client.get("/new/").status_code == 200


def test_they_may_choose_later_and_are_asked_once_for_each_log_in(renamed, client):
    log_in(client, OLD)
    assert client.get("/new/").status_code == 302
    assert client.get("/new/").status_code == 200
    assert renamed.username != OLD


@pytest.mark.parametrize("name", ["", "가나다", "ab", "admin", "leemj", "x" * 30, "관리자"])
def test_a_name_that_nobody_could_join_with_is_refused(renamed, client, name):
    log_in(client, OLD)
    answer = client.post(FORM, {"username": name})
    assert answer.status_code in (400, 422, 200)
    renamed.refresh_from_db()
    assert old_name_of(renamed) == OLD


def test_nobody_else_may(renamed, as_minji, client):
    assert client.get(FORM).status_code == 302  # to the log-in
    assert as_minji.get(FORM).status_code == 404
    assert as_minji.post(FORM, {"username": "new_minji"}).status_code == 404


def test_other_sites_are_not_continued_to(renamed, client):
    log_in(client, OLD)
    done = client.post(FORM, {"username": "hong_gd", "next": "https://evil.example/"})
    assert done.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "is_asked"), [("ab", True), ("manager1", True), ("gildong", False)]
)
def test_who_is_asked(old, db, name, is_asked):
    table = f"{old.prefix}member"
    old.staging.query(f"UPDATE {table} SET mb_id = ? WHERE mb_id = 'hong'", [name])
    try:
        list(import_members(old))
    finally:
        old.staging.query(f"UPDATE {table} SET mb_id = 'hong' WHERE mb_id = ?", [name])
    member = Member.objects.get(nickname="홍길동")
    assert member.username == name
    assert bool(old_name_of(member)) == is_asked
    assert not old_name_of(Member.objects.get(username="admin"))  # the owner
