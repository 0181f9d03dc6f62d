"""Writes the dump of a gnuboard5 site of any size, for measuring the import.

    python -m bench.gnuboard5 --posts 100000 --to data/bench/g5.sql.gz
    python -m bench.gnuboard5 --posts 100000 --to - | mariadb g5

Numbers and texts are those of the other measurements (proportions.py, corpus.py): two comments a post by Zipf's
law, few members who write much. There are members' pictures neither on disk nor in bodies; `--files` makes a folder
data/ with an attachment for every hundredth post. The same seed gives the same dump.
"""

import argparse
import gzip
import hashlib
import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from bench import proportions
from bench.corpus import Corpus, corpus_of, name

BOARDS = 12
SIZE = 1 << 19  # characters of one INSERT
FILE_EVERY = 100
VOTES = 0.3  # of a post
# The columns that gnuboard 5.6 makes. What follows a name is its type, an integer without.
WRITE = """wr_id wr_num wr_reply:t wr_parent wr_is_comment wr_comment wr_comment_reply:t ca_name:t wr_option:t
wr_subject:t wr_content:text wr_seo_title:t wr_link1:text wr_link2:text wr_link1_hit wr_link2_hit wr_hit wr_good
wr_nogood mb_id:t wr_password:t wr_name:t wr_email:t wr_homepage:t wr_datetime:d wr_file wr_last:t wr_ip:t
wr_facebook_user:t wr_twitter_user:t wr_1:t wr_2:t wr_3:t wr_4:t wr_5:t wr_6:t wr_7:t wr_8:t wr_9:t wr_10:t"""
TABLES = {
    "config": "cf_title:t cf_admin:t",
    "group": "gr_id:t gr_subject:t gr_admin:t gr_use_access gr_order",
    "group_member": "gm_id gr_id:t mb_id:t gm_datetime:d",
    "board": """bo_table:t gr_id:t bo_subject:t bo_admin:t bo_list_level bo_read_level bo_write_level bo_use_category
bo_category_list:t bo_use_secret bo_use_good bo_use_nogood bo_upload_count bo_upload_size bo_order bo_notice:text""",
    "member": """mb_no mb_id:t mb_password:t mb_name:t mb_nick:t mb_email:t mb_level mb_open mb_point
mb_datetime:d mb_today_login:d mb_leave_date:t mb_intercept_date:t mb_signature:text mb_profile:text""",
    "board_good": "bg_id bo_table:t wr_id mb_id:t bg_flag:t bg_datetime:d",
    "scrap": "ms_id mb_id:t bo_table:t wr_id:t ms_datetime:d",
    "point": """po_id mb_id:t po_datetime:d po_content:t po_point po_use_point po_expired po_expire_date:day
po_mb_point po_rel_table:t po_rel_id:t po_rel_action:t""",
    "board_file": """bo_table:t wr_id bf_no bf_source:t bf_file:t bf_download bf_content:text bf_filesize bf_width
bf_height bf_type bf_datetime:d""",
}
TYPES = {
    "": "int NOT NULL DEFAULT 0",
    "t": "varchar(255) NOT NULL DEFAULT ''",
    "text": "mediumtext NOT NULL",
    "d": "datetime NOT NULL DEFAULT '0000-00-00 00:00:00'",
    "day": "date NOT NULL DEFAULT '0000-00-00'",
}
ESCAPES = str.maketrans({"'": "\\'", "\\": "\\\\", "\n": "\\n", "\r": "\\r"})
Row = Iterable[str | int]


