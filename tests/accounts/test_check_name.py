"""Checks while typing whether an 아이디 or 별명 is free, with a rate limit."""

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
def test_a_free_name(as_guest, kind, name):
    assert ask(as_guest, kind, name) == (True, "쓸 수 있습니다.")


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        ("username", "minji", "이미 사용 중인 아이디입니다."),
        ("username", "so", "아이디는 영문 소문자"),
        ("username", "admin", "이미 예약된 단어라서"),
        ("username", "", "아이디는 영문 소문자"),
        ("nickname", "민지", "이미 존재하는 별명입니다."),
        ("nickname", unicodedata.normalize("NFD", "민지"), "이미 존재하는 별명입니다."),
        ("nickname", "", "별명을 입력해 주세요."),
        ("nickname", "운영자", "이미 예약된 단어라서"),
        ("", "<script>", "별명은 공백 없이"),
    ],
)
def test_a_refused_name_with_its_reason(as_guest, minji, kind, name, sentence):
    is_free, words = ask(as_guest, kind, name)
    assert not is_free
    assert sentence in words


def test_the_thirty_first_check_in_a_minute_is_refused(as_guest, monkeypatch):
    """Case 8."""
    monkeypatch.setattr(
        "boardsite.limits.rate_limit._now", lambda: 1_000_000_000
    )  # all in the same minute
    for number in range(30):
        ask(as_guest, ("username", "nickname")[number % 2], f"sora{number}")
    answer = as_guest.post(CHECK, {"kind": "username", "name": "sora"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 60
    assert "요청이 너무 잦습니다." in answer.text
    # Other visitors are not affected.
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.post(CHECK, {"kind": "username", "name": "sora"}).status_code == 200


def test_it_requires_post_and_a_csrf_token(as_guest):
    assert as_guest.get(CHECK).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(CHECK, {"kind": "username", "name": "sora"}).status_code == 403


def test_the_form_uses_the_script(as_guest):
    page = as_guest.get(SIGN_UP).text
    assert "/static/js/check-name.js" in page
    assert f'data-check-names="{CHECK}"' in page
    assert 'data-check-name="username"' in page
