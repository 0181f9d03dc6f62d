"""The owner's settings for joining and names are one form in the admin."""

import pytest

from accounts.admin.settings import MemberSettingsAdmin
from accounts.models import MemberSettings
from tests.accounts.test_sign_up import SIGN_UP
from tests.page import Page

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/membersettings/"
FORM = "/admin/accounts/membersettings/1/change/"


def filled(client) -> dict[str, str]:
    """The form's values as shown on the page."""
    form = Page(client.get(LIST, follow=True).content).one("form", id="membersettings_form")
    fields = {
        each["name"]: each.attributes.get("value", "")
        for each in form.all("input")
        if "name" in each.attributes and each["type"] not in ("checkbox", "submit")
    }
    boxes = form.all("input", type="checkbox")
    fields |= {box["name"]: "on" for box in boxes if "checked" in box.attributes}
    fields |= {area["name"]: area.text for area in form.all("textarea")}
    chosen = {
        select["name"]: next(o["value"] for o in select.all("option") if "selected" in o.attributes)
        for select in form.all("select")
    }
    return fields | chosen


def test_it_has_every_setting(as_owner):
    named = {name for _title, part in MemberSettingsAdmin.fieldsets for name in part["fields"]}
    editable = {field.name for field in MemberSettings._meta.fields if field.editable}
    assert named - {"deletes_addresses"} == editable - {"id"}
    assert as_owner.get(LIST)["Location"] == FORM


def test_a_change_takes_effect_at_once(as_owner, as_guest):
    form = filled(as_owner)
    assert form["nickname_days"] == "60"
    del form["signup_open"]
    assert as_owner.post(FORM, form).status_code == 302
    assert "지금은 새 회원을 받지 않습니다." in as_guest.get(SIGN_UP).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"captcha": "question", "answer": "서울"}, "물을 질문을 적어 주세요."),
        ({"captcha": "question", "question": "수도는?", "answer": " , "}, "질문의 답을 적어"),
        ({"refused_names": "바보\n*"}, "글자가 하나도 없는 줄이 있습니다: *"),
        ({"leave_days": "366"}, "365"),
    ],
)
def test_invalid_values_are_refused(as_owner, changes, sentence):
    answer = as_owner.post(FORM, filled(as_owner) | changes)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert MemberSettings.load().captcha == "none"


def test_it_requires_an_owner(as_minji, log_in, junho):
    junho.is_staff = True
    junho.save()
    MemberSettings.load()
    for client in (as_minji, log_in(junho)):
        assert client.get(FORM).status_code in (302, 403)
        assert client.post(FORM, {"nickname_days": "1"}).status_code in (302, 403)
    assert MemberSettings.load().nickname_days == 60
