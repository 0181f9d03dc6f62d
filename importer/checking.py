"""What an import would do, without doing it: the report of `import_gnuboard5 --check`.

It only reads: the copy of the old site, its files, and names and addresses that belong to somebody here.
"""

import shutil
from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from importer.actions.members import NO_MAIL, name_changes
from importer.actions.moving import FILE_STEPS, STEPS
from importer.checking_tables import EXAMPLES, Finding, listed, lost_options, lost_tables, table_of
from importer.models import Imported
from importer.passwords import is_known
from importer.reading.addresses import board_slug
from importer.reading.bodies import files_in
from importer.reading.files import OldFiles
from importer.reading.schema import COLUMNS, kind_of
from importer.reading.site import OldSite
from importer.reading.staging import quoted
from importer.reading.values import CUT_AT, LONGEST_VARCHAR

ROWS_A_SECOND = 1_500  # posts and comments, with their search index
FILES_A_SECOND = 5  # pictures are decoded and made smaller
SPACE = 2.5  # bytes of our database for each byte of the copy
MEDIA = 1.3  # bytes of our files, with their smaller versions, for each byte there


Sections = list[tuple[str, list[Finding]]]


def check(old: OldSite, files: OldFiles | None) -> Sections:
    """The sections of the report, each with its title."""
    return [
        ("가져올 것", list(_wanted(old, files))),
        (
            "가져오지 않을 것",
            [*_broken(old), *_orphans(old), *lost_tables(old), *lost_options(old)],
        ),
        (
            "확인할 것",
            [
                *_cut(old),
                *_renamed(old),
                *_members(old),
                *_authors(old),
                *_missing_files(old, files),
            ],
        ),
        ("시간과 공간", list(_cost(old, files))),
    ]


# -- What will be imported -------------------------------------------------------------------------
def _wanted(old: OldSite, files: OldFiles | None) -> Iterator[Finding]:
    for step in (*STEPS, *(FILE_STEPS if files else ())):
        if total := step.total(old):
            yield Finding(str(step.name), total)
    if before := Imported.objects.count():
        yield Finding(
            "이미 가져온 것",
            before,
            advice="새로 생겼거나 바뀐 것만 가져오고, 여기서 고친 것은 그대로 둡니다.",
        )


# -- What will not ---------------------------------------------------------------------------------
def _broken(old: OldSite) -> Iterator[Finding]:
    for problem, examples in old.problems.items():
        yield from listed(problem, examples, "이 행만 빼고 가져옵니다.")


def _orphans(old: OldSite) -> Iterator[Finding]:
    """Rows whose post or member is gone."""
    boards = [row["bo_table"] for row in old.rows("board") if old.has(old.write_table(row))]
    lost = [
        f"{board} {pk}"
        for board in boards
        for (pk,) in old.staging.query(
            f"SELECT wr_id FROM {table_of(old, f'write_{board}')} WHERE CAST(wr_is_comment AS INTEGER) = 1 "
            f"AND wr_parent NOT IN ({_posts(old, board)})"
        )
    ]
    yield from listed("글이 없는 댓글", lost)
    for table, title in (("board_good", "추천"), ("scrap", "스크랩"), ("board_file", "첨부파일")):
        if old.has(table, "bo_table", "wr_id"):
            yield from listed(f"글이 없는 {title}", _without_post(old, table, boards))
    for table, title in (
        ("board_good", "추천"),
        ("scrap", "스크랩"),
        ("point", "포인트"),
        ("autosave", "임시 저장 글"),
        ("group_member", "그룹 회원"),
        ("member_social_profiles", "소셜 계정"),
    ):
        if old.has(table, "mb_id"):
            gone = old.staging.query(
                f"SELECT mb_id, count(*) FROM {table_of(old, table)} WHERE lower(coalesce(mb_id, '')) NOT IN "
                f"({_ids(old)}) GROUP BY 1 ORDER BY 2 DESC"
            )
            if gone:
                count = sum(each for _name, each in gone)
                examples = [str(name)[:20] or "(빈칸)" for name, _each in gone[:EXAMPLES]]
                yield Finding(f"회원이 없는 {title}", count, examples)
    if old.has("memo"):
        where = " AND ".join(
            f"lower(coalesce({name}, '')) NOT IN ({_ids(old)})"
            for name in ("me_send_mb_id", "me_recv_mb_id")
        )
        rows = old.staging.query(f"SELECT me_id FROM {table_of(old, 'memo')} WHERE {where}")
        yield from listed("보낸 회원도 받은 회원도 없는 쪽지", (str(pk) for (pk,) in rows))
    for table, column, above, title in (
        ("poll_etc", "po_id", "poll", "설문이 없는 기타의견"),
        ("faq", "fm_id", "faq_master", "분류가 없는 FAQ"),
    ):
        if old.has(table, column):
            inside = (
                f"SELECT {column} FROM {table_of(old, above)}" if old.has(above, column) else "''"
            )
            rows = old.staging.query(
                f"SELECT rowid FROM {table_of(old, table)} WHERE {column} NOT IN ({inside})"
            )
            yield from listed(title, (f"{row}번째 행" for (row,) in rows))


