"""자동등록방지: proof of work or a question, when joining and writing anonymously."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts import captcha
from accounts.forms import captcha as forms
from accounts.forms.traps import stamp
from accounts.models import Member, MemberSettings
from boards import limits
from boards.models import Board, Comment, Post
from boardsite.models import OneRow
from tests.accounts.test_sign_up import SIGN_UP, sign_up
from tests.boards.browsing import comment_form, guest_fields, post_form
from tests.page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
CHALLENGE = "/accounts/captcha/"
NO_PERSON = "사람이 보냈는지 알 수 없습니다."


def owner_sets(**fields):
    MemberSettings.objects.update_or_create(pk=1, defaults=fields)
    OneRow.forget()


@pytest.fixture
def work(db):
    owner_sets(captcha="work")


@pytest.fixture
def question(db):
    owner_sets(captcha="question", question="우리 동네 이름은?", answer="한울, 한울마을")


def solve(client) -> str:
    """Solves a challenge like captcha.js."""
    puzzle = client.get(CHALLENGE).json()
    salt, wanted = puzzle["salt"], puzzle["challenge"]
    number = next(
        each
        for each in range(puzzle["maxNumber"] + 1)
        if altcha.hash_hex("SHA-256", f"{salt}{each}".encode()) == wanted
    )
    words = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**words, "number": number}).encode()).decode()


def value(page, name) -> str:
    return Page(page.text).one("input", name=name)["value"]


@pytest.fixture
def wind(monkeypatch):
    """`wind(by)` moves the clock forward."""

    def wind(by: timedelta) -> None:
        later = timezone.now() + by
        monkeypatch.setattr(timezone, "now", lambda: later)

    return wind


def asked(page) -> str:
    """The token of the question on a page."""
    return value(page, "captcha_question")


def is_member(username="sora") -> bool:
    return Member.objects.filter(username=username).exists()


# -- Work


def test_work_lets_a_person_join(as_guest, work):
    page = as_guest.get(SIGN_UP)
    assert f'data-captcha="{CHALLENGE}"' in page.text
    assert sign_up(as_guest, captcha_work=solve(as_guest)).status_code == 302
    assert is_member()


def test_without_work_or_answer_nobody_joins(as_guest, work):
    page = sign_up(as_guest, captcha_question=asked(as_guest.get(SIGN_UP)))
    assert "자동등록방지 질문의 답이 틀립니다." in page.text
    assert 'value="sora"' in page.text
    assert not is_member()


DEEP = base64.b64encode(b"[" * 1_500).decode()


@pytest.mark.parametrize("sent", ["x", "e30=", "W10=", "bnVsbA==", "eyJzYWx0IjogMX0=", DEEP])
def test_forged_work_is_refused(as_guest, work, sent):
    page = sign_up(as_guest, captcha_work=sent)
    assert "자동등록방지 확인이 오래되었거나 이미 쓰였습니다." in page.text
    assert not is_member()


def test_work_for_another_number_is_refused(as_guest, work):
    solved = json.loads(base64.b64decode(solve(as_guest)))
    solved["number"] += 1
    sign_up(as_guest, captcha_work=base64.b64encode(json.dumps(solved).encode()).decode())
    assert not is_member()


def test_case_14_work_replayed_is_refused(as_guest, client, work):
    proof = solve(as_guest)
    sign_up(as_guest, captcha_work=proof)
    as_guest.logout()
    second = {"username": "haneul", "nickname": "하늘", "email": "haneul@example.com"}
    page = sign_up(as_guest, captcha_work=proof, **second)
    assert "이미 쓰였습니다" in page.text
    assert not is_member("haneul")
    assert sign_up(as_guest, captcha_work=solve(as_guest), **second).status_code == 302


def test_a_mistake_elsewhere_does_not_use_it_up(as_guest, work):
    proof = solve(as_guest)
    sign_up(as_guest, captcha_work=proof, nickname="")
    sign_up(as_guest, captcha_work=proof)
    assert is_member()


def test_work_expires_after_twenty_minutes(as_guest, work, wind):
    proof = solve(as_guest)
    wind(timedelta(minutes=21))
    made = stamp(timezone.now() - timedelta(minutes=1))
    assert "오래되었거나" in sign_up(as_guest, captcha_work=proof, made=made).text
    assert not is_member()


# -- Questions


def test_the_owners_question(as_guest, question):
    page = as_guest.get(SIGN_UP)
    assert "우리 동네 이름은?" in page.text
    assert "data-captcha" not in page.text
    sign_up(as_guest, captcha_question=asked(page), captcha_answer="  ＨＡＮ울 ")
    assert not is_member()
    page = as_guest.get(SIGN_UP)
    sign_up(as_guest, captcha_question=asked(page), captcha_answer=" 한울 마을 ")
    assert is_member()


def test_a_sum_without_a_question_of_the_owner(as_guest):
    owner_sets(captcha="question")
    page = as_guest.get(SIGN_UP)
    token = asked(page)
    sum_ = captcha.read_question(token).sum
    assert captcha.words_of(sum_) in page.text
    sign_up(as_guest, captcha_question=token, captcha_answer=str(sum(sum_)))
    assert is_member()


@pytest.mark.parametrize(
    ("sum_", "sentence", "answers"),
    [
        ((3, 4), "삼 더하기 사는?", ["7", "칠", "일곱"]),
        ((4, 6), "사 더하기 육은?", ["10", "십", "열"]),
        ((9, 9), "구 더하기 구는?", ["18", "십팔", "열여덟"]),
    ],
)
def test_a_sum_in_words(sum_, sentence, answers):
    assert captcha.words_of(sum_) == sentence
    assert captcha.answers_of(sum_) == answers
    assert captcha.is_right("７ ", ["7"])
    assert not captcha.is_right(" ", ["", "7"])


def test_case_14_an_answer_replayed_is_refused(as_guest, question):
    answer = {"captcha_question": asked(as_guest.get(SIGN_UP)), "captcha_answer": "한울"}
    sign_up(as_guest, **answer)
    as_guest.logout()
    second = {"username": "haneul", "nickname": "하늘", "email": "haneul@example.com"}
    page = sign_up(as_guest, **answer, **second)
    assert "이미 쓰였습니다" in page.text
    assert asked(page) != answer["captcha_question"]
    assert not is_member("haneul")


def test_case_14_attempts_are_limited(as_guest, question):
    for _ in range(20):
        page = sign_up(
            as_guest, captcha_question=asked(as_guest.get(SIGN_UP)), captcha_answer="몰라"
        )
        cache.clear()  # allauth limits sign-ups too
        assert "답이 틀립니다" in page.text
    page = sign_up(as_guest, captcha_question=asked(as_guest.get(SIGN_UP)), captcha_answer="한울")
    assert "요청이 너무 잦습니다." in page.text
    assert not is_member()


def test_nothing_is_asked_by_default(as_guest):
    page = as_guest.get(SIGN_UP).text
    assert "captcha" not in page
    sign_up(as_guest)
    assert is_member()


# -- Anonymous writers


@pytest.fixture
def open_board(board):
    Board.objects.update(write_level=1, comment_level=1)


def guests_post(**changes) -> dict:
    return post_form() | guest_fields() | changes


def test_anonymous_writers_are_asked_and_members_are_not(
    as_guest, as_minji, open_board, post, work
):
    assert f'data-captcha="{CHALLENGE}"' in as_guest.get("/free/write/").text
    assert f'data-captcha="{CHALLENGE}"' in as_guest.get("/free/1/").text
    assert "captcha" not in as_minji.get("/free/write/").text
    assert as_minji.post("/free/write/", post_form()).status_code == 302


def test_an_anonymous_post_and_comment(as_guest, open_board, post, work):
    page = as_guest.post("/free/write/", guests_post())
    assert page.status_code == 422
    assert "봄나들이" in page.text
    right = guests_post(captcha_work=solve(as_guest))
    assert as_guest.post("/free/write/", right).status_code == 302
    comment = comment_form("지나다 들렀어요") | guest_fields()
    assert as_guest.post("/free/1/comments/write/", comment).status_code == 422
    comment["captcha_work"] = solve(as_guest)
    assert as_guest.post("/free/1/comments/write/", comment).status_code == 302
    assert (Post.objects.count(), Comment.objects.count()) == (2, 1)


def test_case_14_one_proof_is_for_one_post(as_guest, open_board, work):
    """It is not for a second one, even with the token of the first form. A repeated submission is
    still one post."""
    first = guests_post(captcha_work=solve(as_guest))
    assert as_guest.post("/free/write/", first).status_code == 302
    again = as_guest.post("/free/write/", first)
    assert (again.status_code, again["Location"]) == (302, "/free/1/")
    for changes in ({"subject": "광고"}, {"submission": post_form()["submission"]}):
        assert as_guest.post("/free/write/", first | changes).status_code == 422
    assert Post.objects.count() == 1


def test_case_14_a_proof_without_a_token_is_for_nothing(as_guest, open_board, post, work):
    """Attack case 105: a form without `submission` used to be another form each time it arrived."""
    proof = solve(as_guest)
    for address, form in (
        ("/free/write/", guests_post(captcha_work=proof)),
        ("/free/1/comments/write/", comment_form() | guest_fields(captcha_work=proof)),
    ):
        for token in ({}, {"submission": ""}, {"submission": "x"}):
            del form["submission"]
            form |= token
            page = as_guest.post(address, form)
            assert page.status_code == 422
            form["submission"] = ""
    assert (Post.objects.count(), Comment.objects.count()) == (1, 0)
    form = guests_post(captcha_work=proof)
    del form["submission"]
    form["submission"] = value(as_guest.post("/free/write/", form), "submission")
    assert as_guest.post("/free/write/", form).status_code == 302


def test_case_14_one_proof_is_for_one_address(as_guest, open_board, other_board, post, work):
    """Attack case 105: the same form, including its token, sent to another board."""
    Board.objects.update(write_level=1, comment_level=1)
    form = guests_post(captcha_work=solve(as_guest)) | comment_form()
    assert as_guest.post("/free/write/", form).status_code == 302
    for address in ("/qna/write/", "/free/1/comments/write/", "/free/2/comments/write/"):
        assert as_guest.post(address, form).status_code == 422
    assert (Post.objects.count(), Comment.objects.count()) == (2, 0)


def right_answer(client, wind) -> dict:
    """A program's answer to the question once it is old enough."""
    token = asked(client.get("/free/write/"))
    wind(timedelta(seconds=6))
    answer = str(sum(captcha.read_question(token).sum))
    return guests_post(captcha_question=token, captcha_answer=answer)


