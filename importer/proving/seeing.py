"""Who may see what: for a sample of members and of posts, by gnuboard5's rules and by ours.

gnuboard5's rules (bbs/board.php, bbs/view.php): the levels of the board for its list and for reading; the
group, which its members, its administrator and the owner may enter; a secret post is for its author, for the
author of the post that it answers, and for the administrators of the board.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import Member
from accounts.permissions import Visitor
from boards.models import Board, Comment, Post
from boards.permissions import access
from importer.models import Kind
from importer.proving.browser import browser_of, shown_status, words_of
from importer.proving.here import REMOVED, Pairs
from importer.proving.proof import Proof
from importer.proving.texts import letters_of_html
from importer.proving.there import There, integer, key_number, parts
from importer.reading.staging import Found

KIND = "볼 수 있는 사람"
MOST_MEMBERS = 16
OF_LEVEL = 2  # members of each level
MOST_POSTS = 12  # of a board, half of them secret
MOST_PAGES = 4  # of a board that are opened by HTTP
BOARD_ADMIN = "이 사이트에서는 게시판 관리자가 자기 게시판을 비공개 그룹 안에서도 읽습니다."
LIST_TOO = "이 사이트에서는 목록을 볼 수 있는 사람만 글을 읽습니다."
CERTIFIED = "본인확인 게시판입니다. AUDIENCE_CHECK를 설정할 때까지 운영자와 게시판 관리자만 봅니다."


@dataclass(frozen=True)
class Reader:
    """A visitor, as the old site knows them."""

    name: str  # "" for a guest
    level: int
    is_owner: bool
    member: Member | None

    @property
    def visitor(self) -> Visitor:
        return self.member or AnonymousUser()

    @property
    def title(self) -> str:
        return self.name or "손님"


def check_seeing(proof: Proof) -> Iterator[int]:
    readers = list(_readers(proof))
    rules = _Rules(proof.there)
    for name, row, board in proof.boards():
        if proof.there.has(f"write_{name}"):
            _Sample(proof, rules, name, row, board, readers).check()
        yield 1


def _readers(proof: Proof) -> Iterator[Reader]:
    """The owner, administrators, some members of groups and of each level, and a guest."""
    there = proof.there
    owner = there.config.get("cf_admin", "").lower()
    wanted = [owner]
    wanted += [name for row in there.boards.values() for name in parts(row.get("bo_admin", ""))]
    for batch in there.rows("group"):
        wanted += [name for row in batch for name in parts(row.get("gr_admin", ""))]
    for batch in there.rows("group_member"):
        wanted += [row["mb_id"] for row in batch[:OF_LEVEL]]
        break
    by_level: dict[int, int] = {}
    yield Reader("", 1, False, None)
    found: dict[str, Found] = {}
    chosen = {name.lower() for name in wanted[:MOST_MEMBERS]}
    for batch in there.rows("member"):
        for row in batch:
            name, level = row["mb_id"].lower(), integer(row, "mb_level", 2)
            if name in chosen or by_level.get(level, 0) < OF_LEVEL:
                by_level[level] = by_level.get(level, 0) + (name not in chosen)
                found[name] = row
    ids = proof.here.members.of(found)
    members = Member.objects.in_bulk(ids.values())
    for name in list(found)[: 2 * MOST_MEMBERS]:
        member = members.get(ids.get(name, 0))
        if member is not None and not member.is_locked_out:
            level = max(integer(found[name], "mb_level", 2), 2)
            yield Reader(name, level, name == owner, member)


class _Rules:
    """gnuboard5's."""

    def __init__(self, there: There):
        self.groups = {row["gr_id"].lower(): row for batch in there.rows("group") for row in batch}
        self.inside = {
            (row["gr_id"].lower(), row["mb_id"].lower())
            for batch in there.rows("group_member")
            for row in batch
        }

    def manages(self, reader: Reader, board: Found) -> bool:
        if reader.is_owner:
            return True
        group = self.groups.get(board["gr_id"].lower(), {})
        admins = [*parts(board.get("bo_admin", "")), *parts(group.get("gr_admin", ""))]
        return bool(reader.name) and reader.name in {name.lower() for name in admins}

    def enters(self, reader: Reader, board: Found) -> bool:
        """The administrator of the board alone does not enter a private group by reading."""
        group = self.groups.get(board["gr_id"].lower(), {})
        if not integer(group, "gr_use_access") or reader.is_owner:
            return True
        admins = {name.lower() for name in parts(group.get("gr_admin", ""))}
        return bool(reader.name) and (
            reader.name in admins or (board["gr_id"].lower(), reader.name) in self.inside
        )

    def reads(self, reader: Reader, board: Found) -> bool:
        if not self.enters(reader, board):
            return False
        return reader.is_owner or reader.level >= integer(board, "bo_read_level", 1)


