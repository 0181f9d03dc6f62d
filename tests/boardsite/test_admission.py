"""How many requests of a worker use the database at once, and what the others do meanwhile."""

from dataclasses import dataclass, field
from time import monotonic

from boardsite.server import admission
from boardsite.server.admission import Admission


@dataclass(eq=False)
class Asking:
    is_writing: bool = False
    is_inside: bool = False
    is_postponed: bool = False
    begun: float = field(default_factory=monotonic)


def admission_of(places: int) -> tuple[Admission, list]:
    begun_again: list[Asking] = []
    return Admission(places, begun_again.append), begun_again


def test_a_request_without_a_place_comes_in_when_another_leaves():
    gate, begun_again = admission_of(2)
    first, second, third = Asking(), Asking(), Asking()
    assert gate.enter(first)
    assert gate.enter(second)
    assert gate.enter(first), "who is inside may ask again"
    assert not gate.enter(third)
    assert third.is_postponed
    gate.postpone(third)
    assert begun_again == []
    gate.leave(first)
    assert begun_again == [third]
    assert gate.enter(third)
    assert not third.is_postponed
    for each in (second, third, third, first):
        gate.leave(each)
    assert (gate.inside, gate.writing) == (0, 0)


def test_a_place_that_became_free_meanwhile_is_taken_at_once():
    gate, begun_again = admission_of(1)
    first, second = Asking(), Asking()
    gate.enter(first)
    assert not gate.enter(second)
    gate.leave(first)
    gate.postpone(second)
    assert begun_again == [second]


def test_those_who_may_write_leave_a_place_to_readers():
    gate, begun_again = admission_of(3)
    writers = [Asking(is_writing=True) for _ in range(4)]
    assert [gate.enter(each) for each in writers] == [True, True, False, False]
    for each in writers[2:]:
        gate.postpone(each)
    reader, other = Asking(), Asking()
    assert gate.enter(reader)
    assert not gate.enter(other)
    gate.postpone(other)
    gate.leave(reader)
    assert begun_again == [other], "the writers before it still wait for a writer"
    gate.leave(writers[0])
    assert begun_again == [other, writers[2]]


def test_who_waits_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(admission, "READ_PATIENCE", 10.0)
    gate, begun_again = admission_of(1)
    inside = Asking()
    gate.enter(inside)
    late, writer, new = Asking(begun=monotonic() - 11), Asking(True), Asking()
    writer.begun = monotonic() - 11
    for each in (late, writer, new):
        gate.enter(each)
        gate.postpone(each)
    assert gate.take_late() == [late]
    assert list(gate.waiting) == [writer, new]
    gate.leave(inside)
    assert begun_again == [writer]


def test_it_is_stuck_only_while_somebody_waits():
    gate, _begun_again = admission_of(1)
    inside, waiting = Asking(), Asking()
    gate.enter(inside)
    gate.progress_at -= 100
    assert gate.stuck_for() == 0
    gate.enter(waiting)
    gate.postpone(waiting)
    assert gate.stuck_for() < 50
    gate.progress_at -= 100
    assert gate.stuck_for() > 50
