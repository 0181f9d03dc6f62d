from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from boards.models import Post
from collector.fetching.fetch import Fetched, FetchFailed
from collector.fetching.fetcher import Fetcher
from collector.models import Source
from tests.conftest import make_member

ITEM = """<item><title>{title}</title><link>{link}</link><guid>{guid}</guid>
<description>{text}</description>{more}</item>"""


@pytest.fixture
def robot(db):
    """The robot member who writes the posts."""
    return make_member("robot", "수집기", is_robot=True)


@pytest.fixture
def source(robot, board):
    """A paper's feed, used with permission."""
    return Source.objects.create(
        name="너울골신문",
        address="https://paper.example/feed",
        is_on=True,
        board=board,
        member=robot,
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


def collect(source: Source, *, expects: int = 0) -> str:
    """Runs `collect` for a due source; returns its output."""
    return collect_all(source, expects=expects, sources=[source.pk])


def collect_all(*sources: Source, expects: int = 0, **options) -> str:
    """Runs `collect` for these sources; returns its output."""
    rows = Source.objects.filter(pk__in=[each.pk for each in sources])
    rows.update(next_at=timezone.now(), claimed_until=timezone.now())
    out = StringIO()
    if expects:
        with pytest.raises(SystemExit) as ended:
            call_command("collect", stdout=out, stderr=out, **options)
        assert ended.value.code == expects
    else:
        call_command("collect", stdout=out, stderr=out, **options)
    for each in sources:
        each.refresh_from_db()
    return out.getvalue()


def subjects() -> list[str]:
    return list(Post.objects.order_by("number").values_list("subject", flat=True))


class Paper:
    """Replaces the web: `paper(item(1), …)` sets the feed that every address returns, or a status
    or an error. Addresses in `pages` return HTML, a status or a FetchFailed of their own.

    `feed` is the current feed. `asked` lists (address, ETag) of each request.
    """

    def __init__(self):
        self.asked: list[tuple[str, str]] = []
        self.pages: dict[str, str | bytes | int | FetchFailed] = {}
        self()

    def __call__(
        self,
        *items: str,
        status: int = 200,
        etag: str = "",
        last_modified: str = "",
        failed: str = "",
        retry_after=None,
    ) -> list[tuple[str, str]]:
        feed = f'<rss version="2.0"><channel><title>신문</title>{"".join(items)}</channel></rss>'
        self.feed, self._status = feed, status
        self._etag, self._last_modified = etag, last_modified
        self._failed, self._retry_after = failed, retry_after
        return self.asked

    def fetch(self, address: str, *, etag: str = "", last_modified: str = "", **limits) -> Fetched:
        self.asked.append((address, etag))
        if address in self.pages:
            return self._page(address, self.pages[address])
        if self._failed:
            raise FetchFailed(self._failed)
        state = (self._etag, self._last_modified)
        if any(state) and (etag, last_modified) == state:
            return Fetched(304, address, b"", "", *state, None)
        body = self.feed.encode() if self._status == 200 else b""
        return Fetched(self._status, address, body, "text/xml", *state, self._retry_after)

    def _page(self, address: str, page: str | bytes | int | FetchFailed) -> Fetched:
        if isinstance(page, FetchFailed):
            raise page
        if isinstance(page, int):
            return Fetched(page, address, b"", "", "", "", None)
        if isinstance(page, bytes):
            return Fetched(200, address, page, "image/png", "", "", None)
        return Fetched(200, address, page.encode(), "text/html", "", "", None)


@pytest.fixture
def paper(monkeypatch) -> Paper:
    paper = Paper()
    monkeypatch.setattr(
        Fetcher, "fetch", lambda fetcher, address, **more: paper.fetch(address, **more)
    )
    return paper


@pytest.fixture
def other(robot, board):
    """The feed of another paper."""
    return Source.objects.create(
        name="한빛신문",
        address="https://hanbit.example/feed",
        is_on=True,
        board=board,
        member=robot,
    )


@pytest.fixture
def listing(robot, board):
    """A listing page whose articles are read from their own pages."""
    return Source.objects.create(
        name="물결일보",
        kind=Source.Kind.LISTING,
        address="https://wave.example/list",
        link_rule="ul.news a",
        is_on=True,
        board=board,
        member=robot,
        shows=Source.Shows.FULL,
    )


def list_page(*numbers: int) -> str:
    rows = (f'<li><a href="/news/{n}">물결 소식 {n}</a></li>' for n in numbers)
    return f'<!doctype html><html><body><ul class="news">{"".join(rows)}</ul></body></html>'


def article_page(title: str, *paragraphs: str, head: str = "") -> str:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f'<!doctype html><html lang="ko"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


STORY = (
    "너울골시는 내년 봄부터 시내버스 요금을 이백 원 올리기로 했다고 25일 밝혔다. 시는 기름값과 기사들의"
    " 임금이 크게 올라 더는 버틸 수 없었다고 설명했다. 요금이 오르는 것은 여섯 해 만이다. 청소년과 노인의"
    " 요금은 그대로 두고, 아침 일곱 시 전에 타는 사람에게는 값을 깎아 준다. 시민 단체들은 먼저 노선을 늘려야"
    " 한다며 반대했지만, 시의회는 다음 달 열리는 회의에서 이 안을 통과시킬 것으로 보인다. 버스 회사 세 곳은"
    " 요금이 오르는 대신 낡은 차를 해마다 서른 대씩 전기 버스로 바꾸겠다고 약속했다."
)
"""A text that is long enough to compare."""
OTHER_STORY = (
    "한빛군 앞바다에서 사라진 줄 알았던 점박이물범 열두 마리가 다시 나타났다. 해양 연구소는 지난달부터 섬"
    " 둘레에 놓아둔 사진기에 어미와 새끼가 함께 찍혔다고 알렸다. 물범이 이 바다를 찾은 것은 스무 해 만으로,"
    " 물이 맑아지고 먹이가 늘어난 덕분이라고 연구진은 보고 있다. 군은 섬 가까이에 배가 다가가지 못하게 하는"
    " 조례를 만들기로 했고, 어민들도 그물을 치는 자리를 옮기는 데 뜻을 모았다. 겨울이 오면 물범들은 얼음이"
    " 어는 북쪽으로 떠났다가 이듬해 봄에 돌아온다."
)
