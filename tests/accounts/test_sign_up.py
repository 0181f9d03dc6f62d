import unicodedata
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.actions.consents import publish_text
from accounts.forms.traps import stamp
from accounts.models import Member, MemberSettings
from accounts.text.names import nickname_shape
from boardsite.limits import rate_limit
from boardsite.models import OneRow, SiteSettings
from tests.boards.browsing import all_at_once
from tests.conftest import make_member

pytestmark = pytest.mark.django_db
SIGN_UP = "/accounts/signup/"


def filled_in(**changes) -> dict:
    form = {
        "agree_terms": "on",
        "agree_privacy": "on",
        "agree_age": "on",
        "username": "sora",
        "nickname": "소라",
        "email": "sora@example.com",
        "password1": "gilgeori-tteokbokki",
        "password2": "gilgeori-tteokbokki",
        "homepage": "",
        "made": stamp(timezone.now() - timedelta(minutes=1)),
    }
    return {**form, **changes}


def sign_up(client, **changes):
    return client.post(SIGN_UP, filled_in(**changes))


def test_it_creates_a_member_and_logs_them_in(as_guest):
    response = sign_up(as_guest)
    sora = Member.objects.get(username="sora")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert (sora.nickname, sora.email, sora.level) == ("소라", "sora@example.com", 2)
    assert sora.check_password("gilgeori-tteokbokki")
    assert as_guest.session["_auth_user_id"] == str(sora.pk)
    assert "소라님의 회원가입을 진심으로 축하합니다." in as_guest.get("/accounts/profile/").text


def test_submitted_fields_give_no_rights(as_guest):
    sign_up(as_guest, level="10", is_superuser="on", is_staff="on", is_robot="on")
    sora = Member.objects.get(username="sora")
    assert (sora.level, sora.is_superuser, sora.is_staff, sora.is_robot) == (2, False, False, False)


def test_it_returns_to_the_page_before(as_guest):
    assert sign_up(as_guest, next="/free/write/")["Location"] == "/free/write/"


def test_it_does_not_redirect_to_another_site(as_guest):
    assert sign_up(as_guest, next="https://evil.example/")["Location"] == "/"


def test_the_username_becomes_lower_case(as_guest):
    sign_up(as_guest, username="  SoRa ")
    assert Member.objects.get().username == "sora"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"agree_terms": ""}, "회원가입약관의 내용에 동의하셔야 회원가입하실 수 있습니다."),
        ({"agree_privacy": ""}, "개인정보 수집 및 이용의 내용에 동의하셔야"),
        ({"username": ""}, "아이디를 입력해 주세요."),
        ({"username": "so"}, "아이디는 영문 소문자, 숫자, _ 로 3자 이상 20자 이하여야 합니다."),
        ({"username": "소라"}, "아이디는 영문 소문자"),
        ({"username": "Admin"}, "이미 예약된 단어라서 사용할 수 없는 아이디입니다."),
        ({"nickname": ""}, "별명을 입력해 주세요."),
        (
            {"nickname": "소 라"},
            "별명은 공백 없이 한글, 영문, 숫자로 2자 이상 16자 이하여야 합니다.",
        ),
        ({"nickname": "운.영.자"}, "이미 예약된 단어라서 사용할 수 없는 별명입니다."),
        ({"nickname": "\u202e라소"}, "별명은 공백 없이"),
        ({"email": "sora"}, "올바른 E-mail 주소"),
        ({"email": "s" * 64 + "@" + "a" * 60 + "." + ("b" * 60 + ".") * 3 + "kr"}, "너무 깁니다"),
        ({"password1": "short", "password2": "short"}, "너무 짧습니다"),
        ({"password1": "1928374650", "password2": "1928374650"}, "전부 숫자로"),
        ({"password2": "other"}, "동일한 비밀번호"),
    ],
)
def test_errors_are_explained_and_the_input_is_kept(as_guest, changes, sentence):
    page = sign_up(as_guest, **changes)
    assert page.status_code == 200
    assert sentence in page.text
    assert 'aria-invalid="true"' in page.text
    assert 'class="error-summary"' in page.text
    if "username" not in changes:
        assert 'value="sora"' in page.text
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "MINJI"}, "이미 사용 중인 아이디입니다."),
        ({"nickname": "민지"}, "이미 존재하는 별명입니다."),
        ({"nickname": unicodedata.normalize("NFD", "민지")}, "이미 존재하는 별명입니다."),
        ({"nickname": "민_지"}, "이미 존재하는 별명입니다."),
        ({"email": "Minji@Example.com"}, "이미 사용 중인 E-mail 주소입니다."),
    ],
)
def test_a_name_in_use_is_refused(as_guest, minji, changes, sentence):
    assert sentence in sign_up(as_guest, **changes).text
    assert Member.objects.count() == 1