class _Sample:
    """Some posts of a board."""

    def __init__(
        self,
        proof: Proof,
        rules: _Rules,
        name: str,
        row: Found,
        board: Board,
        readers: list[Reader],
    ):
        self.proof, self.rules, self.readers = proof, rules, readers
        self.name, self.row, self.board = name, row, board
        self.posts = {key_number(each["wr_id"]): each for each in self.sample()}

    def sample(self) -> Iterator[Found]:
        """Secret posts first, then others from the whole board."""
        table = f"write_{self.name}"
        there = self.proof.there
        posts = "CAST(wr_is_comment AS INTEGER) = 0"
        half = MOST_POSTS // 2
        if there.has(table, "wr_option"):
            secret = f"{posts} AND wr_option LIKE '%secret%'"
            yield from there.select(table, secret, [], most=half)
        last = there.highest(self.name)
        for step in range(half):
            place = 1 + last * step // half
            where = f"{posts} AND CAST(wr_id AS INTEGER) >= ?"
            yield from there.select(table, where, [place], most=1)

    def check(self) -> None:
        here = Post.objects.filter(board=self.board, number__in=self.posts).select_related(
            "board__group", "body", "author"
        )
        posts = {post.number: post for post in here.order_by("-is_secret", "pk")}
        comments = self.secret_comments()
        for reader in self.readers:
            can = access(reader.visitor, self.board)
            visible = Post.objects.visible_to(reader.visitor).filter(
                pk__in=[post.pk for post in posts.values()]
            )
            numbers = set(visible.values_list("number", flat=True))
            for number, post in posts.items():
                row = self.posts[number]
                self.compare(reader, row, post, number in numbers, can.may_read(post))
            self.check_comments(reader, comments)
        self.open_pages(list(posts.values())[:MOST_PAGES])

    def expected(self, reader: Reader, row: Found) -> bool:
        if not self.rules.reads(reader, self.row):
            return False
        if "secret" not in parts(row.get("wr_option", "")):
            return True
        if self.rules.manages(reader, self.row):
            return True
        if not reader.name:
            return False
        writers = {row.get("mb_id", "").lower()}
        if row.get("wr_reply"):
            roots = self.proof.there.select(
                f"write_{self.name}", "wr_num = ? AND wr_reply = ''", [row["wr_num"]]
            )
            writers |= {
                each.get("mb_id", "").lower()
                for each in roots
                if not integer(each, "wr_is_comment")
            }
        return reader.name in writers

    def compare(
        self, reader: Reader, row: Found, post: Post, is_visible: bool, may_read: bool
    ) -> None:
        self.proof.findings.count(KIND, there=1, here=1)
        where = f"{self.name}/{row['wr_id']} {reader.title}"
        if is_visible != may_read:
            self.proof.findings.differ(KIND, "두 규칙이 서로 다릅니다", where, is_visible, may_read)
        expected = self.expected(reader, row)
        if expected != is_visible:
            self.proof.findings.differ(
                KIND,
                "볼 수 없던 사람이 봅니다" if is_visible else "보던 사람이 볼 수 없습니다",
                where,
                _words(expected),
                _words(is_visible),
                self.why(reader, post, is_visible),
            )

    def why(self, reader: Reader, post: Post, is_visible: bool) -> str:
        if is_visible:
            is_admin = self.rules.manages(reader, self.row)
            return BOARD_ADMIN if is_admin and not self.rules.enters(reader, self.row) else ""
        if not post.is_published:
            return REMOVED
        if self.row.get("bo_use_cert") and self.board.audience != "everybody":
            return CERTIFIED
        list_level = integer(self.row, "bo_list_level", 1)
        return LIST_TOO if reader.level < list_level == self.board.list_level else ""

    # -- Comments ----------------------------------------------------------------------------------
    def secret_comments(self) -> dict[int, Found]:
        """Some secret comments by our ids. The authors that they reply to may read them here, too."""
        table, there = f"write_{self.name}", self.proof.there
        if not there.has(table, "wr_option"):
            return {}
        where = "CAST(wr_is_comment AS INTEGER) = 1 AND wr_option LIKE '%secret%'"
        rows = there.select(table, where, [], most=MOST_POSTS)
        keys = Pairs(Kind.COMMENT, self.board.pk).of(row["wr_id"] for row in rows)
        return {keys[row["wr_id"]]: row for row in rows if row["wr_id"] in keys}

    def check_comments(self, reader: Reader, comments: dict[int, Found]) -> None:
        """Secret comments are for their authors, the authors of the posts, and for administrators."""
        ours = Comment.objects.filter(pk__in=comments)
        visible = set(ours.visible_to(reader.visitor).values_list("pk", flat=True))
        answered = dict(ours.values_list("pk", "parent__author_id"))
        for pk, row in comments.items():
            self.proof.findings.count(KIND, there=1, here=1)
            if reader.member is not None and answered.get(pk) == reader.member.pk:
                continue
            expected = self.expects_comment(reader, row)
            if expected != (pk in visible):
                enters = self.rules.enters(reader, self.row)
                is_admin = self.rules.manages(reader, self.row) and not enters
                self.proof.findings.differ(
                    KIND,
                    "비밀댓글을 볼 수 있는 사람이 다릅니다",
                    f"{self.name}#{row['wr_id']} {reader.title}",
                    _words(expected),
                    _words(pk in visible),
                    BOARD_ADMIN if is_admin else "",
                )

    def expects_comment(self, reader: Reader, row: Found) -> bool:
        post = self.proof.there.select(
            f"write_{self.name}",
            "wr_id IN (?, ?)",
            [row["wr_parent"], key_number(row["wr_parent"])],
        )
        if not post or not self.expected(reader, post[0]):
            return False
        writers = {row.get("mb_id", "").lower(), post[0].get("mb_id", "").lower()} - {""}
        return self.rules.manages(reader, self.row) or reader.name in writers

    # -- Pages -------------------------------------------------------------------------------------
    def open_pages(self, posts: list[Post]) -> None:
        """The pages themselves, as a guest and as two members see them."""
        chosen = [reader for reader in self.readers if not reader.is_owner][:3]
        for reader in chosen:
            with browser_of(reader.member) as browser:
                for post in posts:
                    self.open_page(reader, post, browser)

    def open_page(self, reader: Reader, post: Post, browser) -> None:
        where = f"{self.name}/{post.number} {reader.title}"
        expected = access(reader.visitor, self.board).may_read(post)
        response = browser.get(post.get_absolute_url())
        body = letters_of_html(post.body.html)[:40]
        is_shown = len(body) > 5 and body in letters_of_html(words_of(response))
        if response.status_code in (301, 302, 303) and expected:
            return  # members are asked to accept texts first
        self.proof.findings.count("열어 본 페이지", there=1, here=1)
        if is_shown and not expected:
            self.proof.findings.differ(
                KIND, "볼 수 없는 글이 페이지에 나옵니다", where, "", response.status_code
            )
        elif expected != (response.status_code == 200):
            if post.board.read_points < 0:
                return  # reading costs points, as it did
            self.proof.findings.differ(
                KIND,
                "페이지가 규칙과 다르게 열립니다",
                where,
                _words(expected),
                shown_status(response),
            )


def _words(is_visible: bool) -> str:
    return "볼 수 있음" if is_visible else "볼 수 없음"
