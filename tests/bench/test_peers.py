"""Other forums beside this one: what they are set up with, and which of their pages are asked for."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from bench import run
from bench.load import Figures
from bench.peers.peer import PEERS, PeerSite
from bench.report import Measured


@pytest.fixture(params=PEERS)
def peer(request, tmp_path) -> PeerSite:
    server = "postgres://me@db.example/postgres"
    return PeerSite(
        PEERS[request.param], 10, tmp_path, "python3", server, "redis://db.example:6379/9"
    )


def test_a_peer_has_a_database_and_a_folder_of_its_own(peer):
    name = peer.peer.name
    environment = peer.environment
    assert environment["PEER_DATABASE"] == f"postgres://me@db.example/bench_{name}_10"
    assert Path(environment["PEER_FOLDER"]).parts[-2:] == (name, "10")
    assert "PEER_POSTS" in environment
    assert all("==" in package for package in peer.peer.packages)


def test_its_programs_are_there(peer):
    for module in ("settings", "fill", "pages"):
        assert find_spec(f"bench.peers.{peer.peer.name}.{module}")


class Site:
    """Takes note of what it is asked."""

    def __init__(self):
        self.asked = []

    def measure(self, paths, *, seconds, cookies=()):
        self.asked.append((paths, cookies))
        return Figures(per_second=1, p50=1, p99=1, cpu=0, errors=0)


def test_a_site_that_runs_already_is_told_of_by_names_and_addresses():
    site, measured = Site(), Measured("gnuboard5")
    other = {
        "pages": {"list, page 1": ["/bbs/board.php?bo_table=large"]},
        "members": {"member: front": ["/"]},
        "cookies": ["PHPSESSID=1"],
    }
    run.measure_pages(site, other, measured, 1)
    assert site.asked == [
        (["/bbs/board.php?bo_table=large"], []),
        (["/"], ["PHPSESSID=1"]),
    ]
    assert measured.pages.keys() == {"list, page 1", "member: front"}
