"""The cache when Redis is unavailable: nobody waits, and rate limits still count."""

import logging
import socket
import time
from contextlib import closing
from threading import Thread

import pytest
from redis.exceptions import ResponseError

from boardsite.caching import redis_cache
from boardsite.caching.redis_cache import SECONDS, SparedRedisCache
from boardsite.databases.outages import Outage
from tests.services import free_port


@pytest.fixture
def outage(monkeypatch) -> Outage:
    """Each test has its own, so that outages do not carry over."""
    outage = Outage("Redis", seconds=SECONDS)
    monkeypatch.setattr(redis_cache, "outage", outage)
    return outage


def cache_at(address: str) -> SparedRedisCache:
    cache = SparedRedisCache(address, {"TIMEOUT": 300})
    cache.spare.clear()
    return cache


@pytest.fixture
def nobody() -> str:
    """An address on which nothing listens."""
    return f"redis://127.0.0.1:{free_port()}/0"


@pytest.fixture
def silent():
    """A Redis that accepts connections and never answers; their number is in `taken`."""
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


def test_it_is_empty_at_first_and_then_caches_in_the_process(outage, nobody, caplog):
    cache = cache_at(nobody)
    with caplog.at_level(logging.WARNING):
        assert cache.get("ranking") is None
        assert cache.get_many(["a", "b"]) == {}
        assert cache.add("pause:1:2", 5, 60)  # the first may,
        # the next must wait, because limits count in this process
        assert not cache.add("pause:1:2", 5, 60)
        cache.set("hits", 1)
        assert cache.incr("hits") == 2
        with pytest.raises(ValueError, match="unknown"):
            cache.incr("unknown")
        assert cache.get_or_set("made", lambda: "new") == "new"
        assert cache.delete("made")
        assert "made" not in cache
    assert [record.message.partition(",")[0] for record in caplog.records] == ["Redis is away"]


def test_nobody_waits_twice_for_a_silent_server(outage, silent):
    address, taken = silent
    cache = cache_at(address)
    for number in range(50):  # in a hundredth of the time for which it is left alone
        cache.set(f"key-{number}", number)
    assert len(taken) == 1


def test_values_of_an_outage_are_not_used_in_the_next(outage, nobody):
    cache = cache_at(nobody)
    cache.set("front-page", "old")
    assert cache.get("front-page") == "old"
    outage.end()
    assert cache.get("front-page") is None


def test_it_is_used_again_when_it_is_back(outage, redis_url, monkeypatch, caplog):
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


def test_an_invalid_command_is_no_outage(outage, redis_url):
    cache = cache_at(redis_url)
    cache.set("word", "a word", 10)
    with pytest.raises(ResponseError):
        cache.incr("word")
    assert not outage.is_on


def test_during_an_outage_one_request_in_some_seconds_tries_again(monkeypatch):
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
