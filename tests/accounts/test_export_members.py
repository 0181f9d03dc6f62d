"""Exporting the list of members, with the permission for it."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from accounts.models import Consent, Member
from tests.conftest import make_member

EXPORT = "/admin/accounts/member/export/"


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text[0] == "\ufeff", "Excel takes it for Korean"
    return list(csv.reader(io.StringIO(text[1:])))


@pytest.fixture
def as_clerk(db, log_in):
    """Staff who may view and export members, and are not owners."""
    member = make_member("clerk", "서기", is_staff=True)
    rights = ["view_member", "export_members"]
    member.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return log_in(member)


def test_the_filtered_list(as_owner, minji, junho):
    Member.objects.filter(pk=minji.pk).update(level=5, points=1200)
    Consent.objects.create(member=minji, kind="marketing")
    response = as_owner.get(EXPORT, {"level": "5"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="members-')
    assert "no-store" in response["Cache-Control"]
    head, *rows = rows_of(response)
    (row,) = [dict(zip(head, row, strict=True)) for row in rows]
    assert row["아이디"] == "minji"
    assert (row["별명"], row["E-mail"]) == ("민지", "minji@example.com")
    assert (row["레벨"], row["포인트"], row["광고 동의"]) == ("5", "1200", "Y")
    assert {row[1] for row in rows_of(as_owner.get(EXPORT, {"q": "junho"}))[1:]} == {"junho"}


def test_case_62_names_that_begin_like_formulas_are_text(as_owner, minji):
    Member.objects.filter(pk=minji.pk).update(nickname='=cmd|"x"!A1', email="+1@example.com")
    row = rows_of(as_owner.get(EXPORT, {"q": "minji"}))[1]
    assert row[2] == '\'=cmd|"x"!A1'
    assert row[3] == "'+1@example.com"


def test_no_password_is_exported(as_owner, minji, owner):
    text = b"".join(as_owner.get(EXPORT).streaming_content).decode()
    for member in (minji, owner):
        assert member.password not in text
        assert member.password.rpartition("$")[2][:8] not in text
    assert "pbkdf2" not in text
    assert "md5" not in text


def test_the_log_says_who_exported_how_many(as_owner, owner, minji):
    as_owner.get(EXPORT, {"level": "2"})
    (entry,) = LogEntry.objects.all()
    assert entry.user == owner
    assert entry.change_message == "회원 목록을 내보냄 (1명)"
    assert entry.object_repr == "level=2"


def test_the_permission_is_required(as_clerk, as_minji, as_guest, minji):
    assert "CSV로 내보내기" in as_clerk.get("/admin/accounts/member/").text
    assert len(rows_of(as_clerk.get(EXPORT))) == 3
    for browser in (as_minji, as_guest):
        assert browser.get(EXPORT).status_code in (302, 403)


def test_an_unknown_filter_exports_nothing(as_owner, minji):
    assert as_owner.get(EXPORT, {"password__startswith": "a"}).status_code == 400
    assert as_owner.get(EXPORT, {"is_robot__exact": "x"}).status_code == 302
