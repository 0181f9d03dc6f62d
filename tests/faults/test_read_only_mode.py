"""A real server whose disk or database takes no writes: reading goes on, forms are refused with their text,
the owners are told once, and writing works again without a restart."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest

from tests.machines.services import Machines, WebHost, eventually, stop, user
from tests.machines.test_many_machines import Browser
from tests.sources import ROOT

SIZE = 24 * 1024 * 1024  # bytes of the small disk
NOTICE = "지금은 읽기만 할 수 있습니다."
COMMENT = "/free/1/comments/write/"


@pytest.fixture
def machines():
    with Machines() as machines:
        yield machines


class Running:
    """A site with one worker, with what its owners were told."""

    def __init__(self, machines: Machines, **variables: str):
        self.machines = machines
        (machines.folder / "site").mkdir(exist_ok=True)
        self.told = machines.folder / "told"
        command = machines.folder / "tell.sh"
        command.write_text(f"#!/bin/sh\ncat >> {self.told}\necho >> {self.told}\n")
        command.chmod(0o755)
        left_out = ("DATABASE_URL", "CACHE_URL", "PYTEST_DB_SUFFIX")
        inherited = {name: word for name, word in os.environ.items() if name not in left_out}
        environment = inherited | {
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            "SITE_URL": "http://localhost:8000",
            "HOST": "127.0.0.1",
            "WEB_CONCURRENCY": "1",
            "HOUSEKEEPING": "off",
            "ALARM_COMMAND": str(command),
            "DATA_DIR": str(machines.folder / "site"),
            "PYTHONPATH": str(ROOT),
            **variables,
        }
        made = subprocess.run(
            [sys.executable, "-m", "tests.machines.site"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.host: WebHost = machines.web_host("site", environment)
        self.minji = Browser(self.host.address).log_in("minji")
        self.minji.read("/free/write/")
        post = {"subject": "봄나들이", "source": "<p>벚꽃</p>", "format": "html", "submission": ID}
        assert self.minji.submit("/free/write/", post).status_code == 302
        self.guest = Browser(self.host.address)

    def refused(self, text: str, browser: Browser | None = None) -> bool:
        """Sends a comment. Returns whether it was refused, with its text; anything else is an error."""
        fields = {"text": text, "submission": f"{abs(hash(text)):032x}"}
        accept = {"Accept": "text/html"}
        answer = (browser or self.minji).submit(COMMENT, fields, headers=accept)
        if answer.status_code == 302:
            return False
        assert answer.status_code == 503, answer.text
        assert answer.headers["Retry-After"] == "30"
        kept = re.search(r'<textarea id="kept-text"[^>]*>\n(.*?)</textarea>', answer.text, re.S)
        assert kept is not None
        assert unescape(kept[1]) == text
        return True

    def alarms(self) -> list[tuple[str, str]]:
        lines = self.told.read_text("utf-8").splitlines() if self.told.exists() else []
        found = [alarm for line in lines for alarm in json.loads(line)["alarms"]]
        return [(alarm["state"], alarm["text"]) for alarm in found]


ID = "6f1d3f1e-6a51-4c6e-9a3c-1d0f7b1c2a10"


def check(site: Running, fault: str, *, breaks, mends, is_read: bool = True) -> None:
    site.told.unlink(missing_ok=True)
    assert not site.refused(f"{fault}: 앞의 댓글")
    for path in ("/free/", "/free/1/"):  # one is in the page cache, the other is built again
        assert site.guest.read(path).status_code == 200
    breaks()
    assert site.refused(f"{fault}: 고장 난 때의 댓글 <b>&amp;")
    if is_read:
        for browser, path in ((site.guest, "/free/1/"), (site.guest, "/new/"), (site.minji, "/")):
            page = browser.read(path)
            assert page.status_code == 200, (path, page.text)
            assert NOTICE in page.text
    texts = [f"{fault}: {number}번째 댓글" for number in range(100)]
    with ThreadPoolExecutor(20) as threads:
        refused = threads.map(
            lambda text: site.refused(text, site.minji.at(site.host.address)), texts
        )
        assert all(refused)
    answer = site.minji.submit("/free/drafts/", {}, headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.json()["message"]
    eventually(site.alarms)
    mends()
    eventually(lambda: not site.refused(f"{fault}: 뒤의 댓글"))
    eventually(lambda: len(site.alarms()) > 1)
    [(first, why), (last, _words)] = site.alarms()
    assert (first, last) == ("firing", "resolved"), why
    page = site.guest.read("/free/1/")
    assert NOTICE not in page.text
    written = re.findall(rf"{fault}: ([^<]*)", page.text)
    assert written == ["앞의 댓글", "뒤의 댓글"]
    assert "Internal Server Error" not in site.machines.log("site")


@pytest.fixture
def small_disk(machines):
    """A file system of its own, for which the tests must run as root."""
    place = machines.folder / "site"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)  # noqa: S607 (wherever it is)


def fill(folder: Path) -> None:
    """Takes the last byte of the disk that is free."""
    with (folder / "filling").open("wb", buffering=0) as opened:
        for size in (65536, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    opened.write(bytes(size))


def test_full_disk(machines, small_disk):
    site = Running(machines)
    check(site, "디스크", breaks=lambda: fill(small_disk), mends=(small_disk / "filling").unlink)
    assert machines.log("site").count("Traceback") <= 4


def test_primary_that_refuses_writes_and_one_that_is_stopped(machines):
    cluster = machines.postgres()
    cluster.ask("CREATE DATABASE boardsite", database="postgres")
    site = Running(machines, DATABASE_URL=cluster.url)

    def change(words: str) -> None:
        cluster.ask(f"ALTER DATABASE boardsite {words}", database="postgres")
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'boardsite'"
        cluster.ask(end, database="postgres")

    def start_again() -> None:
        again = [*cluster.process.args]
        machines.start("again", *again, port=cluster.port, end=signal.SIGQUIT, **user())
        eventually(cluster.is_ready)

    check(
        site,
        "읽기 전용",
        breaks=lambda: change("SET default_transaction_read_only = on"),
        mends=lambda: change("RESET default_transaction_read_only"),
    )
    check(
        site,
        "꺼짐",
        breaks=lambda: stop(cluster.process, signal.SIGQUIT),
        mends=start_again,
        is_read=False,
    )
