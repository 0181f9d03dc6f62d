import os
import signal

import pytest

from tests.boardsite.running import Served


@pytest.fixture
def serve():
    running = []

    def start(*command, **environment):
        running.append(Served(*command, **environment))
        return running[-1]

    yield start
    for served in running:
        if served.process.poll() is None:
            os.killpg(served.process.pid, signal.SIGKILL)
        served.process.communicate()
