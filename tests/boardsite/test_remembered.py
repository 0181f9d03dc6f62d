"""What a process remembers for some seconds."""

import pytest

from boardsite.remembered import Remembered


@pytest.fixture
def clock(monkeypatch):
    """`clock(seconds)`: so much later."""
    now = [1_000.0]
    monkeypatch.setattr("boardsite.remembered.time.monotonic", lambda: now[0])

    def later(seconds: float) -> None:
        now[0] += seconds

    return later


@pytest.fixture
def asked():
    """What was loaded, in order."""
    return []


@pytest.fixture
def known(asked):
    def load(*args):
        asked.append(args)
        return len(asked)

    return Remembered(load, seconds=10)


def test_it_is_loaded_once_in_its_seconds(known, clock):
    assert [known(), known()] == [1, 1]
    clock(9.9)
    assert known() == 1
    clock(0.1)
    assert [known(), known()] == [2, 2]


def test_nothing_is_an_answer_too(asked, clock):
    known = Remembered(lambda: asked.append(()), seconds=10)
    assert [known(), known()] == [None, None]
    assert len(asked) == 1


def test_each_argument_is_a_question_of_its_own(known, clock, asked):
    assert [known("a"), known("b"), known("a")] == [1, 2, 1]
    assert asked == [("a",), ("b",)]


def test_after_a_change_it_is_loaded_anew(known, clock):
    assert known() == 1
    known.forget()
    assert known() == 2


def test_a_change_while_it_is_loaded_is_not_missed(clock):
    words = ["old", "new"]

    def load():
        word = words.pop(0)
        if word == "old":
            known.forget()  # somebody changes it between our look and our remembering
        return word

    known = Remembered(load, seconds=10)
    assert [known(), known()] == ["old", "new"]


def test_an_error_is_not_remembered(clock):
    answers = ["", "7"]
    known = Remembered(lambda: int(answers.pop(0)), seconds=10)
    with pytest.raises(ValueError, match="invalid literal"):
        known()
    assert known() == 7


def test_all_can_be_forgotten_at_once(known, clock):
    other = Remembered(lambda: object(), seconds=10)
    first = known(), other()
    Remembered.forget_all()
    assert (known(), other()) != first
    assert known() == 2
