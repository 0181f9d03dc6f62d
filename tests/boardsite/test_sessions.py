"""Sessions are read by plain SQL and behave like Django's."""

import datetime
from importlib import import_module

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from boardsite.sessions import row_key

pytestmark = pytest.mark.django_db
SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@pytest.fixture
def key() -> str:
    session = SessionStore()
    session["greeting"] = "안녕하세요"
    session.create()
    return session.session_key


def test_a_session_holds_what_was_stored(key):
    with CaptureQueriesContext(connection) as captured:
        session = SessionStore(key)
        assert session["greeting"] == "안녕하세요"
    assert len(captured) == 1
    assert session.session_key == key


def test_an_expired_session_is_over(key):
    ended = timezone.now() - datetime.timedelta(seconds=1)
    Session.objects.filter(pk=row_key(key)).update(expire_date=ended)
    session = SessionStore(key)
    assert dict(session.items()) == {}
    assert session.session_key is None


def test_a_client_cannot_choose_the_key_of_a_session():
    session = SessionStore("a" * 32)
    session["greeting"] = "안녕하세요"
    session.save()
    assert session.session_key != "a" * 32


def test_a_manipulated_session_is_empty(key):
    Session.objects.filter(pk=row_key(key)).update(session_data="bm90IG91cnM:x:y")
    assert dict(SessionStore(key).items()) == {}


# -- Attack case 109: reading the tables gives no access


def test_the_table_does_not_hold_the_key(key):
    row = Session.objects.get()
    assert row.pk == row_key(key)
    assert len(row.pk) <= Session._meta.pk.max_length
    assert key not in f"{row.pk}{row.session_data}{row.get_decoded()}"


def test_the_rows_key_is_no_session_key(key):
    assert dict(SessionStore(Session.objects.get().pk).items()) == {}


def test_the_key_of_a_row_depends_on_the_secret(key, settings):
    before = row_key(key)
    settings.SECRET_KEY = "another" * 10
    assert row_key(key) != before


def test_it_is_changed_renewed_found_and_deleted_by_its_key(key):
    session = SessionStore(key)
    session["greeting"] = "또 뵙네요"
    session.save()
    assert Session.objects.count() == 1
    assert session.exists(key)
    session.cycle_key()
    assert not session.exists(key)
    assert SessionStore(session.session_key)["greeting"] == "또 뵙네요"
    assert Session.objects.count() == 1
    session.delete()
    session.delete("no-such-key")
    assert not Session.objects.exists()
    session.flush()
    session.delete()


@pytest.mark.django_db(transaction=True)
def test_the_asynchronous_methods_do_the_same():
    async def live():
        session = SessionStore()
        session["greeting"] = "안녕하세요"
        await session.acreate()
        again = SessionStore(session.session_key)
        found = [await again.aget("greeting"), await again.aexists(session.session_key)]
        rows = [row.pk async for row in Session.objects.all()]
        await again.adelete()
        return session.session_key, found, rows, await again.aexists(session.session_key)

    key, found, rows, is_left = async_to_sync(live)()
    assert found == ["안녕하세요", True]
    assert rows == [row_key(key)]
    assert not is_left
