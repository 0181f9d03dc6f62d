from collections.abc import Callable

import pytest

from collector.fetch import Fetched, FetchFailed
from collector.models import Source
from tests.conftest import make_member

ITEM = """<item><title>{title}</title><link>{link}</link><guid>{guid}</guid>
<description>{text}</description>{more}</item>"""


@pytest.fixture
def gatherer(db):
    """The robot member who posts."""
    return make_member("gatherer", "수집기", is_robot=True)


@pytest.fixture
def source(gatherer, board):
    """A paper's feed, by leave of its owner."""
    return Source.objects.create(
        name="너울골신문",
        address="https://paper.example/feed",
        is_on=True,
        board=board,
        member=gatherer,
        licence="ⓒ 너울골신문",
    )


def item(number: int, **fields) -> str:
    fields = {
        "title": f"기사 {number}",
        "link": f"https://paper.example/news/{number}",
        "guid": f"news-{number}",
        "text": f"기사 {number}의 앞부분입니다.",
        "more": "",
    } | fields
    return ITEM.format(**fields)


@pytest.fixture
def paper(monkeypatch) -> Callable:
    """What stands at every address from now on: `paper(item(1), …)`, or a status, or why not."""
    asked = []

    def publish(*items: str, status: int = 200, etag: str = "", failed: str = "", retry_after=None):
        feed = f'<rss version="2.0"><channel><title>신문</title>{"".join(items)}</channel></rss>'

        def fetch(address, *, etag="", last_modified="", answer_etag=etag):
            asked.append((address, etag))
            if failed:
                raise FetchFailed(failed)
            if etag and etag == answer_etag:
                return Fetched(304, address, b"", "", etag, "", None)
            body = feed.encode() if status == 200 else b""
            return Fetched(status, address, body, "text/xml", answer_etag, "", retry_after)

        monkeypatch.setattr("collector.actions.collecting.fetch", fetch)
        return asked

    return publish
