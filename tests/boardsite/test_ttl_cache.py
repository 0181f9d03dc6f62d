"""Values that a process caches for some seconds."""

import pytest

from boardsite.caching.ttl_cache import TTLCache


@pytest.fixture
def clock(monkeypatch):
    """`clock(seconds)` moves the clock forward."""
    now = [1_000.0]
    monkeypatch.setattr("boardsite.caching.ttl_cache.time.monotonic", lambda: now[0])

    def later(seconds: float) -> None:
        now[0] += seconds

    return later


@pytest.fixture
def asked():
    """The arguments of each load, in order."""
    return []


@pytest.fixture
def known(asked):
    def load(*args):
        asked.append(args)
        return len(asked)

    return TTLCache(load, seconds=10)


def test_a_value_is_loaded_once_within_its_seconds(known, clock):
    assert [known(), known()] == [1, 1]
    clock(9.9)
    assert known() == 1
    clock(0.1)
    assert [known(), known()] == [2, 2]


def test_none_is_cached_too(asked, clock):
    known = TTLCache(lambda: asked.append(()), seconds=10)
    assert [known(), known()] == [None, None]
    assert len(asked) == 1


def test_each_argument_has_its_own_entry(known, clock, asked):
    assert [known("a"), known("b"), known("a")] == [1, 2, 1]
    assert asked == [("a",), ("b",)]


def test_after_a_change_it_is_loaded_again(known, clock):
    assert known() == 1
    known.forget()
    assert known() == 2


def test_a_change_while_it_is_loaded_is_not_missed(clock):
    words = ["old", "new"]

    def load():
        word = words.pop(0)
        if word == "old":
            known.forget()  # another thread changes it between loading and storing
        return word

    known = TTLCache(load, seconds=10)
    assert [known(), known()] == ["old", "new"]


def test_an_error_is_not_cached(clock):
    answers = ["", "7"]
    known = TTLCache(lambda: int(answers.pop(0)), seconds=10)
    with pytest.raises(ValueError, match="invalid literal"):
        known()
    assert known() == 7


def test_all_caches_can_be_emptied_at_once(known, clock):
    other = TTLCache(lambda: object(), seconds=10)
    first = known(), other()
    TTLCache.forget_all()
    assert (known(), other()) != first
    assert known() == 2
