"""The threads of a worker, its queue, and the reception of bodies, without a server."""

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest

from boardsite.server import bodies, gateway
from boardsite.server.bodies import Arriving, Bodies, Refused
from boardsite.server.gateway import Gateway
from boardsite.server.pool import Pool


class Loop:
    """The part of asyncio's event loop that a Pool uses."""

    def call_later(self, seconds, callback, *args):
        timer = threading.Timer(seconds, callback, args)
        timer.daemon = True
        timer.start()


def test_the_reserve_takes_job_after_job_while_the_regular_thread_is_held_up():
    done, is_over, all_done = [], threading.Event(), threading.Event()

    def run(job):
        if job == "long":
            is_over.wait(10)
        else:
            done.append(job)
            if len(done) == 200:
                all_done.set()

    pool = Pool(run, regular=1, reserve=3)
    pool.start(Loop())
    pool.put("long")
    began = time.monotonic()
    for number in range(200):
        pool.put(number)
    assert all_done.wait(10)
    is_over.set()
    # At one job in forty milliseconds it would take eight seconds.
    assert time.monotonic() - began < 4


class Sent:
    """A body as Granian provides it: the contents of `chunks`, until None."""

    def __init__(self):
        self.chunks = asyncio.Queue()

    def __aiter__(self):
        return self

    async def __anext__(self):
        if (chunk := await self.chunks.get()) is None:
            raise StopAsyncIteration
        return chunk


class Receiver:
    def __init__(self):
        self.bodies = Bodies(100_000)
        self.tasks = []

    async def send(self, address, size, sent):
        """Starts a request with `sent` of its `size` bytes. The body ends if that is all of them."""
        body = Sent()
        task = asyncio.ensure_future(self.bodies.receive(body, size, address))
        self.tasks.append(task)
        body.chunks.put_nowait(b"x" * sent)
        if sent == size:
            body.chunks.put_nowait(None)
        for _ in range(5):
            await asyncio.sleep(0)
        return task


def status(task):
    """The status of the answer: 200 once the body is complete, None while it is being received."""
    if not task.done():
        return None
    return task.exception().status if task.exception() else 200


async def end(receiver):
    for task in receiver.tasks:
        task.cancel()
    for file in await asyncio.gather(*receiver.tasks, return_exceptions=True):
        if not isinstance(file, BaseException):
            receiver.bodies.release(file)
    assert not receiver.bodies.held
    assert not receiver.bodies.arriving


def test_a_full_worker_stops_the_network_that_holds_the_most():
    async def scene():
        receiver = Receiver()
        greedy = [await receiver.send("192.0.2.1", 99_999, 90_000) for _ in range(4)]
        others = [
            await receiver.send(f"198.51.100.{number}", 99_999, 90_000) for number in range(13)
        ]
        new = await receiver.send("203.0.113.1", 99_999, 99_999)
        assert status(new) == 200
        # Only the body with the longest pause in the greedy network was stopped.
        assert [status(task) for task in greedy] == [503, None, None, None]
        assert {status(task) for task in others} == {None}
        await end(receiver)

    asyncio.run(scene())


def test_what_has_been_received_takes_room_until_it_is_answered():
    """Attack case 101: otherwise a network could fill the disk with bodies that wait for a thread."""

    async def scene():
        receiver = Receiver()
        whole = [await receiver.send("192.0.2.1", 99_999, 99_999) for _ in range(5)]
        assert [status(task) for task in whole] == [200] * 4 + [503]
        receiver.bodies.release(whole[0].result())
        assert status(await receiver.send("192.0.2.1", 99_999, 99_999)) == 200
        others = [await receiver.send(f"198.51.{number}.1", 99_999, 99_999) for number in range(12)]
        assert {status(task) for task in others} == {200}
        assert (
            status(await receiver.send("203.0.113.1", 99_999, 99_999)) == 503
        )  # none of them can be stopped
        await end(receiver)

    asyncio.run(scene())


def test_a_small_request_needs_no_room():
    async def scene():
        receiver = Receiver()
        for number in range(17):
            await receiver.send(f"198.51.100.{number}", 99_999, 94_000)
        small = await receiver.send("198.51.100.1", 200, 200)
        assert status(small) == 200
        await end(receiver)

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("addresses", "refused"),
    [
        ([f"2001:db8::{number:x}" for number in range(6)], 2),  # of one link
        ([f"2001:db8:0:{number:x}::1" for number in range(6)], 2),  # of one customer
        ([f"2001:db8:{number:x}::1" for number in range(6)], 0),
    ],
)
def test_one_network_gets_one_share(addresses, refused):
    async def scene():
        receiver = Receiver()
        tasks = [await receiver.send(address, 99_999, 90_000) for address in addresses]
        assert [status(task) for task in tasks].count(503) == refused
        await end(receiver)

    asyncio.run(scene())


def test_a_body_that_pauses_too_long_is_late():
    async def scene():
        body = Arriving("192.0.2.1", 64_000_000)
        body.size = 60_000_000
        now = time.monotonic()
        assert not body.is_late(now + bodies.START - 1)
        assert body.is_late(now + bodies.START + 1)
        body.active_at = now + 100
        assert not body.is_late(now + 110)

    asyncio.run(scene())


def test_a_body_that_is_too_slow_gets_408(monkeypatch):
    monkeypatch.setattr(bodies, "START", -1)

    async def scene():
        receiver = Receiver()
        task = await receiver.send("192.0.2.1", 99_999, 1)
        receiver.bodies.stop_late()
        with pytest.raises(Refused):
            await task
        assert status(task) == 408
        await end(receiver)

    asyncio.run(scene())


class Proto:
    """Granian's side of a request."""

    status = None

    def response_bytes(self, status, headers, body):
        self.status = status


def test_a_request_counts_as_waiting_until_it_is_answered_and_no_longer(monkeypatch):
    monkeypatch.setattr(gateway, "WAITING_OF_ONE", 1)
    may_answer = threading.Event()

    def application(environ, start_response):
        may_answer.wait(10)
        start_response("200 OK", [])
        return [b"x"]

    async def ask(served):
        scope = SimpleNamespace(
            path="/", query_string="", method="GET", client="192.0.2.1:5000", http_version="1.1",
            scheme="http", headers={},
        )  # fmt: skip
        proto = Proto()
        task = asyncio.ensure_future(served.__rsgi__(scope, proto))
        await asyncio.sleep(0)
        return proto, task

    async def scene():
        served = Gateway(application, server=("x", 80), body_limit=1, error_page=str, regular=1)
        served.__rsgi_init__(asyncio.get_running_loop())
        first, first_task = await ask(served)
        assert (await ask(served))[0].status == 503
        may_answer.set()
        while not served.answered:
            time.sleep(0.001)  # while the event loop stands still
        third, third_task = await ask(served)
        await asyncio.gather(first_task, third_task)
        assert (first.status, third.status) == (200, 200)
        assert not served.waiting

    asyncio.run(scene())