def test_a_question_instead_of_work_is_accepted_a_few_times(
    as_guest, client, open_board, work, wind, monkeypatch
):
    """Attack case 105: a program solves the sum at once, so it may do so only a few times."""
    monkeypatch.setattr(limits, "count_writing", lambda *_: None)
    for number in range(5):
        form = right_answer(as_guest, wind) | {"subject": f"글 {number}"}
        assert as_guest.post("/free/write/", form).status_code == 302
    page = as_guest.post("/free/write/", right_answer(as_guest, wind))
    assert page.status_code == 429
    assert int(page["Retry-After"]) >= 1
    assert "자바스크립트를 켜고" in page.text
    assert "벚꽃이 활짝" in page.text
    assert (
        as_guest.post("/free/write/", guests_post(captcha_work=solve(as_guest))).status_code == 302
    )
    monkeypatch.setattr(forms, "BY_HAND_OF_ALL", 6)
    sent = [
        client.post("/free/write/", right_answer(client, wind), REMOTE_ADDR=f"203.0.113.{number}")
        for number in range(2)
    ]
    assert [each.status_code for each in sent] == [302, 429]


def test_a_question_instead_of_work_takes_time_to_read(as_guest, open_board, work, wind):
    """Attack case 105."""
    token = asked(as_guest.get("/free/write/"))
    answer = str(sum(captcha.read_question(token).sum))
    form = guests_post(captcha_question=token, captcha_answer=answer)
    page = as_guest.post("/free/write/", form)
    assert page.status_code == 422
    assert value(page, "captcha_question") == token
    wind(timedelta(seconds=6))
    assert as_guest.post("/free/write/", form).status_code == 302


