"""처음 할 일: an owner sees on the dashboard what is left to do before the site opens."""

import pytest

from accounts.models import LegalText, Member
from boardsite.models import SiteSettings, SkippedStep
from boardsite.reporting.first_steps import read_first_steps
from tests.conftest import make_member
from tests.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PATH = "/admin/first-steps/"
STEPS = ["name", "address", "texts", "mail", "https", "backup", "demo"]


def open_steps(owner: Member) -> list[str]:
    return [shown.step.slug for shown in read_first_steps(owner) if shown.is_open]


def test_each_step_is_done_by_doing_it(owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.HTTPS = False
    assert [shown.step.slug for shown in read_first_steps(owner)] == STEPS
    assert open_steps(owner) == STEPS[:-1], "without the demo there is none to remove"
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "너울골 사랑방"})
    SiteSettings.forget()
    assert open_steps(owner)[0] == "name", "the demo's name is not the owner's"
    SiteSettings.objects.update(name="골목")
    SiteSettings.forget()
    owner.email = "hong@golmok.kr"
    for kind in ("terms", "policy"):
        LegalText.objects.create(kind=kind, version=1, text="글")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.HTTPS = True
    assert open_steps(owner) == ["backup"]


def test_each_step_leads_to_where_it_is_done(as_owner, owner):
    for shown in read_first_steps(owner):
        answer = as_owner.get(shown.step.address, follow=True)
        assert answer.status_code == 200, shown
        assert answer.request["PATH_INFO"] != "/accounts/login/", shown
    page = Page(as_owner.get("/admin/").content).one("ol", class_="first-steps")
    for shown in read_first_steps(owner):
        assert page.one("a", href=shown.step.address).text == shown.step.title
    page = Page(as_owner.get(PATH).content)
    assert page.one("h2", id="https")
    assert page.one("h2", id="backup")


def test_the_owner_skips_steps_and_takes_that_back(as_owner, owner):
    for slug in open_steps(owner):
        assert "처음 할 일" in as_owner.get("/admin/").text
        for _time in range(2):
            as_owner.post(PATH, {"skip": slug})
    assert open_steps(owner) == []
    assert "처음 할 일" not in as_owner.get("/admin/").text
    as_owner.post(PATH, {"skip": "no-such-step"})
    assert "no-such-step" not in SkippedStep.objects.values_list("slug", flat=True)
    as_owner.post(PATH, {"show": "backup"})
    assert open_steps(owner) == ["backup"]
    assert "처음 할 일" in as_owner.get("/admin/").text


def test_only_owners_see_and_skip_them(as_guest, as_junho, log_in):
    clerk = log_in(make_member("clerk", "서기", is_staff=True, roles="staff"))
    assert "처음 할 일" not in clerk.get("/admin/").text
    for browser in (as_guest, as_junho, clerk):
        assert browser.get(PATH).status_code in (302, 403)
        assert browser.post(PATH, {"skip": "backup"}).status_code in (302, 403)
    assert not SkippedStep.objects.exists()