def test_a_name_that_is_taken_at_the_same_moment_is_a_form_error(as_guest, monkeypatch):
    def too_late(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(Member, "save", too_late)
    page = sign_up(as_guest)
    assert page.status_code == 200
    assert "방금 다른 분이 같은 이름을 골랐습니다." in page.text


def test_a_program_that_fills_in_everything_is_refused(as_guest):
    response = sign_up(as_guest, homepage="https://pills.example/")
    assert response.status_code == 302
    assert not Member.objects.exists()


def test_it_is_refused_while_the_sign_up_is_closed(as_guest):
    MemberSettings.objects.create(pk=1, signup_open=False)
    assert "지금은 새 회원을 받지 않습니다." in as_guest.get(SIGN_UP).text
    assert "지금은 새 회원을 받지 않습니다." in sign_up(as_guest).text
    assert not Member.objects.exists()


def test_the_owners_terms_are_escaped(as_guest):
    publish_text(kind="terms", text="제1조\n<script>")
    publish_text(kind="privacy", text="보유기간: 1년")
    page = as_guest.get(SIGN_UP).text
    assert "제1조<br>&lt;script&gt;" in page
    assert "보유기간: 1년" in page


def test_a_member_is_redirected(as_minji):
    assert as_minji.get(SIGN_UP + "?next=/free/")["Location"] == "/free/"


def test_a_network_creates_few_accounts_at_a_time(as_guest, monkeypatch):
    """Attack case 103: five accounts within seconds."""
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_000)
    names = "하나 두리 세미 네온 다솜".split()

    def join(number: int, **more):
        as_guest.cookies.clear()
        who = {"username": f"new{number}", "nickname": names[number]}
        form = filled_in(**who, email=f"new{number}@example.com")
        return as_guest.post(SIGN_UP, form, **more)

    assert [join(number).status_code for number in range(3)] == [302] * 3
    refused = join(3)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 600
    assert "10분 뒤에 다시 눌러 주세요." in refused.text
    assert 'value="new3"' in refused.text
    assert join(4, REMOTE_ADDR="203.0.113.9").status_code == 302
    monkeypatch.setattr(rate_limit, "_now", lambda: 1_800_000_600)
    assert join(3).status_code == 302
    assert Member.objects.count() == 5


@pytest.mark.parametrize("nickname", ["운영자님", "운영팀", "판리자", "우리동네운영", "admin-1"])
def test_a_name_that_could_be_staff_is_refused(as_guest, nickname):
    """Attack case 107."""
    SiteSettings.objects.update_or_create(pk=1, defaults={"name": "우리 동네"})
    OneRow.forget()
    assert "이미 예약된 단어라서" in sign_up(as_guest, nickname=nickname).text
    assert not Member.objects.filter(username="sora").exists()


def test_a_name_that_looks_like_a_members_is_refused(as_guest):
    """Attack case 107."""
    make_member("daejang", "대장님")
    assert "구별하기 어려운 별명입니다." in sign_up(as_guest, nickname="머장님").text


def test_one_of_eight_parallel_look_alikes_joins(side_by_side):
    """Attack case 117: each checks the name before any of them is saved."""
    names = ["bill77", "b1ll77", "bi1l77", "bil177", "b11l77", "b1l177", "bi1177", "b11177"]

    def join(number: int, nickname: str) -> str:
        changes = {"username": f"sora{number}", "email": f"sora{number}@example.com"}
        client = Client(REMOTE_ADDR=f"198.51.{number}.7")
        return sign_up(client, nickname=nickname, **changes).text

    pages = all_at_once([partial(join, *each) for each in enumerate(names)])
    joined = Member.objects.filter(nickname__in=names)
    assert [member.nickname_claim for member in joined] == [nickname_shape("bill77")]
    refused = ("구별하기 어려운 별명입니다.", "방금 다른 분이 같은 이름을 골랐습니다.")
    assert sum(any(sentence in page for sentence in refused) for page in pages) == 7
