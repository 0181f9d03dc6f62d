"""Django's cache in Redis, with a fallback while Redis is away."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import OutOfMemoryError, ReadOnlyError, TimeoutError

from boardsite.databases.outages import Outage

AWAY = (NoConnection, TimeoutError, ReadOnlyError, OutOfMemoryError)
SECONDS = 5  # that Redis is left alone after it did not answer
PATIENCE = 0.5  # seconds that a connection, or an answer, may take
SPARE_ENTRIES = 10_000

outage = Outage("Redis", seconds=SECONDS)


def _or_spare(name: str) -> Callable:
    """The method `name` of Redis, or of the fallback while Redis is away."""
    ask = getattr(RedisCache, name)

    @wraps(ask)
    def method(self: "SparedRedisCache", *args: Any, **kwargs: Any) -> Any:
        if outage.may_ask():
            try:
                answer = ask(self, *args, **kwargs)
            except AWAY as error:
                if not outage.is_on:
                    self.spare.clear()  # what the outage before has left is too old
                outage.begin(error)
            else:
                outage.end()
                return answer
        return getattr(self.spare, name)(*args, **kwargs)

    return method


class SparedRedisCache(RedisCache):
    """Redis; while it does not answer, the memory of this process, which is empty at first.

    Cached values are then computed again, and rate limits count in each process by itself. Nothing that
    must survive is in the cache.
    """

    def __init__(self, server: str | list[str], params: dict[str, Any]):
        timeouts = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        options = params.get("OPTIONS", {})
        super().__init__(server, {**params, "OPTIONS": {**timeouts, **options}})
        # One a process: LocMemCache of the same name share what they hold.
        self.spare = LocMemCache(
            "spare of Redis", {**params, "OPTIONS": {"MAX_ENTRIES": SPARE_ENTRIES}}
        )

    add = _or_spare("add")
    get = _or_spare("get")
    set = _or_spare("set")
    touch = _or_spare("touch")
    delete = _or_spare("delete")
    get_many = _or_spare("get_many")
    has_key = _or_spare("has_key")
    incr = _or_spare("incr")
    set_many = _or_spare("set_many")
    delete_many = _or_spare("delete_many")
    clear = _or_spare("clear")
