"""Two web hosts, PostgreSQL with a replica, Redis, S3 and nginx: all members read their own writes,
and when one service dies, the site goes on and loses no acknowledged write."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter

import pytest
import requests

from tests.machines.services import KEYS, Machines, WebHost, eventually, kill
from tests.machines.site import PASSWORD
from tests.page import CHROME
from tests.sources import ROOT

AWAY, BACK = "The replica of the database is away", "The replica of the database is back"
BUCKET = "boardsite-files"
FILE = bytes(range(256)) * 40


CUT_OFF = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)


class Browser(requests.Session):
    """A visitor of `address`; anonymous until they log in."""

    def __init__(self, address: str):
        super().__init__()
        self.address = address
        self.headers["User-Agent"] = CHROME
        self.trust_env = False

    def read(self, path: str, **options) -> requests.Response:
        return self.get(self.address + path, timeout=60, **options)

    def submit(self, path: str, fields: dict, **options) -> requests.Response:
        """Submits a form. Cookies belong to localhost, whatever the port."""
        token = self.cookies.get("csrftoken", "")
        data = {**fields, "csrfmiddlewaretoken": token}
        return self.post(
            self.address + path, data=data, timeout=60, allow_redirects=False, **options
        )

    def log_in(self, username: str) -> "Browser":
        self.read("/accounts/login/")
        answer = self.submit("/accounts/login/", {"login": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return self

    def at(self, address: str) -> "Browser":
        """The same visitor at another host."""
        twin = Browser(address)
        twin.cookies = self.cookies
        return twin

    def comment(self, text: str, submission: str = "") -> int:
        """Writes a comment; returns the status, which is 302 on success."""
        fields = {"text": text, "submission": submission or str(uuid.uuid4())}
        return self.submit("/free/1/comments/write/", fields).status_code


@pytest.fixture
def machines():
    with Machines() as machines:
        yield machines


def environment(primary, replica, redis_url: str, storage: str) -> dict[str, str]:
    left_out = ("DATABASE_URL", "CACHE_URL", "PYTEST_DB_SUFFIX")
    inherited = {name: word for name, word in os.environ.items() if name not in left_out}
    return inherited | {
        "DATABASE_URL": primary.url,
        "DATABASE_REPLICA_URL": replica.url,
        "CACHE_URL": redis_url,
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT": storage,
        "S3_REGION": "us-east-1",
        "S3_ACCESS_KEY": KEYS["aws_access_key_id"],
        "S3_SECRET_KEY": KEYS["aws_secret_access_key"],
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "SITE_URL": "http://localhost:8000",
        "TRUSTED_PROXY": "127.0.0.1",
        "HOST": "127.0.0.1",
        "WEB_CONCURRENCY": "1",
        "HOUSEKEEPING": "off",
        "PAGE_CACHE_MB": "16",
        "PYTHONUTF8": "1",
    }


class Crowd:
    """Visitors who read and write through nginx all the time; records acknowledged writes."""

    def __init__(self, address: str, writers: list[Browser]):
        self.address = address
        self.read_badly: list[str] = []
        self.cut_off = 0
        self.pages = Counter()
        self.acknowledged: list[str] = []
        self.during = ""
        self._ends = threading.Event()
        self._threads = [
            threading.Thread(target=self._read),
            *(threading.Thread(target=self._write, args=[writer]) for writer in writers),
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def goes_on(self, what: str) -> None:
        """Waits for some more reads and writes after `what` has happened."""
        self.during = what
        pages, writes = sum(self.pages.values()) + 12, len(self.acknowledged) + 4
        eventually(lambda: sum(self.pages.values()) >= pages and len(self.acknowledged) >= writes)

    def _read(self) -> None:
        turn = 0
        while not self._ends.is_set():
            turn += 1
            path = ("/", "/free/", "/free/1/", "/new/")[turn % 4]
            if turn % 20 == 0:  # the rate limit allows no more of these
                path = "/search/?q=봄나들이"
            time.sleep(0.02)
            try:
                answer = Browser(self.address).read(path)  # a new anonymous visitor each time
            except CUT_OFF:  # its host was killed in the middle of a response
                self.cut_off += 1
                continue
            if answer.status_code == 200:
                self.pages[path] += 1
            else:
                self.read_badly.append(f"{self.during}: {answer.status_code} for {path}")

    def _write(self, writer: Browser) -> None:
        """Repeats writes that were not acknowledged, as a browser would submit a form again."""
        while not self._ends.is_set():
            text, submission = f"댓글 {uuid.uuid4().hex}", str(uuid.uuid4())
            while not self._ends.is_set():
                with contextlib.suppress(*CUT_OFF):
                    if writer.comment(text, submission) == 302:
                        self.acknowledged.append(text)
                        break
                time.sleep(0.1)
            time.sleep(0.5)


def test_the_site_survives_the_death_of_each_machine(machines):
    primary = machines.postgres()
    primary.ask("CREATE DATABASE boardsite", database="postgres")
    redis_url, redis = machines.redis()
    storage, bucket = machines.storage(BUCKET)
    replica = machines.replica_of(primary)
    variables = environment(primary, replica, redis_url, storage)
    subprocess.run(
        [sys.executable, "-m", "tests.machines.site"],
        cwd=ROOT,
        env=variables,
        check=True,
        timeout=300,
    )
    hosts = [machines.web_host(name, variables) for name in ("one", "two")]
    site = f"http://localhost:{machines.nginx(*hosts)}"
    minji = Browser(site).log_in("minji")
    writes_are_read_at_once(minji, hosts)
    files_are_seen_from_both(minji, hosts, machines, bucket)
    anonymous_visitors_read_the_replica(minji, site, replica, machines)

    writers = [Browser(site).log_in(name) for name in ("junho", "sora", "dohyun")]
    with Crowd(site, writers) as crowd:
        crowd.goes_on("all are there")
        # All hosts read the replica again, which had stopped: now it dies while it is in use.
        eventually(lambda: all(reads_replica(machines.log(host.name)) for host in hosts))
        said = machines.log("two").count(AWAY)
        kill(redis)
        crowd.goes_on("Redis is dead")
        kill(replica.process)
        crowd.goes_on("the replica is dead")
        kill(hosts[0].process)
        crowd.goes_on("one web host is dead")

    assert crowd.read_badly == []
    assert crowd.cut_off <= 1  # one reader, one host that was killed
    kept = Counter(row[0] for row in primary.ask("SELECT text FROM boards_comment"))
    assert len(crowd.acknowledged) >= 16
    assert [text for text in crowd.acknowledged if not kept[text]] == []  # no write is lost
    assert max(kept.values()) == 1  # and no repeated submission is there twice
    log = machines.log("two")
    assert (log.count("Redis is away"), log.count(AWAY)) == (1, said + 1)  # not for every page


def reads_replica(log: str) -> bool:
    return log.count(AWAY) == log.count(BACK)


def writes_are_read_at_once(minji: Browser, hosts: list[WebHost]) -> None:
    post = {"subject": "봄나들이", "source": "<p>벚꽃이 활짝</p>", "format": "html"}
    answer = minji.submit("/free/write/", {**post, "submission": str(uuid.uuid4())})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/free/1/")
    for host in hosts:
        assert "벚꽃이 활짝" in minji.at(f"http://localhost:{host.port}").read("/free/1/").text
    guest = Browser(minji.address)
    eventually(lambda: "봄나들이" in guest.read("/free/").text, seconds=20)
    assert "sessionid" not in guest.cookies


def files_are_seen_from_both(
    minji: Browser, hosts: list[WebHost], machines: Machines, bucket
) -> None:
    one, two = (f"http://localhost:{host.port}" for host in hosts)
    sent = minji.at(one).submit("/free/upload-file/", {}, files={"file": ("자료.bin", FILE)})
    assert sent.status_code == 201, sent.text
    post = {"subject": "자료", "source": "<p>자료</p>", "format": "html"}
    post |= {"kept_files": sent.json()["id"], "submission": str(uuid.uuid4())}
    assert minji.at(one).submit("/free/write/", post).status_code == 302
    address = f"/files/{sent.json()['id']}/"
    whole = minji.at(two).read(address)
    assert (whole.status_code, whole.content == FILE) == (200, True)
    part = minji.at(two).read(address, headers={"Range": "bytes=300-309"})
    assert (part.status_code, part.content) == (206, FILE[300:310])
    assert part.headers["Content-Range"] == f"bytes 300-309/{len(FILE)}"
    assert len(bucket.list_objects_v2(Bucket=BUCKET)["Contents"]) == 1
    assert not list(machines.folder.glob("*/media/**/*.bin"))  # nothing stays on a host


def anonymous_visitors_read_the_replica(
    minji: Browser, site: str, replica, machines: Machines
) -> None:
    """While the replica lags, members read their own writes, and anonymous visitors read old pages.
    After a long lag the primary serves anonymous visitors too."""
    guest = Browser(site)
    assert guest.read("/free/1/").status_code == 200
    replica.ask("SELECT pg_wal_replay_pause()")
    assert minji.comment("나중에 보이는 댓글") == 302
    assert "나중에 보이는 댓글" in minji.read("/free/1/").text
    assert "나중에 보이는 댓글" not in guest.read("/free/1/").text
    eventually(lambda: "나중에 보이는 댓글" in guest.read("/free/1/").text, seconds=40)
    assert re.search("seconds behind", machines.log("one") + machines.log("two"))
    replica.ask("SELECT pg_wal_replay_resume()")
