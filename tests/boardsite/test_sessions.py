"""Sessions are read by plain SQL, and are what Django's would be."""

import datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

pytestmark = pytest.mark.django_db
SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@pytest.fixture
def key() -> str:
    session = SessionStore()
    session["greeting"] = "안녕하세요"
    session.create()
    return session.session_key


def test_holds_what_was_put_into_it(key):
    with CaptureQueriesContext(connection) as captured:
        session = SessionStore(key)
        assert session["greeting"] == "안녕하세요"
    assert len(captured) == 1
    assert session.session_key == key
    assert dict(db.SessionStore(key).items()) == dict(session.items())


def test_is_over_when_its_time_is_over(key):
    ended = timezone.now() - datetime.timedelta(seconds=1)
    Session.objects.filter(pk=key).update(expire_date=ended)
    session = SessionStore(key)
    assert dict(session.items()) == {}
    assert session.session_key is None


def test_nobody_begins_one_under_a_key_of_his_own():
    session = SessionStore("a" * 32)
    session["greeting"] = "안녕하세요"
    session.save()
    assert session.session_key != "a" * 32


def test_what_somebody_has_tampered_with_is_empty(key):
    Session.objects.filter(pk=key).update(session_data="bm90IG91cnM:x:y")
    assert dict(SessionStore(key).items()) == {}
