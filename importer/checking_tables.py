"""Tables, columns and settings of the old site that will not be imported, for the report of `--check`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from importer.actions.author_addresses import kept_since
from importer.reading.options import lost_board_options, lost_site_options
from importer.reading.schema import COLUMNS, KNOWN, kind_of
from importer.reading.site import OldSite
from importer.reading.staging import quoted

EXAMPLES = 5
NEVER = {
    "board_new": "새글 목록은 글에서 다시 만듭니다",
    "login": "지금 접속한 사람",
    "uniqid": "그누보드가 안에서 쓰는 번호",
    "mail": "보낸 회원메일",
    "visit": "접속자의 주소와 경로(개인정보)",
    "member_auto_login": "자동 로그인 열쇠",
    "cert_history": "본인확인 기록(개인정보)",
    "member_cert_history": "본인확인 기록(개인정보)",
}


@dataclass
class Finding:
    """A line of the report. `examples` are at most EXAMPLES."""

    title: str
    count: int = 0
    examples: list[str] = field(default_factory=list)
    advice: str = ""

    def __str__(self) -> str:
        count = f" {self.count:,}개" if self.count else ""
        shown = f": {', '.join(self.examples)}" if self.examples else ""
        more = " …" if self.count > len(self.examples) > 0 else ""
        advice = f"\n    → {self.advice}" if self.advice else ""
        return f"{self.title}{count}{shown}{more}{advice}"


def listed(title: str, found: Iterable[str], advice: str = "") -> Iterator[Finding]:
    """A finding, if there are any."""
    found = list(found)
    if found:
        yield Finding(title, len(found), found[:EXAMPLES], advice)


def table_of(old: OldSite, name: str) -> str:
    return quoted(old.prefix + name)


def lost_tables(old: OldSite) -> Iterator[Finding]:
    known = {name for name in old.staging.names() if kind_of(name, old.prefix)}
    kinds = {kind_of(name, old.prefix) for name in known}
    lacks = [f"{lack.table}.{lack.column}".strip(".") for lack in old.lacks()]
    yield from listed(
        "게시판에 있어야 하는데 없는 표와 칸", lacks, "그 게시판의 글은 가져올 수 없습니다."
    )
    absent = sorted(KNOWN & set(COLUMNS) - kinds - {"write"})
    yield from listed("없는 표", absent, "그누보드의 판이 낮으면 없을 수 있습니다.")
    added = old.staging.query("SELECT substr(name, 7) FROM _state WHERE name LIKE 'added %'")
    less, more = [name for (name,) in added], []
    for name in sorted(known):
        kind, info = kind_of(name, old.prefix), old.staging.table(name)
        if info and kind in COLUMNS:
            there = {each.lower() for each in info.columns}
            less += [f"{name}.{each}" for each in COLUMNS[kind] if each not in there]
            more += [f"{name}.{each}" for each in sorted(there - set(COLUMNS[kind]))]
    yield from listed("없는 칸", less, "낮은 판에 없던 칸입니다. 여기의 기본값을 씁니다.")
    yield from listed(
        "그누보드5에 없는 칸", more, "플러그인이나 손으로 더한 칸은 가져오지 않습니다."
    )
    plugins = {name: count for name, count in old.plugins().items() if not name.startswith("_")}
    boards = [name for name in plugins if name.startswith(f"{old.prefix}write_")]
    yield from listed(
        "게시판 목록에 없는 글의 표",
        [f"{name} {plugins.pop(name):,}행" for name in boards],
        "게시판을 지우고 남은 표로 보고 가져오지 않습니다.",
    )
    shown = [
        f"{name} {count:,}행" for name, count in sorted(plugins.items(), key=lambda each: -each[1])
    ]
    yield from listed(
        "플러그인의 표(영카트 등)", shown, "가져오지 않습니다. 옛 데이터베이스를 보관해 두세요."
    )
    yield _addresses(old)
    for table, reason in NEVER.items():
        if count := old.count(table):
            yield Finding(f"{old.prefix}{table} ({reason})", count)


def _addresses(old: OldSite) -> Finding:
    """What becomes of IP addresses (wr_ip, mb_login_ip)."""
    since, title = kept_since(), "글쓴이의 IP 주소(개인정보)"
    if since is None:
        return Finding(
            title,
            advice="회원 설정의 보관 기간이 0일이라 가져오지 않습니다. 보관해야 한다면 가져오기 전에 정합니다.",
        )
    at = timezone.localtime(since).strftime("%Y-%m-%d %H:%M:%S")
    boards = [old.write_table(row) for row in old.rows("board")]
    count = sum(
        old.staging.query(
            f"SELECT count(*) FROM {table_of(old, board)} WHERE wr_datetime < ?", [at]
        )[0][0]
        for board in boards
        if old.has(board, "wr_ip")
    )
    return Finding(f"{title} 가운데 보관 기간이 지난 글과 댓글의 것", count)


def lost_options(old: OldSite) -> Iterator[Finding]:
    yield from listed(
        "여기에 없는 기본환경설정", lost_site_options(old), "docs/moving.md에 자세히 적혀 있습니다."
    )
    yield from listed("여기에 없는 게시판 설정", lost_board_options(old))
