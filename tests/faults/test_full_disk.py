"""The disk is full: every page is still read, the log is not flooded, and what reading leaves behind is
written as soon as there is room."""

import os
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from tests.faults.running import Reader, eventually, read_all

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a disk of its own"),
]

SIZE = 24 * 1024 * 1024  # bytes


@pytest.fixture
def tmp_path(tmp_path):
    """A small file system of its own, where the tests run as root."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)  # noqa: S607 (wherever it is)


def fill(folder: Path) -> Path:
    """Takes the last byte of the disk that is free."""
    file = folder / "filling"
    with file.open("wb", buffering=0) as opened:
        for size in (65536, 4096, 1):
            try:
                while True:
                    opened.write(bytes(size))
            except OSError:
                continue
    return file


def test_posts_are_read_while_the_disk_is_full(start_site, posts, member_cookies, tmp_path):
    site = start_site(VIEWS_WRITE_SECONDS="0.5")
    paths = ["/", "/free/", "/robots.txt", *(post.get_absolute_url() for post in posts)]
    read_all(site.port, paths[:3], readers=1)
    filling = fill(tmp_path)
    member = Reader(site.port, "198.51.100.1", dict(member_cookies))
    answers = [member.read(path) for path in paths]
    for first in (2, 2, 5):
        answers += read_all(site.port, paths, readers=3, first=first)
    assert [(each.path, each.status) for each in answers if each.status != 200] == []
    filling.unlink()
    eventually(lambda: views(site) == 7 * len(posts), f"{views(site)}")
    eventually(lambda: site.database.rows("SELECT visitors FROM visits_daycount")[0][0] == 8)
    assert site.stop().count("Traceback") <= 6  # for each fault and worker


def views(site) -> int:
    return site.database.rows("SELECT SUM(view_count) FROM boards_post")[0][0]
