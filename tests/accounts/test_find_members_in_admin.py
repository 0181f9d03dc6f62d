"""The admin's list of members: searching, filtering, cost."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import suspend_member
from accounts.actions.members import remember_nickname
from accounts.admin import members
from accounts.models import Consent, Member
from tests.conftest import make_member

LIST = "/admin/accounts/member/"


def found(client, **asked) -> set[str]:
    """Which of the two members are in the list."""
    page = client.get(LIST, asked)
    assert page.status_code == 200
    members = Member.objects.filter(username__in=["minji", "junho"])
    return {each.username for each in members if f"{LIST}{each.pk}/change/" in page.text}


def become(member, **fields):
    Member.objects.filter(pk=member.pk).update(**fields)


@pytest.mark.parametrize("word", ["inj", "민지", "minji@exam", "MINJI", "예쁜 민지", "예쁜민지"])
def test_by_current_and_former_names(as_owner, minji, junho, word):
    remember_nickname(member=minji, before="예쁜민지")
    assert found(as_owner, q=word) == {"minji"}


def test_another_members_former_name_does_not_match(as_owner, minji, junho):
    remember_nickname(member=minji, before="예쁜민지")
    assert found(as_owner, q="예쁜준호") == set()


def test_a_former_name_is_found_within_the_filter(as_owner, minji, junho):
    remember_nickname(member=minji, before="예쁜민지")
    assert found(as_owner, q="예쁜민지", level="5") == set()


def test_a_search_shows_the_newest_and_its_export_has_all(
    owner, as_owner, monkeypatch, minji, junho
):
    monkeypatch.setattr(members, "FOUND", 1)
    assert found(as_owner, q="example.com") == {"junho"}
    file = as_owner.get(f"{LIST}export/", {"q": "example.com"})
    lines = b"".join(file.streaming_content).decode()
    assert "minji@example.com" in lines
    assert "junho@example.com" in lines


def test_each_filter(as_owner, owner, minji, junho):
    now = timezone.now()
    suspend_member(member=minji, until=None, reason="도배", by=owner)
    EmailAddress.objects.create(user=minji, email=minji.email, primary=True, verified=True)
    Consent.objects.create(member=minji, kind="marketing")
    Consent.objects.create(member=junho, kind="marketing", withdrawn_at=now)
    become(minji, pending_since=timezone.now(), level=7, is_robot=True, is_staff=True)
    filters = {
        "suspended": ("1", "0"),
        "pending": ("1", "0"),
        "level": ("7", "2"),
        "verified": ("1", "0"),
        "marketing": ("1", "0"),
        "is_robot__exact": ("1", "0"),
        "is_staff__exact": ("1", "0"),
    }
    for name, (minjis, junhos) in filters.items():
        assert found(as_owner, **{name: minjis}) == {"minji"}, name
        assert found(as_owner, **{name: junhos}) == {"junho"}, name
    become(minji, left_at=now)
    assert found(as_owner, left="1") == {"minji"}
    assert found(as_owner, left="0") == {"junho"}
    become(minji, erased_at=now)
    assert found(as_owner, left="2") == {"minji"}


def test_the_days_of_joining_are_inclusive(as_owner, minji, junho):
    seoul = timezone.get_default_timezone()
    become(minji, date_joined=datetime.datetime(2026, 3, 1, 0, 0, tzinfo=seoul))
    become(junho, date_joined=datetime.datetime(2026, 3, 31, 23, 59, tzinfo=seoul))
    assert found(as_owner, joined_from="2026-03-01", joined_to="2026-03-31") == {"minji", "junho"}
    assert found(as_owner, joined_from="2026-03-02") == {"junho"}
    assert found(as_owner, joined_to="2026-03-30") == {"minji"}
    form = as_owner.get(LIST, {"joined_to": "2026-03-30", "level": "2", "q": "minji"}).text
    assert '<input type="hidden" name="level" value="2">' in form
    assert '<input type="hidden" name="q" value="minji">' in form
    assert 'name="joined_to" value="2026-03-30"' in form


@pytest.mark.parametrize("day", ["2026-13-45", "어제", "0001-01-01", "9999-12-31", "' OR 1=1"])
def test_an_invalid_day_is_ignored(as_owner, minji, junho, day):
    assert found(as_owner, joined_from=day, joined_to=day) == {"minji", "junho"}


def test_fifty_members_need_as_many_queries_as_one(as_owner, minji):
    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            assert as_owner.get(LIST).status_code == 200
        return [query["sql"] for query in captured if '"accounts_' in query["sql"]]

    queries()  # fills the caches of the process
    few = queries()
    for number in range(49):
        make_member(f"someone{number}", f"누구{number}")
    many = queries()
    assert len(many) == len(few)
    counts = [sql for sql in many if "COUNT(" in sql and '"accounts_member"' in sql]
    assert len(counts) == 1
    assert "JOIN" not in counts[0]
    assert not any("DISTINCT" in sql and '"accounts_member"' in sql for sql in many)


@pytest.fixture
def statistician(db):
    """The staff role 'statistics': may see the numbers of the site, but not its members."""
    member = make_member("stats", "통계", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename="view_board"))
    return member


@pytest.fixture
def as_statistician(statistician, log_in):
    return log_in(statistician)


def test_case_31_staff_without_permissions_on_members_are_refused(as_statistician, minji):
    chosen = {"_selected_action": [minji.pk], "reason": "-", "is_asked": "1"}
    assert as_statistician.get("/admin/").status_code == 200
    assert as_statistician.get(f"{LIST}export/").status_code == 403
    assert as_statistician.get(LIST).status_code == 403
    for action in ("suspend_for_ever", "lift", "give_points", "set_level"):
        assert as_statistician.post(LIST, {"action": action, **chosen}).status_code == 403, action
    assert as_statistician.post(f"{LIST}{minji.pk}/change/", {"level": "9"}).status_code == 403
    assert as_statistician.post(f"{LIST}{minji.pk}/password/", {}).status_code == 403
    assert as_statistician.get(f"{LIST}{minji.pk}/record/").status_code == 403
    assert as_statistician.post(f"{LIST}{minji.pk}/record/", {"text": "-"}).status_code == 403
    minji.refresh_from_db()
    assert (minji.level, minji.points, minji.is_suspended) == (2, 0, False)
    assert not minji.notes.exists()


def test_case_31_viewing_members_allows_no_action(statistician, as_statistician, minji):
    statistician.user_permissions.add(Permission.objects.get(codename="view_member"))
    assert as_statistician.get(LIST).status_code == 200
    assert "CSV로 내보내기" not in as_statistician.get(LIST).text
    assert as_statistician.get(f"{LIST}export/").status_code == 403
    chosen = {"_selected_action": [minji.pk], "reason": "-", "is_asked": "1"}
    for action in ("suspend_for_ever", "lift", "give_points", "set_level"):
        assert as_statistician.post(LIST, {"action": action, **chosen}).status_code == 403, action


def test_staff_who_may_only_suspend_can_do_so_in_the_list(
    statistician, as_statistician, owner, minji
):
    rights = ["view_member", "suspend_member"]
    statistician.user_permissions.set(Permission.objects.filter(codename__in=rights))
    chosen = {"_selected_action": [minji.pk, owner.pk], "reason": "도배"}
    page = as_statistician.post(LIST, {"action": "suspend_for_a_week", **chosen}, follow=True)
    assert "회원 1명을 정지했습니다." in page.text
    for _press in range(2):
        as_statistician.post(LIST, {"action": "lift", **chosen})
    kinds = [event.kind for event in minji.events.order_by("pk")]
    assert kinds == ["suspended", "lifted"]
    for action in ("approve", "set_level"):
        assert as_statistician.post(LIST, {"action": action, **chosen}).status_code == 403, action
