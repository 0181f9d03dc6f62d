"""The buttons of the admin start a separate process, which no request waits for."""

import os
import threading
import time
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from collector.actions.starting import CannotStart, command_for, start
from collector.models import Source

PATIENCE = 120  # seconds; far more than anything here takes, on a busy machine too

MANAGE = """
import os, sys, time
print("said to nobody")
print("complained", file=sys.stderr)
words = [str(os.getpid()), str(os.getsid(0)), *sys.argv[1:]]
with open("new", "w") as file:
    file.write(" ".join(words))
os.rename("new", "asked")
while not os.path.exists("end"):
    time.sleep(0.02)
sys.exit({code})
"""


@pytest.fixture
def site(tmp_path, settings):
    """Replaces manage.py by a program that records its arguments and waits for the file `end`."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "manage.py").write_text(MANAGE.format(code=0))
    yield tmp_path
    (tmp_path / "end").touch()


def wait_until(true) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def asked(site: Path) -> list[str]:
    wait_until((site / "asked").exists)
    return (site / "asked").read_text().split()


def test_the_process_runs_independently(site):
    start(Source(pk=3))
    pid, session, *arguments = asked(site)  # it is still running
    assert pid == session  # so that Ctrl-C for the server does not reach it
    assert arguments == ["collect", "--verbosity=0", "--source=3"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
def test_it_leaves_no_zombie(site):
    start(Source(pk=3))
    pid = asked(site)[0]
    (site / "end").touch()
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


def test_only_its_errors_go_to_the_log(site, capfd):
    start(Source(pk=3))
    asked(site)
    assert capfd.readouterr() == ("", "complained\n")


def test_it_inherits_no_socket_of_the_server(site):
    readable, writable = os.pipe()
    os.set_inheritable(writable, True)
    start(Source(pk=3))
    asked(site)
    os.close(writable)
    assert os.read(readable, 1) == b""  # nobody else has the other end open
    os.close(readable)


@pytest.mark.parametrize(("code", "is_news"), [(0, False), (1, False), (3, True)])
def test_an_unexpected_exit_code_is_logged(site, caplog, code, is_news):
    (site / "manage.py").write_text(MANAGE.format(code=code))
    before = set(threading.enumerate())
    start(Source(pk=3))
    asked(site)
    waiting = set(threading.enumerate()) - before
    (site / "end").touch()
    for thread in waiting:
        thread.join(PATIENCE)
    assert ("ended with 3" in caplog.text) == is_news


def test_a_refused_process_is_an_error_in_korean(site, monkeypatch):
    def refuse(*args, **kwargs):
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(CannotStart, match="시작하지 못했습니다"):
        start(Source(pk=3))


@pytest.mark.parametrize("is_trial", [False, True])
def test_the_command_parses_its_arguments(is_trial):
    _python, manage, name, *arguments = command_for(Source(pk=3), Source(pk=5), is_trial=is_trial)
    assert Path(manage).is_file()
    command = load_command_class(get_commands()[name], name)
    options = command.create_parser(manage, name).parse_args(arguments)
    assert (options.sources, options.is_trial) == ([3, 5], is_trial)
