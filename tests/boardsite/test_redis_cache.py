"""The cache when Redis is away: everybody goes on, nobody waits, and limits still count."""

import logging
import socket
import time
from contextlib import closing
from threading import Thread

import pytest
from redis.exceptions import ResponseError

from boardsite import redis_cache
from boardsite.outages import Outage
from boardsite.redis_cache import PATIENCE, SECONDS, SparedRedisCache


@pytest.fixture
def outage(monkeypatch) -> Outage:
    """No test hears of another one's."""
    outage = Outage("Redis", seconds=SECONDS)
    monkeypatch.setattr(redis_cache, "outage", outage)
    return outage


def cache_at(address: str) -> SparedRedisCache:
    cache = SparedRedisCache(address, {"TIMEOUT": 300})
    cache.spare.clear()
    return cache


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return f"redis://127.0.0.1:{free.getsockname()[1]}/0"


@pytest.fixture
def silent():
    """A Redis that takes connections and never answers; how many it took is in `taken`."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server_taken = []

        def take() -> None:
            while True:
                try:
                    server_taken.append(server.accept())
                except OSError:
                    return

        Thread(target=take, daemon=True).start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", server_taken
        server.shutdown(socket.SHUT_RDWR)


def test_it_answers_as_if_empty_and_then_remembers_by_itself(outage, nobody, caplog):
    cache = cache_at(nobody)
    with caplog.at_level(logging.WARNING):
        assert cache.get("ranking") is None
        assert cache.get_many(["a", "b"]) == {}
        assert cache.add("pause:1:2", 5, 60)  # the first may,
        assert not cache.add("pause:1:2", 5, 60)  # the next must wait: limits count in this process
        cache.set("hits", 1)
        assert cache.incr("hits") == 2
        with pytest.raises(ValueError, match="unknown"):
            cache.incr("unknown")
        assert cache.get_or_set("made", lambda: "anew") == "anew"
        assert cache.delete("made")
        assert "made" not in cache
    assert [record.message.partition(",")[0] for record in caplog.records] == ["Redis is away"]


def test_nobody_waits_twice_for_one_that_is_silent(outage, silent):
    address, taken = silent
    cache, began = cache_at(address), time.monotonic()
    for number in range(200):
        cache.set(f"key-{number}", number)
    assert len(taken) == 1
    assert time.monotonic() - began < SECONDS + PATIENCE


def test_what_an_outage_has_left_is_not_shown_in_the_next(outage, nobody):
    cache = cache_at(nobody)
    cache.set("front-page", "old")
    assert cache.get("front-page") == "old"
    outage.end()
    assert cache.get("front-page") is None


def test_when_it_is_back_it_is_asked_again(outage, redis_url, monkeypatch, caplog):
    cache = cache_at(redis_url)
    cache.delete("greeting")
    outage.begin("for a test")
    cache.set("greeting", "kept here")
    assert cache.get("greeting") == "kept here"
    monkeypatch.setattr(outage, "_until", 0)
    with caplog.at_level(logging.WARNING):
        assert cache.get("greeting") is None
    assert not outage.is_on
    assert "Redis is back" in caplog.text


def test_a_wrong_question_is_no_outage(outage, redis_url):
    cache = cache_at(redis_url)
    cache.set("word", "a word", 10)
    with pytest.raises(ResponseError):
        cache.incr("word")
    assert not outage.is_on


def test_while_it_is_away_one_in_some_seconds_asks(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    outage = Outage("It", seconds=5)
    assert all(outage.may_ask() for _ in range(3))
    outage.begin("why")
    assert not outage.may_ask()
    now[0] += 5
    assert [outage.may_ask() for _ in range(3)] == [True, False, False]
    outage.begin("still")
    now[0] += 4
    assert not outage.may_ask()
    outage.end()
    assert outage.may_ask()