def _without_post(old: OldSite, table: str, boards: list[str]) -> Iterator[str]:
    name = table_of(old, table)
    for board in boards:
        rows = old.staging.query(
            f"SELECT wr_id FROM {name} WHERE bo_table = ? AND wr_id NOT IN ({_posts(old, board)})",
            [board],
        )
        yield from (f"{board} {pk}" for (pk,) in rows)
    marks = ", ".join("?" * len(boards))
    rows = old.staging.query(
        f"SELECT bo_table, wr_id FROM {name} WHERE coalesce(bo_table, '') NOT IN ({marks})", boards
    )
    yield from (f"{str(board)[:20]} {pk}" for board, pk in rows)


def _posts(old: OldSite, board: str) -> str:
    return f"SELECT wr_id FROM {table_of(old, f'write_{board}')} WHERE CAST(wr_is_comment AS INTEGER) = 0"


def _ids(old: OldSite) -> str:
    return f"SELECT lower(mb_id) FROM {table_of(old, 'member')}"


# -- What the owner should look at -----------------------------------------------------------------
def _cut(old: OldSite) -> Iterator[Finding]:
    """Texts that end where MySQL cuts what is too long, or within a character."""
    long: list[str] = []
    short: list[str] = []
    broken: list[str] = []
    for name in old.staging.names():
        kind, info = kind_of(name, old.prefix), old.staging.table(name)
        if kind not in COLUMNS or not info or not info.count:
            continue
        for column in info.columns:
            size = f"length(CAST({quoted(column)} AS BLOB))"
            sums = (
                f"total({size} BETWEEN {CUT_AT - 3} AND {CUT_AT})",
                f"total(length({quoted(column)}) = {LONGEST_VARCHAR} AND {size} < 1024)",
                f"total(typeof({quoted(column)}) = 'blob')",
            )
            counts = old.staging.query(f"SELECT {', '.join(sums)} FROM {quoted(name)}")[0]
            for places, count in zip((long, short, broken), counts, strict=True):
                places.extend([f"{name}.{column}"] * int(count))
    for found, title in (
        (long, f"{CUT_AT:,}바이트에서 잘린 것 같은 글"),
        (short, f"{LONGEST_VARCHAR}자에서 잘린 것 같은 값"),
        (broken, "글자가 깨진 값"),
    ):
        counted = [f"{where} {count:,}개" for where, count in Counter(found).most_common(EXAMPLES)]
        if counted:
            yield Finding(
                title, len(found), counted, "옛 데이터베이스에서 이미 잘린 것은 되살릴 수 없습니다."
            )


def _renamed(old: OldSite) -> Iterator[Finding]:
    """Boards at addresses where the site itself has pages."""
    boards = [row["bo_table"] for row in old.rows("board", order="bo_table")]
    changes = [f"{name} → {board_slug(name)}" for name in boards if board_slug(name) != name]
    advice = "이 사이트가 쓰는 주소입니다. 옛 주소는 새 주소로 이어집니다."
    yield from listed("바뀔 게시판 주소", changes, advice)


