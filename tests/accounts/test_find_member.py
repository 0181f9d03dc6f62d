"""The member of a request is loaded by compiled SQL, with the same result as the ORM."""

import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.blocks import block_member
from accounts.backends import MemberBackend
from accounts.models import Member
from accounts.permissions import blocked_by
from accounts.queries.members import find_member
from tests.page import CHROME


def test_is_the_same_member_in_every_field(minji, junho):
    Member.objects.filter(pk=minji.pk).update(
        last_login=timezone.now(), picture="members/minji.webp", points=-7
    )
    for pk in (minji.pk, junho.pk):
        with CaptureQueriesContext(connection) as captured:
            found = find_member(pk)
        assert len(captured) == 1
        expected = Member.objects.get(pk=pk)
        for field in Member._meta.concrete_fields:
            value, same = getattr(expected, field.attname), getattr(found, field.attname)
            assert (type(same), same) == (type(value), value)
        assert found == expected
        assert found.get_session_auth_hash() == expected.get_session_auth_hash()


def test_it_knows_whether_the_member_has_blocked_somebody(minji, junho):
    """Members who have not need no query for whom they have blocked."""
    block_member(member=minji, blocked=junho)
    blocker, other = find_member(minji.pk), find_member(junho.pk)
    with CaptureQueriesContext(connection) as captured:
        assert (blocked_by(blocker), blocked_by(other)) == ({junho.pk}, set())
    assert len(captured) == 1


def test_can_be_saved(minji):
    found = find_member(minji.pk)
    found.introduction = "안녕하세요"
    found.save()
    assert Member.objects.get().introduction == "안녕하세요"


def test_an_unknown_id(db):
    assert find_member(1) is None
    assert MemberBackend().get_user(1) is None


def test_a_suspended_or_deleted_member_is_not_loaded(minji):
    backend = MemberBackend()
    assert backend.get_user(minji.pk) == minji
    later = timezone.now() + datetime.timedelta(hours=1)
    for out, back in (
        ({"is_active": False}, {"is_active": True}),
        ({"suspended_until": later}, {"suspended_until": None}),
        ({"left_at": timezone.now()}, {"left_at": None}),
    ):
        Member.objects.filter(pk=minji.pk).update(**out)
        visitor = backend.get_user(minji.pk)
        assert visitor is None or not visitor.is_authenticated
        Member.objects.filter(pk=minji.pk).update(**back)
        assert backend.get_user(minji.pk) == minji


def test_views_get_the_member_object(minji, junho):
    """Anonymous visitors get none, and a member does not remain one in the next request."""
    client = Client(headers={"User-Agent": CHROME})
    client.force_login(minji)
    assert type(client.get("/my/").wsgi_request.user) is Member
    client.force_login(junho)
    assert client.get("/my/").wsgi_request.user == junho
    client.logout()
    assert not client.get("/my/").wsgi_request.user.is_authenticated
