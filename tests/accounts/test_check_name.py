"""Whether an 아이디 or 별명 is free, asked while the form is filled in; and too many questions."""

import unicodedata

import pytest
from django.test import Client

from tests.accounts.test_sign_up import SIGN_UP

pytestmark = pytest.mark.django_db
CHECK = "/accounts/check-name/"


def ask(client, kind: str, name: str) -> tuple[bool, str]:
    answer = client.post(CHECK, {"kind": kind, "name": name})
    assert answer.status_code == 200
    return answer.json()["is_free"], answer.json()["sentence"]


@pytest.mark.parametrize(("kind", "name"), [("username", "sora"), ("nickname", "소라")])
def test_says_that_a_name_is_free(as_guest, kind, name):
    assert ask(as_guest, kind, name) == (True, "쓸 수 있습니다.")


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        ("username", "minji", "이미 사용중인 회원아이디 입니다."),
        ("username", "so", "아이디는 영문 소문자"),
        ("username", "admin", "이미 예약된 단어로"),
        ("username", "", "아이디는 영문 소문자"),
        ("nickname", "민지", "이미 존재하는 별명입니다."),
        ("nickname", unicodedata.normalize("NFD", "민지"), "이미 존재하는 별명입니다."),
        ("nickname", "", "별명을 입력해 주세요."),
        ("nickname", "운영자", "이미 예약된 단어로"),
        ("", "<script>", "별명은 공백 없이"),
    ],
)
def test_says_why_not(as_guest, minji, kind, name, sentence):
    is_free, words = ask(as_guest, kind, name)
    assert not is_free
    assert sentence in words


def test_the_thirty_first_question_in_a_minute_is_refused(as_guest, monkeypatch):
    """Case 8."""
    monkeypatch.setattr(
        "boardsite.ratelimit._now", lambda: 1_000_000_000
    )  # one and the same minute
    for number in range(30):
        ask(as_guest, ("username", "nickname")[number % 2], f"sora{number}")
    answer = as_guest.post(CHECK, {"kind": "username", "name": "sora"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 60
    assert "요청이 너무 잦습니다." in answer.text
    # Nobody else waits for him.
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.post(CHECK, {"kind": "username", "name": "sora"}).status_code == 200


def test_needs_a_form_and_its_token(as_guest):
    assert as_guest.get(CHECK).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(CHECK, {"kind": "username", "name": "sora"}).status_code == 403


def test_the_form_asks_by_script(as_guest):
    page = as_guest.get(SIGN_UP).text
    assert "/static/js/check-name.js" in page
    assert f'data-check-names="{CHECK}"' in page
    assert 'data-check-name="username"' in page
