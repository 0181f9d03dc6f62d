"""쪽지: who may send one to whom, how often, and what the receiver gets."""

import uuid
from functools import partial

import pytest

from accounts.actions import suspend_member
from accounts.actions.blocks import block_member
from accounts.actions.messages import delete_message, read_message, send_message
from accounts.models import Message, Notification
from boards.repair import recount
from tests.boards.browsing import all_at_once
from tests.conftest import make_member
from tests.page import Page

WRITE = "/messages/write/"
CANNOT = "쪽지를 보낼 수 없는 회원입니다."


def words(to="junho", text="점심 같이 드실래요?", **more) -> dict:
    return {"to": to, "text": text, "submission": str(uuid.uuid4())} | more


def refused(client, status=422, **changes) -> Page:
    """The form after a refusal, with the submitted text; nothing was sent."""
    before, sent = Message.objects.count(), words(**changes)
    response = client.post(WRITE, sent)
    assert (response.status_code, Message.objects.count()) == (status, before)
    page = Page(response.content)
    assert page.one("input", name="to").attributes.get("value", "") == sent["to"]
    assert page.one("textarea", name="text").text == " ".join(sent["text"].split())
    return page


def unread(member) -> int:
    member.refresh_from_db()
    return member.unread_message_count


def test_it_arrives_and_is_counted_and_notified(as_minji, as_junho, minji, junho):
    response = as_minji.post(WRITE, words(text="점심\r\n같이 <b>드실래요?"), follow=True)
    assert response.redirect_chain == [("/messages/?box=sent", 302)]
    assert "준호님께 쪽지를 보냈습니다." in response.text
    message = Message.objects.get()
    assert (message.sender, message.receiver) == (minji, junho)
    assert message.text == "점심\n같이 <b>드실래요?"
    assert (unread(junho), unread(minji)) == (1, 0)
    page = Page(as_junho.get("/").content)
    assert page.one("a", class_="envelope").text == "쪽지 1"
    notification = Notification.objects.get()
    assert (notification.member, notification.kind) == (junho, "message")
    assert notification.address == f"/messages/{message.pk}/"
    assert (
        "민지님이 쪽지를 보냈습니다. 점심 같이 <b>드실래요?"
        in Page(as_junho.get("/notifications/").content).text
    )


def test_several_receivers_get_one_each(as_minji, junho, owner):
    page = as_minji.post(WRITE, words(to=" junho,OWNER , junho,"), follow=True)
    assert "준호, 운영자님께 쪽지를 보냈습니다." in page.text
    assert sorted(each.receiver_name for each in Message.objects.all()) == ["운영자", "준호"]
    assert (unread(junho), unread(owner)) == (1, 1)


def test_at_most_ten_receivers(as_minji, db):
    for number in range(11):
        make_member(f"friend{number}", f"벗{number}")
    many = ",".join(f"friend{number}" for number in range(11))
    assert "한 번에 10명까지 보낼 수 있습니다." in refused(as_minji, to=many).text
    as_minji.post(WRITE, words(to=many.rpartition(",")[0]))
    assert Message.objects.count() == 10


def test_the_url_names_the_receiver(as_minji, junho):
    page = Page(as_minji.get(WRITE, {"to": "junho"}).content)
    assert page.one("h1").text == "쪽지 보내기"
    assert page.one("input", name="to")["value"] == "준호"
    page = Page(as_minji.get(WRITE, {"to": '"><script>'}).content)
    assert page.one("input", name="to")["value"] == '"><script>'


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"to": "nobody"}, "없는 회원입니다. 별명을 확인해 주세요: nobody"),
        ({"to": "junho,no'body"}, "없는 회원입니다. 별명을 확인해 주세요: no'body"),
        ({"to": ","}, "없는 회원입니다."),
        ({"to": "가" * 41}, "없는 회원입니다."),
        ({"to": "가" * 421}, "420"),
        ({"to": ""}, "받는 사람의 별명을 입력해 주세요."),
        ({"to": "minji"}, "자신에게는 쪽지를 보낼 수 없습니다."),
        ({"text": ""}, "내용을 입력해 주세요."),
        ({"text": " \n "}, "내용을 입력해 주세요."),
        ({"text": "가" * 5001}, "내용은 5000자까지 쓸 수 있습니다. 지금 5001자입니다."),
    ],
)
def test_refusals_are_explained_and_the_text_is_kept(as_minji, junho, changes, sentence):
    if changes.get("text", "").isspace():
        assert as_minji.post(WRITE, words(**changes)).status_code == 422
    else:
        assert sentence in refused(as_minji, **changes).text


def takes_none(junho, minji, owner):
    type(junho).objects.filter(pk=junho.pk).update(takes_messages=False)


def has_left(junho, minji, owner):
    type(junho).objects.filter(pk=junho.pk).update(is_active=False)


def is_suspended(junho, minji, owner):
    suspend_member(member=junho, until=None, reason="도배", by=owner)


