"""Attack case 11: only the operator's own check says who is certified or adult, and only by True.

The site has no identity check with a callback: nothing from a browser is trusted, so there is
nothing to replay, and the check gets the member and nothing of the request."""

import pytest
from django.http import QueryDict

from accounts.forms.profile import ProfileForm
from accounts.forms.signing_up import SignupForm
from accounts.models import Member
from accounts.permissions import belongs_to
from boards.models import Board
from tests.accounts.test_sign_up import sign_up

pytestmark = pytest.mark.django_db
CLAIMS = {
    "adult": "1",
    "is_adult": "on",
    "certified": "1",
    "audience": "adult",
    "birthday": "1980-01-01",
    "mb_adult": "1",
    "mb_certify": "hp",
    "mb_dupinfo": "x",
    "cert_no": "1",
    "name": "홍길동",
    "phone": "010-1234-5678",
    "_audiences": "adult",
    "AUDIENCE_CHECK": "builtins.bool",
}
asked: list[tuple] = []
answer: object = None


def check(*args):
    asked.append(args)
    return answer


@pytest.fixture
def operator(settings, monkeypatch):
    """`operator(says)` sets what the operator's check returns."""
    settings.AUDIENCE_CHECK = f"{__name__}.check"
    asked.clear()

    def says(value):
        monkeypatch.setattr(f"{__name__}.answer", value)

    return says


@pytest.fixture
def adults(board):
    Board.objects.update(audience="adult")
    return board


@pytest.mark.any_database
@pytest.mark.parametrize("says", [1, "True", "yes", [True], object(), None, 0, False])
def test_case_11_only_true_itself_gives_access(says, operator, adults, as_minji, minji):
    operator(says)
    assert as_minji.get("/free/").status_code == 403
    assert not belongs_to(minji, "certified")
    operator(True)
    assert as_minji.get("/free/").status_code == 200


def test_case_11_the_check_gets_the_member_and_no_request(operator, adults, as_minji, minji):
    operator(True)
    as_minji.cookies["adult"] = "1"
    as_minji.get("/free/", CLAIMS, headers={"x-adult": "1"})
    assert asked
    for member, audience in asked:
        assert (isinstance(member, Member), member.pk) == (True, minji.pk)
        assert audience in ("adult", "certified")


@pytest.mark.parametrize("is_set", [False, True])
def test_case_11_no_form_can_claim_it(
    is_set, operator, settings, adults, as_minji, as_guest, minji
):
    operator(False)
    if not is_set:
        settings.AUDIENCE_CHECK = ""
    as_minji.post("/accounts/profile/", {"nickname": "민지", "introduction": "", **CLAIMS})
    sign_up(as_guest, **CLAIMS)
    for browser in (as_minji, as_guest):
        session = browser.session
        session.update(CLAIMS)  # whatever a callback might have stored there
        session.save()
        assert browser.get("/free/", CLAIMS).status_code == 403
        assert browser.post("/free/", CLAIMS).status_code in (403, 405)
        assert (
            browser.post("/free/write/", {"subject": "x", "source": "x", **CLAIMS}).status_code
            == 403
        )
    sent = QueryDict(mutable=True)
    sent.update(CLAIMS)
    for form in (ProfileForm(sent, member=minji), SignupForm(sent)):
        assert not {*CLAIMS} & {*form.fields}


def test_case_11_nothing_about_it_is_stored():
    """There is no column for it, which a profile form, the admin or a merge could write."""
    names = {field.name for field in Member._meta.get_fields()}
    assert not [name for name in names if "adult" in name or "certif" in name or "birth" in name]
