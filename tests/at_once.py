"""Runs an action in several threads at once, for tests with the fixture `side_by_side`."""

import threading

from django.db import connections

CONNECTIONS = 80  # PostgreSQL takes 97 by default, also those of other tests


def at_once(count: int, action) -> None:
    """Runs `action(number)` in `count` threads, which start together, at most CONNECTIONS at a time."""
    gate, errors = threading.Barrier(count, timeout=120), []
    connected = threading.BoundedSemaphore(CONNECTIONS)

    def run(number):
        try:
            gate.wait()
            with connected:
                try:
                    action(number)
                finally:
                    connections.close_all()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
