"""차단: members block anybody except owners; test_block_author and test_write_message test the
consequences."""

import pytest

from accounts.actions.blocks import block_member
from accounts.actions.notifications import notify
from accounts.models import Block, Notification
from accounts.permissions import Refused
from tests.page import Page

PAGE = "/members/junho/"
LIST = "/accounts/blocks/"


def test_block_on_the_profile_and_unblock_in_the_list(as_minji, minji, junho):
    page = Page(as_minji.get(PAGE).content)
    assert page.one("form", action=f"{PAGE}block/").text == "차단하기"
    for _time in range(2):  # submitted twice
        answer = as_minji.post(f"{PAGE}block/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "준호님을 차단했습니다." in answer.text
    assert Block.objects.get().blocked == junho
    page = Page(as_minji.get(PAGE).content)
    assert page.one("form", action=f"{PAGE}unblock/").text == "차단 해제"
    for _time in range(2):
        as_minji.post(f"{PAGE}unblock/")
    assert not Block.objects.exists()


def test_the_blocked_member_is_not_notified(as_minji, as_junho, junho):
    as_minji.post(f"{PAGE}block/")
    assert not Notification.objects.exists()
    assert "차단한" not in as_junho.get("/members/minji/").text
    assert "준호" not in Page(as_junho.get(LIST).content).one("main").text


def test_the_list_of_blocked_members(as_minji, as_guest, minji, junho, moderator):
    assert "차단한 회원이 없습니다." in as_minji.get(LIST).text
    block_member(member=minji, blocked=junho)
    block_member(member=minji, blocked=moderator)
    page = Page(as_minji.get(LIST).content)
    assert [name.text for name in page.one("ul", class_="letters").all("b")] == ["지킴이", "준호"]
    lift = page.one("form", action=f"{PAGE}unblock/")
    fields = {field["name"]: field["value"] for field in lift.all("input")}
    assert as_minji.post(f"{PAGE}unblock/", fields)["Location"] == LIST
    assert as_guest.get(LIST).status_code == 302


def test_a_member_who_has_left_can_be_unblocked(as_minji, minji, junho):
    block_member(member=minji, blocked=junho)
    type(junho).objects.filter(pk=junho.pk).update(is_active=False)
    assert "준호" in as_minji.get(LIST).text
    assert as_minji.post(f"{PAGE}unblock/", {"next": LIST}).status_code == 302
    assert as_minji.post(f"{PAGE}block/").status_code == 404


def test_neither_oneself_nor_an_owner_can_be_blocked(as_minji, minji, owner):
    for username in ("minji", "owner"):
        assert as_minji.post(f"/members/{username}/block/").status_code == 403
    assert not Block.objects.exists()
    assert not Page(as_minji.get("/members/owner/").content).all(
        "form", action="/members/owner/block/"
    )


def test_it_requires_a_member_and_post(as_guest, as_minji, junho):
    assert as_guest.post(f"{PAGE}block/")["Location"].startswith("/accounts/login/")
    assert as_minji.get(f"{PAGE}block/").status_code == 405
    assert not Page(as_guest.get(PAGE).content).all("form", action=f"{PAGE}block/")
    assert not Block.objects.exists()


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""])
def test_it_redirects_to_this_site_only(as_minji, junho, back):
    assert as_minji.post(f"{PAGE}block/", {"next": back})["Location"] == PAGE
    assert (
        as_minji.post(f"{PAGE}unblock/", {"next": "/free/?page=2"})["Location"] == "/free/?page=2"
    )


def test_the_number_of_blocks_is_limited(as_minji, minji, junho, moderator, monkeypatch):  # case 86
    monkeypatch.setattr("accounts.actions.blocks.MOST_BLOCKS", 1)
    block_member(member=minji, blocked=junho)
    with pytest.raises(Refused):
        block_member(member=minji, blocked=moderator)
    monkeypatch.setattr("accounts.views.blocks.BLOCKS_AN_HOUR", 2)
    assert [as_minji.post(f"{PAGE}block/").status_code for _ in range(3)] == [302, 302, 429]


def test_actions_of_a_blocked_member_are_not_notified(minji, junho, moderator):
    block_member(member=minji, blocked=junho)
    words = {"member": minji, "kind": "comment", "title": "봄", "address": "/new/"}
    notify(about="post:1", by=junho.pk, **words)
    assert not Notification.objects.exists()
    notify(about="post:1", by=moderator.pk, **words)
    notify(about="post:2", by=None, **words)
    notify(**words | {"member": junho}, about="post:3", by=minji.pk)  # the other way round
    assert Notification.objects.count() == 3