def _members(old: OldSite) -> Iterator[Finding]:
    rows = list(old.rows("member", order="mb_datetime, mb_no"))
    without = [
        row["mb_id"] for row in rows if "@" not in row["mb_email"] and not row["mb_leave_date"]
    ]
    yield from listed(
        "E-mail 주소가 없는 회원",
        without,
        f"받을 수 없는 주소(…@{NO_MAIL})를 대신 적습니다. 로그인은 되지만 비밀번호를 잊으면 되찾을 수 없습니다.",
    )
    unknown = [row["mb_id"] for row in rows if not is_known(row["mb_password"].strip())]
    yield from listed(
        "비밀번호를 읽을 수 없는 회원", unknown, "E-mail로 비밀번호를 다시 정해야 합니다."
    )
    nicknames, usernames, mails = [], [], []
    for change in name_changes(old, rows):
        match change.what:
            case "nickname":
                nicknames.append(f"{change.key}: {change.before} → {change.after}")
            case "username":
                usernames.append(f"{change.before} → {change.after}")
            case "email" if "@" in change.before:
                mails.append(change.key)
    yield from listed(
        "바뀔 별명",
        nicknames,
        "겹치거나 여기서 쓸 수 없는 별명입니다. 먼저 가입한 회원이 그대로 씁니다.",
    )
    yield from listed("바뀔 아이디", usernames, "로그인한 뒤에 새 아이디를 고르게 합니다.")
    yield from listed(
        "다른 회원과 E-mail 주소가 같은 회원",
        mails,
        "먼저 가입한 회원이 쓰고, 나머지는 주소가 없어집니다.",
    )


def _authors(old: OldSite) -> Iterator[Finding]:
    gone: Counter[str] = Counter()
    for row in old.rows("board"):
        if old.has(old.write_table(row), "mb_id"):
            found = old.staging.query(
                f"SELECT mb_id, count(*) FROM {table_of(old, old.write_table(row))} WHERE coalesce(mb_id, '') "
                f"!= '' AND lower(mb_id) NOT IN ({_ids(old)}) GROUP BY 1"
            )
            gone.update({str(name)[:20]: count for name, count in found})
    if gone:
        yield Finding(
            "글쓴이가 회원 목록에 없는 글과 댓글",
            sum(gone.values()),
            [name for name, _count in gone.most_common(EXAMPLES)],
            "이름만 남고 손님의 글이 됩니다.",
        )


def _missing_files(old: OldSite, files: OldFiles | None) -> Iterator[Finding]:
    if files is None:
        yield Finding(
            "파일을 확인하지 않았습니다",
            advice="--files로 data 폴더나 그 묶음을 적으면 없는 파일을 찾습니다.",
        )
        return
    yield from listed("풀지 않은 파일(링크, 장치, 너무 큰 파일)", files.refused)
    lost = [
        f"file/{row['bo_table']}/{row['bf_file']}"[:80]
        for row in old.rows("board_file")
        if row["bf_file"] and not files.find("file", row["bo_table"], row["bf_file"])
    ]
    yield from listed(
        "없는 첨부파일", lost, "글에는 남지 않습니다. data/file을 다 내려받았는지 확인해 주세요."
    )
    yield from listed(
        "없는 본문 사진", _missing_pictures(old, files), "본문의 주소는 그대로 둡니다."
    )


def _missing_pictures(old: OldSite, files: OldFiles) -> Iterator[str]:
    for board in old.rows("board"):
        if not old.has(old.write_table(board), "wr_content"):
            continue
        for row in old.rows(old.write_table(board), where="wr_content LIKE '%/data/%'"):
            for path in sorted(files_in(row["wr_content"])):
                if files.find(*path.split("/")) is None:
                    yield path[:80]


# -- What it costs ---------------------------------------------------------------------------------
def _cost(old: OldSite, files: OldFiles | None) -> Iterator[Finding]:
    rows = sum(step.total(old) for step in STEPS)
    seconds = rows / ROWS_A_SECOND
    size = old.staging.path.stat().st_size
    needed = size * SPACE
    if files:
        seconds += old.count("board_file") / FILES_A_SECOND
        needed += files.size() * MEDIA
    free = shutil.disk_usage(settings.DATA_DIR).free
    yield Finding(f"시간: 약 {max(round(seconds / 60), 1):,}분 (처리기 2개인 서버에서)")
    yield Finding(
        f"공간: 약 {_megabytes(needed)}, 가져오는 동안 {_megabytes(size)} 더. 남은 공간은 {_megabytes(free)}입니다.",
        advice="공간이 모자랍니다." if free < needed + size else "",
    )


def _megabytes(size: float) -> str:
    return f"{max(round(size / (1 << 20)), 1):,}MB"
