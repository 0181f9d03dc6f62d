"""The owner blocks an address or a range: from joining and writing anonymously, or from everything."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AddressBlock, Member
from accounts.queries.address_blocks import known_blocks
from boards.models import Post
from tests.boards.browsing import post_form
from tests.boards.test_write_as_guest import guests_post
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
ADMIN = "/admin/accounts/addressblock/"
HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.1"}


def block(network: str, scope: str = "all", **fields) -> AddressBlock:
    row = AddressBlock.objects.create(network=network, scope=scope, **fields)
    known_blocks.forget()
    return row


# -- Everything ------------------------------------------------------------------------------------
def test_a_blocked_visitor_sees_the_refusal_everywhere(as_guest, as_junho, post):
    block("203.0.113.0/24", reason="도배")
    for browser in (as_guest, as_junho):
        for address in ("/", "/free/1/", "/accounts/signup/", "/feed/", "/nothing/"):
            page = browser.get(address, **HERE)
            assert page.status_code == 403
            assert "이 인터넷 주소에서는 들어올 수 없습니다." in page.text
            assert "도배" not in page.text, "the reason is the owner's"
        assert browser.get("/free/1/", **ELSEWHERE).status_code == 200


def test_a_blocked_visitor_writes_nothing(as_junho, board):
    block("203.0.113.7")
    assert as_junho.post("/free/write/", post_form(), **HERE).status_code == 403
    assert Post.objects.count() == 0


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.8"),
        ("203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
        ("203.0.0.0/9", "203.127.255.255", "203.128.0.0"),
        ("2001:db8::/48", "2001:db8:0:ffff::1", "2001:db8:1::1"),
        ("2001:db8::1", "2001:0db8::0001", "2001:db8::2"),
        ("203.0.113.7", "::ffff:203.0.113.7", "::ffff:203.0.113.8"),
        ("::ffff:203.0.113.0/120", "203.0.113.9", "203.0.114.9"),
        ("0.0.0.0/0", "8.8.8.8", "2001:db8::1"),
    ],
)
def test_ranges_of_both_kinds(as_guest, network, inside, outside):
    block(network)
    assert as_guest.get("/robots.txt", REMOTE_ADDR=inside).status_code == 403
    assert as_guest.get("/robots.txt", REMOTE_ADDR=outside).status_code == 200


@pytest.mark.parametrize("address", ["", "unix:", "300.1.1.1"])
def test_a_client_without_an_address_is_not_blocked(as_guest, address):
    block("0.0.0.0/0")
    block("::/0")
    assert as_guest.get("/robots.txt", REMOTE_ADDR=address).status_code == 200


def test_the_owner_is_never_blocked(as_owner, client, owner, minji):
    block("203.0.113.7")
    assert as_owner.get("/", **HERE).status_code == 200
    assert client.get("/accounts/login/", **HERE).status_code == 200
    client.post("/accounts/login/", {"login": "owner", "password": PASSWORD}, **HERE)
    assert client.get("/admin/", **HERE).status_code == 200
    client.logout()
    client.post("/accounts/login/", {"login": "minji", "password": PASSWORD}, **HERE)
    assert client.get("/", **HERE).status_code == 403


def test_the_health_check_is_not_blocked(as_guest):
    block("203.0.113.7")
    assert as_guest.get("/healthz", **HERE).status_code == 200


def test_a_block_expires(as_guest, monkeypatch):
    row = block("203.0.113.7", until=timezone.now() + timedelta(hours=1))
    assert as_guest.get("/robots.txt", **HERE).status_code == 403
    later = row.until + timedelta(seconds=1)
    monkeypatch.setattr("accounts.queries.address_blocks.timezone.now", lambda: later)
    assert as_guest.get("/robots.txt", **HERE).status_code == 200, "from memory too"


def test_a_forwarded_address_is_ignored(as_guest):
    block("203.0.113.7")
    page = as_guest.get("/robots.txt", headers={"x-forwarded-for": "203.0.113.7"}, **ELSEWHERE)
    assert page.status_code == 200


# -- Joining and anonymous writing
JOIN = {
    "agree_terms": "on",
    "agree_privacy": "on",
    "username": "sora",
    "nickname": "소라",
    "email": "sora@example.com",
    "password1": "gilgeori-42",
    "password2": "gilgeori-42",
}
SENTENCE = "지금 쓰시는 인터넷 주소에서는 가입하거나 손님으로 글을 쓸 수 없습니다."


def test_nobody_joins_from_a_blocked_address(as_guest, post):
    block("203.0.113.0/24", scope="join")
    page = as_guest.get("/accounts/signup/", **HERE)
    assert page.status_code == 403
    assert SENTENCE in page.text
    assert as_guest.post("/accounts/signup/", JOIN, **HERE).status_code == 403
    assert not Member.objects.filter(username="sora").exists()
    assert as_guest.get("/free/1/", **HERE).status_code == 200, "reading goes on"
    assert as_guest.get("/accounts/signup/", **ELSEWHERE).status_code == 200


def test_anonymous_visitors_write_nothing_from_there_but_members_do(as_guest, as_junho, board):
    board.write_level = 1
    board.save()
    block("203.0.113.0/24", scope="join")
    page = as_guest.post("/free/write/", guests_post(), **HERE)
    assert page.status_code == 422
    assert SENTENCE in page.text
    assert Post.objects.count() == 0
    assert as_junho.post("/free/write/", post_form(), **HERE).status_code == 302
    assert as_guest.post("/free/write/", guests_post(), **ELSEWHERE).status_code == 302


# -- Cost
def test_the_blocks_are_queried_once_in_ten_seconds(as_guest, monkeypatch):
    for number in range(300):
        AddressBlock.objects.create(network=f"198.18.{number % 256}.{number // 256}", scope="all")
    known_blocks.forget()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            as_guest.get("/robots.txt", **HERE)
        return sum("addressblock" in query["sql"] for query in captured)

    assert [queries(), queries(), queries()] == [1, 0, 0]
    at = time.monotonic() + 11
    monkeypatch.setattr("boardsite.caching.ttl_cache.time.monotonic", lambda: at)
    assert queries() == 1


# -- In the admin ----------------------------------------------------------------------------------
def add(client, network, scope="all", **more):
    form = {"network": network, "scope": scope, "reason": "도배", "until_0": "", "until_1": ""}
    return client.post(f"{ADMIN}add/", {**form, **more}, follow=True, **ELSEWHERE)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("2001:DB8:0::/48", "2001:db8::/48"),
        ("2001:db8::1/128", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_owner_blocks(as_owner, as_guest, owner, typed, kept):
    assert as_guest.get("/robots.txt", **HERE).status_code == 200
    add(as_owner, typed)
    row = AddressBlock.objects.get()
    assert (row.network, row.by, row.reason) == (kept, owner, "도배")
    if kept.startswith("203"):
        assert as_guest.get("/robots.txt", **HERE).status_code == 403, "at once"
        as_owner.post(f"{ADMIN}{row.pk}/delete/", {"post": "yes"}, **ELSEWHERE)
        assert as_guest.get("/robots.txt", **HERE).status_code == 200


@pytest.mark.parametrize("typed", ["", "minji", "203.0.113", "203.0.113.7/33", "1.2.3.4-9", "::g"])
def test_an_invalid_address_is_refused(as_owner, typed):
    page = add(as_owner, typed)
    assert page.status_code == 200
    assert AddressBlock.objects.count() == 0
    if typed:
        assert "IP 주소나 범위가 아닙니다." in page.text


def test_the_same_range_is_blocked_only_once(as_owner):
    add(as_owner, "203.0.113.0/24")
    add(as_owner, "203.0.113.99/24")
    assert AddressBlock.objects.count() == 1


@pytest.mark.parametrize("typed", ["198.51.100.1", "198.51.0.0/16", "::ffff:198.51.100.0/120"])
def test_owners_cannot_block_themselves(as_owner, typed):
    assert "지금 쓰시는 주소(198.51.100.1)가 들어 있어" in add(as_owner, typed).text
    assert AddressBlock.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "is_wide"),
    [("10.0.0.0/15", True), ("10.0.0.0/16", False), ("2001::/31", True), ("2001::/32", False)],
)
def test_a_wide_range_is_blocked_with_a_warning(as_owner, typed, is_wide):
    assert ("아주 넓은 범위" in add(as_owner, typed).text) is is_wide
    assert AddressBlock.objects.count() == 1


def test_an_end_in_the_past_is_refused(as_owner):
    page = add(as_owner, "203.0.113.7", until_0="2020-01-01", until_1="00:00:00")
    assert "이미 지난 때입니다." in page.text
    assert AddressBlock.objects.count() == 0


def test_other_staff_neither_see_nor_block(client, minji):
    from django.contrib.auth.models import Permission

    minji.is_staff = True
    minji.save()
    minji.user_permissions.set(Permission.objects.filter(codename__endswith="_addressblock"))
    client.force_login(minji)
    block("192.0.2.1")
    assert client.get(ADMIN).status_code == 403
    assert add(client, "203.0.113.7").status_code == 403
    assert AddressBlock.objects.count() == 1
