"""The pages of another site, which bench.run measures beside ours."""

from bench import run
from bench.load import Figures
from bench.report import Measured


class Site:
    """Records the requests."""

    def __init__(self):
        self.asked = []

    def measure(self, paths, *, seconds, cookies=()):
        self.asked.append((paths, cookies))
        return Figures(per_second=1, p50=1, p99=1, cpu=0, errors=0)


def test_a_running_site_is_given_by_name_and_address():
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