def has_blocked(junho, minji, owner):
    block_member(member=junho, blocked=minji)


def is_a_robot(junho, minji, owner):
    type(junho).objects.filter(pk=junho.pk).update(is_robot=True)


@pytest.mark.parametrize("why", [takes_none, has_left, is_suspended, has_blocked, is_a_robot])
def test_unreachable_members_and_no_reason_why(as_minji, as_owner, minji, junho, owner, why):
    why(junho, minji, owner)
    (sentence,) = refused(as_minji).one("ul", class_="errorlist").all("li")
    assert sentence.text == CANNOT
    assert as_owner.post(WRITE, words()).status_code == (422 if why is has_left else 302)
    assert f"{CANNOT} (준호)" in refused(as_minji, to="junho,owner").text


def test_members_who_accept_none_cannot_send_any(as_minji, minji, junho):
    answer = as_minji.post("/accounts/profile/", {"nickname": "민지", "introduction": ""})
    assert answer.status_code == 302
    minji.refresh_from_db()
    assert not minji.takes_messages
    assert "쪽지를 받지 않는 동안은 보낼 수도 없습니다." in refused(as_minji).text
    as_minji.post("/accounts/profile/", {"nickname": "민지", "takes_messages": "on"})
    assert as_minji.post(WRITE, words()).status_code == 302


def test_a_blocked_member_cannot_be_written_to(as_minji, minji, junho):
    block_member(member=minji, blocked=junho)
    assert "차단한 회원입니다. 먼저 차단을 풀어 주세요: 준호" in refused(as_minji).text


def test_the_same_submission_twice_sends_once(as_minji, junho):
    press = words()
    for _time in range(2):
        answer = as_minji.post(WRITE, press)
        assert answer["Location"] == "/messages/?box=sent"
    assert (Message.objects.count(), unread(junho)) == (1, 1)
    as_minji.post(WRITE, press | {"text": "다른 말"})  # went back and wrote something else
    as_minji.post(WRITE, words())
    assert (Message.objects.count(), unread(junho)) == (3, 3)


def test_each_rendered_form_has_its_own_key(as_minji, db):
    tokens = {
        Page(as_minji.get(WRITE).content).one("input", name="submission")["value"] for _ in "12"
    }
    assert len(tokens) == 2


def test_twenty_in_an_hour(as_minji, junho, owner):  # case 86
    for number in range(19):
        assert as_minji.post(WRITE, words(text=f"{number}")).status_code == 302
    page = refused(as_minji, status=429, to="junho,owner", text="스물과 스물하나")
    assert "요청이 너무 잦습니다." in page.text
    assert unread(owner) == 0  # all or nothing
    assert as_minji.post(WRITE, words(text="스물째")).status_code == 302
    assert as_minji.post(WRITE, words(text="스물째")).headers["Retry-After"].isdigit()
    assert (Message.objects.count(), unread(junho)) == (20, 20)


def test_a_hundred_a_day(as_minji, junho, monkeypatch):  # case 86
    monkeypatch.setattr("accounts.views.messages.SENT_AN_HOUR", 1000)
    monkeypatch.setattr("accounts.views.messages.SENT_A_DAY", 3)
    for number in range(3):
        as_minji.post(WRITE, words(text=f"{number}"))
    assert refused(as_minji, status=429)


def test_a_logged_out_visitor_gets_the_text_back_after_log_in(as_guest, minji, junho):
    answer = as_guest.get(WRITE, {"to": "junho"})
    assert answer["Location"] == "/accounts/login/?next=/messages/write/%3Fto%3Djunho"
    answer = as_guest.post(WRITE, words(text="오래 쓴 말"))
    assert answer["Location"] == "/accounts/login/?next=/messages/write/"
    assert not Message.objects.exists()
    as_guest.post("/accounts/login/", {"login": "minji", "password": "correct-horse-42"})
    page = Page(as_guest.get(WRITE).content)
    assert page.one("textarea", name="text").text == "오래 쓴 말"
    assert page.one("input", name="to")["value"] == "junho"
    assert not Page(as_guest.get(WRITE).content).one("textarea", name="text").text


def test_parallel_messages_are_counted_exactly(side_by_side, minji, junho, owner):
    first, *_ = send_message(sender=minji, receivers=[junho, owner], text="먼저")
    token = uuid.uuid4()
    again = partial(send_message, sender=minji, receivers=[junho], text="한 번", submission=token)
    all_at_once(
        [
            *[again] * 3,
            partial(send_message, sender=minji, receivers=[owner, junho], text="둘에게"),
            partial(send_message, sender=owner, receivers=[junho, minji], text="둘에게"),
            partial(read_message, message=first, member=junho),
            partial(delete_message, message=first, member=junho),
            partial(delete_message, message=first, member=minji),
        ]
    )
    assert Message.objects.filter(text="한 번").count() == 1
    assert not Message.objects.filter(pk=first.pk).exists()
    assert recount(repairs=False) == []
    assert unread(junho) == 3