class Dump:
    """Writes tables as mysqldump does."""

    def __init__(self, file: IO[str]):
        self.file = file
        file.write("/*!40101 SET NAMES utf8mb4 */;\n")

    def table(self, name: str, columns: str, rows: Iterable[Row]) -> None:
        parts = (each.partition(":") for each in columns.split())
        listed = ",\n".join(f"  `{column}` {TYPES[type]}" for column, _sign, type in parts)
        key = f",\n  PRIMARY KEY (`{columns.split()[0].partition(':')[0]}`)"
        key = "" if name == "g5_board_file" else key
        self.file.write(f"CREATE TABLE `{name}` (\n{listed}{key}\n) DEFAULT CHARSET=utf8mb4;\n")
        part: list[str] = []
        size = 0
        for row in rows:
            part.append(f"({','.join(map(_value, row))})")
            size += len(part[-1])
            if size > SIZE:
                self._insert(name, part)
                part, size = [], 0
        self._insert(name, part)

    def _insert(self, name: str, rows: list[str]) -> None:
        if rows:
            self.file.write(f"INSERT INTO `{name}` VALUES\n" + ",\n".join(rows) + ";\n")


def _value(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f"'{value.translate(ESCAPES)}'"


class Site:
    """What is in the dump. Posts and comments are made board by board, and what hangs on them is noted."""

    def __init__(self, posts: int, seed: int, files: Path | None):
        self.rng = random.Random(f"gnuboard {seed}")
        self.corpus: Corpus = corpus_of(seed)
        self.posts, self.files = posts, files
        self.members = proportions.member_count(posts)
        self.written = 0
        self.votes: list[Row] = []
        self.attached: list[Row] = []
        self.comments = 0

    def write(self, dump: Dump) -> None:
        tables = {
            "config": [("가져올 사이트", "member0")],
            "group": [("community", "커뮤니티", "", 0, 0)],
            "group_member": [],
            "board": map(self._board, range(BOARDS)),
            "member": map(self._member, range(self.members)),
        }
        for table, rows in tables.items():
            dump.table(f"g5_{table}", TABLES[table], rows)
        for board in range(BOARDS):
            # The first board has about half of all posts.
            rest = self.posts - self.written
            count = rest if board == BOARDS - 1 else rest // 2
            dump.table(f"g5_write_board{board}", WRITE, self._board_rows(board, count))
        dump.table("g5_board_good", TABLES["board_good"], self.votes)
        dump.table("g5_board_file", TABLES["board_file"], self.attached)
        dump.table("g5_scrap", TABLES["scrap"], map(self._scrap, range(self.members)))
        dump.table("g5_point", TABLES["point"], map(self._point, range(self.members * 10)))

    def _board(self, board: int) -> Row:
        listed = "잡담|정보|유머|질문" if board % 2 == 0 else ""
        name = f"게시판 {board}"
        levels = (1, 1, 1 if board % 3 else 2)
        return (
            f"board{board}",
            "community",
            name,
            "",
            *levels,
            int(bool(listed)),
            listed,
            1,
            1,
            1,
            2,
            1 << 20,
            board,
            "1",
        )

    def _member(self, member: int) -> Row:
        at = self._at(member / self.members)
        salt, digest = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "xubw7/n533KxPdgey0VpMWnrtcTdksEh"
        return (
            member + 1,
            f"member{member}",
            f"sha256:12000:{salt}:{digest}",
            name(self.rng),
            f"{name(self.rng)}{member}",
            f"member{member}@example.org",
            10 if member == 0 else 2,
            1,
            100,
            at,
            at,
            "",
            "",
            "",
            "",
        )

    def _board_rows(self, board: int, posts: int) -> Iterator[Row]:
        rng, number = self.rng, 0
        for thread in range(1, posts + 1):
            self.written += 1
            done = self.written / self.posts
            number += 1
            post = number
            comments = proportions.comment_count(self.posts, rng)
            votes = self._vote(board, post, done)
            yield self._row(board, post, -thread, done, comments, votes)
            letters: list[str] = []
            for place in range(1, comments + 1):
                number += 1
                self.comments += 1
                # One comment in three is a reply to the one before, as deep as gnuboard5 allows.
                if letters and rng.random() < 0.33 and len(letters) < 5:
                    letters.append("A")
                else:
                    letters, start = [""], place
                yield self._comment(number, -thread, post, done, start, "".join(letters))

    def _row(
        self, board: int, post: int, thread: int, done: float, comments: int, votes: int
    ) -> Row:
        rng, corpus = self.rng, self.corpus
        is_html = rng.random() < 0.7
        sentences = [corpus.sentences[each] for each in corpus.some(rng, proportions.SENTENCES)]
        body = proportions.paragraphs(sentences) if is_html else "\r\n".join(sentences)
        option = ("html1" if is_html else "") + (",secret" if rng.random() < 0.01 else "")
        category = rng.choice(("잡담", "정보", "유머", "질문")) if board % 2 == 0 else ""
        files = self._attach(board, post, done) if self.written % FILE_EVERY == 0 else 0
        title = corpus.title(rng)
        author = self._author()
        more = [""] * 12
        at = self._at(done)
        return (
            *(post, thread, "", post, 0, comments, "", category, option.strip(","), title, body),
            *("-".join(title.split()), "", "", 0, 0, int(rng.paretovariate(1) * 20), votes, 0),
            *(author, "", author or "손님", "", "", at, files, at, "127.0.0.1", *more),
        )

    def _comment(
        self, number: int, thread: int, post: int, done: float, place: int, letters: str
    ) -> Row:
        rng, corpus = self.rng, self.corpus
        text = " ".join(corpus.sentences[each] for each in corpus.some(rng, 3))
        author = self._author()
        more = [""] * 12
        return (
            *(
                number,
                thread,
                "",
                post,
                1,
                place,
                letters,
                "",
                "",
                "",
                text,
                "",
                "",
                "",
                0,
                0,
                0,
                0,
            ),
            *(0, author, "", author or "손님", "", "", self._at(done), 0, "", "127.0.0.1", *more),
        )

    def _author(self) -> str:
        """One in twenty is a guest."""
        if self.rng.random() < 0.05:
            return ""
        return f"member{proportions.member_of(self.members, self.rng)}"

    def _vote(self, board: int, post: int, done: float) -> int:
        count = 0
        while self.rng.random() < VOTES / (1 + VOTES):
            place, at = len(self.votes) + 1, self._at(done)
            who = f"member{self.rng.randrange(self.members)}"
            self.votes.append((place, f"board{board}", post, who, "good", at))
            count += 1
        return count

    def _attach(self, board: int, post: int, done: float) -> int:
        if self.files is None:
            return 0
        content = f"파일 {board} {post}\n".encode() * 20
        stored = f"{hashlib.md5(content, usedforsecurity=False).hexdigest()}_{post}.txt"
        folder = self.files / "file" / f"board{board}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / stored).write_bytes(content)
        shown = f"자료 {post}.txt"
        self.attached.append(
            (f"board{board}", post, 0, shown, stored, 3, "", len(content), 0, 0, 0, self._at(done))
        )
        return 1

    def _scrap(self, place: int) -> Row:
        who = f"member{self.rng.randrange(self.members)}"
        return place + 1, who, f"board{place % BOARDS}", "1", self._at(1.0)

    def _point(self, place: int) -> Row:
        who, at = f"member{self.rng.randrange(self.members)}", self._at(1.0)
        about = ("@login", who, f"{at[:10]}-{place}")
        return place + 1, who, at, f"{at[:10]} 첫로그인", 100, 0, 0, "9999-12-31", 0, *about

    def _at(self, done: float) -> str:
        at = proportions.BEGIN + done * (proportions.SPAN - timedelta(days=1))
        return f"{at:%Y-%m-%d %H:%M:%S}"


@contextmanager
def _opened(path: str) -> Iterator[IO[str]]:
    if path == "-":
        yield sys.stdout
    elif path.endswith(".gz"):
        with gzip.open(path, "wt", compresslevel=3, encoding="utf-8") as file:
            yield file
    else:
        with open(path, "w", encoding="utf-8") as file:
            yield file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--to", default="-", help="a file, .gz to compress it, or - for stdout")
    parser.add_argument("--files", type=Path, help="a folder to make as gnuboard5's data/")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    site = Site(options.posts, options.seed, options.files)
    with _opened(options.to) as file:
        site.write(Dump(file))
    print(
        f"{site.posts:,} posts, {site.comments:,} comments, {site.members:,} members,"
        f" {len(site.votes):,} votes, {len(site.attached):,} files",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
