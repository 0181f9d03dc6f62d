"""Attack case 31: staff members can do what the owner permitted, and nothing else."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core import mail

from accounts.models import AddressBlock, Consent, Invitation, LegalText, Member, PointEntry
from tests.conftest import PASSWORD, make_member

pytestmark = pytest.mark.django_db
MEMBERS = "/admin/accounts/member/"
ACTIONS = (
    "approve refuse suspend_for_a_week suspend_for_ever lift give_points set_level delete_selected"
)


def staff(log_in, *rights: str):
    member = make_member("clerk", "서기", is_staff=True)
    member.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return log_in(member)


@pytest.fixture
def as_statistician(log_in, db):
    """Staff who may see the counts of visits and nothing else."""
    return staff(log_in, "view_daycount")


def test_case_31_staff_for_statistics_do_nothing_to_members(as_statistician, minji, owner):
    if apps.is_installed("visits"):  # which can be removed
        assert as_statistician.get("/admin/reports/visits-days/").status_code == 200
    consent = Consent.objects.create(member=minji, kind="marketing")
    note = minji.notes.create(text="메모", by=owner)
    reads = [
        *(MEMBERS, f"{MEMBERS}export/", f"{MEMBERS}merge/", f"{MEMBERS}{minji.pk}/record/"),
        *(f"{MEMBERS}{minji.pk}/change/", f"{MEMBERS}{minji.pk}/history/", f"{MEMBERS}add/"),
        "/admin/mfa/authenticator/",
        "/admin/socialaccount/socialapp/",
    ]
    for name in ("addressblock", "invitation", "legaltext", "consent", "membersettings", "message"):
        reads.append(f"/admin/accounts/{name}/")
    for name in ("pointentry", "pointsettings", "levelrule"):
        reads.append(f"/admin/accounts/{name}/")
    for address in reads:
        page = as_statistician.get(address)
        # The settings' list redirects to their form, which refuses.
        page = as_statistician.get(page["Location"]) if page.status_code == 302 else page
        assert page.status_code == 403, address
        assert "minji@example.com" not in page.text
        assert as_statistician.post(address, {"text": "x"}).status_code in (302, 403), address
    for action in ACTIONS.split():
        form = {"action": action, "reason": "x", "_selected_action": [minji.pk], "post": "yes"}
        assert as_statistician.post(MEMBERS, form).status_code == 403, action
    remind = {"action": "remind", "_selected_action": [consent.pk]}
    assert as_statistician.post("/admin/accounts/consent/", remind).status_code == 403
    as_statistician.post(f"{MEMBERS}{minji.pk}/record/", {"delete": note.pk})
    assert as_statistician.post("/members/minji/suspend/", {"reason": "x"}).status_code == 403
    assert Member.objects.get(pk=minji.pk).is_here
    assert minji.notes.count() == 1
    assert not mail.outbox


def test_case_31_staff_who_may_view_members_change_none(log_in, minji, owner):
    looking = staff(log_in, "view_member")
    before = Member.objects.filter(pk=minji.pk).values().get()
    for action in ACTIONS.split():
        form = {"action": action, "reason": "x", "_selected_action": [minji.pk], "post": "yes"}
        assert looking.post(MEMBERS, form).status_code == 403, action
    new = {"password1": "haneul-badak-42", "password2": "haneul-badak-42"}
    assert looking.post(f"{MEMBERS}{minji.pk}/password/", new).status_code == 403
    assert looking.post(f"{MEMBERS}{minji.pk}/change/", {"nickname": "x"}).status_code == 403
    assert looking.get(f"{MEMBERS}export/").status_code == 403
    assert looking.get(f"{MEMBERS}merge/").status_code == 403
    assert "내보내기" not in looking.get(MEMBERS).text
    assert Member.objects.filter(pk=minji.pk).values().get() == before


def test_case_31_all_permissions_together_make_no_owner(log_in, minji, owner):
    """What only owners may do remains theirs, even if somebody has the permission for it."""
    clerk = make_member("clerk", "서기", is_staff=True)
    clerk.user_permissions.set(Permission.objects.all())
    browser = log_in(clerk)
    for address in (
        *("/admin/accounts/addressblock/add/", "/admin/accounts/invitation/add/"),
        *("/admin/accounts/legaltext/add/", "/admin/accounts/pointentry/add/"),
        *("/admin/socialaccount/socialapp/add/", f"{MEMBERS}merge/"),
    ):
        assert browser.get(address).status_code == 403, address
        assert browser.post(address, {"network": "0.0.0.0/0", "scope": "all"}).status_code == 403
    for model in (AddressBlock, Invitation, LegalText, PointEntry):
        assert not model.objects.exists()
    power = {"username": "clerk", "nickname": "서기", "email": "clerk@example.com"}
    power |= {"is_superuser": "on", "level": "10", "is_active": "on", "is_staff": "on"}
    browser.post(f"{MEMBERS}{clerk.pk}/change/", power)
    clerk.refresh_from_db()
    assert (clerk.is_superuser, clerk.level) == (False, 2)
    assert clerk.check_password(PASSWORD)


def test_case_27_staff_cannot_change_members_with_rights_over_others(log_in, minji, junho):
    as_clerk = staff(log_in, "view_member", "change_member")
    junho.user_permissions.add(Permission.objects.get(codename="suspend_member"))
    words = {"password1": "gilgeori-tteokbokki", "password2": "gilgeori-tteokbokki"}
    assert as_clerk.post(f"{MEMBERS}{junho.pk}/password/", words).status_code == 403
    assert as_clerk.post(f"{MEMBERS}{minji.pk}/password/", words).status_code == 302
    assert Member.objects.get(pk=junho.pk).check_password(PASSWORD)
