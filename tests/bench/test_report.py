"""The tables of bench.run: their rows, and what they call slower."""

import pytest

from bench import report
from bench.comments import Writing
from bench.load import Figures
from bench.report import FLOOR, Measured


def figures(per_second: float, cpu: float) -> Figures:
    return Figures(per_second=per_second, p50=1.0, p99=2.0, cpu=cpu, errors=0)


@pytest.fixture
def ours() -> Measured:
    return Measured(
        "10 posts, sqlite",
        pages={FLOOR: figures(2_000, 0.5), "list": figures(1_000, 1.0), "post": figures(40, 25.0)},
        uncached={"list": figures(50, 20.0)},
        queries={"list": 8},
        memory=123.4,
        size=5 * 1024**2,
    )


def cells(lines: list[str], name: str) -> list[str]:
    row = next(line for line in lines if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_each_page_is_shown_beside_the_floor(ours):
    lines = list(report.tables(ours, ours.pages[FLOOR]))
    row = ["list", "1,000", "0.50", "1.0", "2.0", "1.00", "2.0", "50", "20.00", "40.0", "8", "0"]
    assert cells(lines, "list") == row
    assert cells(lines, "post")[7:10] == ["", "", ""]  # not measured without a cache
    assert {line.count("|") for line in lines if line.startswith("|")} == {13}
    assert any("123 MiB" in line and "Database: 5 MiB" in line for line in lines)


def test_a_peer_is_compared_page_by_page_and_slower_pages_are_named(ours):
    peer = Measured("Peer", pages={"list": figures(100, 10.0), "post": figures(80, 5.0)})
    lines = list(report.against(ours, peer))
    assert cells(lines, "list") == ["list", "1,000", "50", "100.0", "10.0", "0.5", "20.00", "10.00"]
    assert not any(line.startswith(f"| {FLOOR}") for line in lines)
    assert "Slower than theirs: post. Without the page cache also: list." in lines[-1]


def test_a_peer_that_is_slower_everywhere_is_reported(ours):
    peer = Measured("Peer", pages={"list": figures(10, 0)})
    assert report.worse(ours, peer, ["list"]) == "Slower than theirs: nothing measured."


def test_growth_compares_uncached_pages(ours):
    larger = Measured(
        "20 posts",
        pages={"list": figures(900, 1.1), "post": figures(40, 50.0)},
        uncached={"list": figures(45, 22.0)},
    )
    lines = list(report.growth({20: larger, 10: ours}))
    assert cells(lines, "list") == ["list", "20.00", "22.00", "1.10"]
    assert cells(lines, "post") == ["post", "25.00", "50.00", "2.00"]
    assert "From 10 to 20 posts" in lines[0]


def test_unknown_figures_are_not_compared():
    assert report.ratio(3.0, None) == report.ratio(3.0, 0) == ""
    assert report.ratio(3.0, 2.0) == "1.5"


def test_the_slowest_hundredth_of_comments_is_shown():
    writing = Writing("one after another", [*range(1, 101)])
    assert writing.mean == 50.5
    assert (writing.within(0.5), writing.within(0.99)) == (51, 100)
    (row,) = [line for line in report.writing_table([writing]) if line.startswith("| one")]
    assert row == "| one after another | 100 | 50.5 | 51.0 | 100.0 | 100.0 |"