def test_an_anonymous_visitors_answer_to_the_sum(as_guest, open_board):
    owner_sets(captcha="question")
    page = as_guest.get("/free/write/")
    token = asked(page)
    wrong = guests_post(captcha_question=token, captcha_answer="1")
    page = as_guest.post("/free/write/", wrong)
    assert page.status_code == 422
    assert "답이 틀립니다" in page.text
    token = asked(page)
    answer = str(sum(captcha.read_question(token).sum))
    right = guests_post(captcha_question=token, captcha_answer=answer)
    assert as_guest.post("/free/write/", right).status_code == 302


# -- The traps of every form


def test_a_form_submitted_at_once_is_refused_and_keeps_its_text(as_guest):
    page = sign_up(as_guest, made=stamp())
    assert NO_PERSON in page.text
    assert 'value="sora"' in page.text
    assert not is_member()


@pytest.mark.parametrize("kind", ["none", "forged", "yesterday's"])
def test_a_form_from_yesterday_is_shown_again(as_guest, kind):
    yesterday = stamp(timezone.now() - timedelta(days=1, seconds=5))
    made = {"none": "", "forged": "1:x"}.get(kind, yesterday)
    page = sign_up(as_guest, made=made)
    assert "페이지를 연 지 오래되었습니다." in page.text
    assert value(page, "made") != made
    assert not is_member()


def test_the_form_is_accepted_a_moment_later(as_guest, wind):
    made = value(as_guest.get(SIGN_UP), "made")
    wind(timedelta(seconds=3))
    sign_up(as_guest, made=made)
    assert is_member()
