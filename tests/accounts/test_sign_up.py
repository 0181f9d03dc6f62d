import unicodedata
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.actions.consents import publish_text
from accounts.forms.traps import stamp
from accounts.models import Member, MemberSettings

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


def test_makes_a_member_and_logs_him_in(as_guest):
    response = sign_up(as_guest)
    sora = Member.objects.get(username="sora")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert (sora.nickname, sora.email, sora.level) == ("소라", "sora@example.com", 2)
    assert sora.check_password("gilgeori-tteokbokki")
    assert as_guest.session["_auth_user_id"] == str(sora.pk)
    assert "소라님의 회원가입을 진심으로 축하합니다." in as_guest.get("/accounts/profile/").text


def test_gives_no_power_whatever_is_sent_with_it(as_guest):
    sign_up(as_guest, level="10", is_superuser="on", is_staff="on", is_robot="on")
    sora = Member.objects.get(username="sora")
    assert (sora.level, sora.is_superuser, sora.is_staff, sora.is_robot) == (2, False, False, False)


def test_goes_on_to_where_the_guest_came_from(as_guest):
    assert sign_up(as_guest, next="/free/write/")["Location"] == "/free/write/"


def test_does_not_go_to_another_site(as_guest):
    assert sign_up(as_guest, next="https://evil.example/")["Location"] == "/"


def test_writes_the_username_small(as_guest):
    sign_up(as_guest, username="  SoRa ")
    assert Member.objects.get().username == "sora"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"agree_terms": ""}, "회원가입약관의 내용에 동의하셔야 회원가입 하실 수 있습니다."),
        ({"agree_privacy": ""}, "개인정보 수집 및 이용의 내용에 동의하셔야"),
        ({"username": ""}, "아이디를 입력해 주세요."),
        ({"username": "so"}, "아이디는 영문 소문자, 숫자, _ 로 3자 이상 20자 이하여야 합니다."),
        ({"username": "소라"}, "아이디는 영문 소문자"),
        ({"username": "Admin"}, "이미 예약된 단어로 사용할 수 없는 회원아이디 입니다."),
        ({"nickname": ""}, "별명을 입력해 주세요."),
        (
            {"nickname": "소 라"},
            "별명은 공백 없이 한글, 영문, 숫자로 2자 이상 16자 이하여야 합니다.",
        ),
        ({"nickname": "운.영.자"}, "이미 예약된 단어로 사용할 수 없는 별명 입니다."),
        ({"nickname": "\u202e라소"}, "별명은 공백 없이"),
        ({"email": "sora"}, "올바른 이메일"),
        ({"email": "s" * 64 + "@" + "a" * 60 + "." + ("b" * 60 + ".") * 3 + "kr"}, "너무 깁니다"),
        ({"password1": "short", "password2": "short"}, "너무 짧습니다"),
        ({"password1": "1928374650", "password2": "1928374650"}, "전부 숫자로"),
        ({"password2": "other"}, "동일한 비밀번호"),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_written(as_guest, changes, sentence):
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
        ({"username": "MINJI"}, "이미 사용중인 회원아이디 입니다."),
        ({"nickname": "민지"}, "이미 존재하는 별명입니다."),
        ({"nickname": unicodedata.normalize("NFD", "민지")}, "이미 존재하는 별명입니다."),
        ({"nickname": "민_지"}, "이미 존재하는 별명입니다."),
        ({"email": "Minji@Example.com"}, "이미 사용중인 E-mail 주소입니다."),
    ],
)
def test_refuses_a_name_that_somebody_has(as_guest, minji, changes, sentence):
    assert sentence in sign_up(as_guest, **changes).text
    assert Member.objects.count() == 1


def test_answers_kindly_when_a_name_is_taken_in_that_very_moment(as_guest, monkeypatch):
    def too_late(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(Member, "save", too_late)
    page = sign_up(as_guest)
    assert page.status_code == 200
    assert "방금 다른 분이 같은 이름을 골랐습니다." in page.text


def test_is_refused_to_a_program_that_fills_in_everything(as_guest):
    response = sign_up(as_guest, homepage="https://pills.example/")
    assert response.status_code == 302
    assert not Member.objects.exists()


def test_is_refused_while_the_owner_takes_no_members(as_guest):
    MemberSettings.objects.create(pk=1, signup_open=False)
    assert "지금은 새 회원을 받지 않습니다." in as_guest.get(SIGN_UP).text
    assert "지금은 새 회원을 받지 않습니다." in sign_up(as_guest).text
    assert not Member.objects.exists()


def test_shows_the_owners_terms_as_text(as_guest):
    publish_text(kind="terms", text="제1조\n<script>")
    publish_text(kind="privacy", text="보유기간: 1년")
    page = as_guest.get(SIGN_UP).text
    assert "제1조<br>&lt;script&gt;" in page
    assert "보유기간: 1년" in page


def test_a_member_is_sent_on(as_minji):
    assert as_minji.get(SIGN_UP + "?next=/free/")["Location"] == "/free/"
