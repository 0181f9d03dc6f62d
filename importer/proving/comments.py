"""Comments, each with its post, its parent and its text."""

from collections.abc import Iterator
from itertools import islice

from boards.models import Board, Comment
from boards.models.comments import MAX_DEPTH
from boards.models.posts import State
from boardsite.text import richtext
from importer.models import Kind
from importer.proving.here import EDITED, GONE_THERE, NO_TIME, REMOVED, WRITTEN, Pairs
from importer.proving.passwords import password_differs
from importer.proving.posts import NAME, NO_MEMBER, NO_NUMBER, around, guests_password
from importer.proving.proof import Proof
from importer.proving.texts import letters, letters_of_html, plain
from importer.proving.there import integer, key_number, moment, parts
from importer.reading.staging import Found

KIND = "댓글"
MOST_EXTRA = 1_000  # comments that are named
NO_POST = "원글이 없는 댓글이라서 옛 사이트에서도 볼 수 없던 것입니다."


def check_comments(proof: Proof) -> Iterator[int]:
    for name, _row, board in proof.boards():
        if proof.there.has(f"write_{name}"):
            proof.there.index(f"write_{name}", "wr_parent", "wr_comment")
            checked = _Board(proof, name, board)
            for batch in proof.there.rows(f"write_{name}"):
                rows = [row for row in batch if integer(row, "wr_is_comment") == 1]
                if rows:
                    checked.compare(rows)
                yield len(batch)
            checked.find_extra()


class _Board:
    def __init__(self, proof: Proof, name: str, board: Board):
        self.proof, self.name, self.board = proof, name, board
        self.findings = proof.findings

    def compare(self, rows: list[Found]) -> None:
        keys = self.proof.comments_of(self.board, rows)
        comments = (
            Comment.objects.filter(post__board=self.board)
            .select_related("post", "guest_password")
            .in_bulk(keys.values())
        )
        members = self.proof.members_of(rows, "mb_id")
        self.findings.count(KIND, there=len(rows), here=len(comments))
        for row in rows:
            where = f"{self.name}/{row['wr_parent']}#{row['wr_id']}"
            comment = comments.get(keys.get(row["wr_id"], 0))
            if comment is None:
                reason = self.why_missing(row)
                self.findings.differ(KIND, "댓글이 없습니다", where, row["wr_content"], "", reason)
            else:
                self.compare_comment(where, row, comment, members)

    def why_missing(self, row: Found) -> str:
        if not key_number(row["wr_id"]):
            return NO_NUMBER
        found = self.proof.there.select(
            f"write_{self.name}",
            "wr_id IN (?, ?)",
            [row["wr_parent"], key_number(row["wr_parent"])],
        )
        return "" if any(not integer(each, "wr_is_comment") for each in found) else NO_POST

    def compare_comment(
        self, where: str, row: Found, comment: Comment, members: dict[str, int]
    ) -> None:
        find, edited = self.findings, EDITED if comment.edited_at else ""
        if comment.state != State.PUBLISHED:
            find.differ(KIND, "보이지 않는 댓글입니다", where, "공개", comment.state, REMOVED)
        find.same(
            KIND, "다른 글에 달려 있습니다", where, integer(row, "wr_parent"), comment.post.number
        )
        writer = row.get("mb_id", "").lower()
        find.same(KIND, "글쓴이가 다릅니다", where, members.get(writer), comment.author_id)
        if writer and writer not in members:
            find.differ(
                KIND, "글쓴이가 회원이 아닙니다", where, writer, comment.author_name, NO_MEMBER
            )
        name = plain(row.get("wr_name", "")) or "-"
        self.proof.text(KIND, "이름이 다릅니다", where, name, comment.author_name, longest=NAME)
        at = moment(row.get("wr_datetime", ""))
        if at is None:
            find.differ(KIND, "쓴 시각이 없습니다", where, "", comment.created_at, NO_TIME)
        else:
            find.same(KIND, "쓴 시각이 다릅니다", where, at, comment.created_at)
        is_secret = "secret" in parts(row.get("wr_option", ""))
        find.same(KIND, "비밀댓글인지가 다릅니다", where, is_secret, comment.is_secret, edited)
        self.compare_parent(where, row, comment)
        text = plain(row.get("wr_content", ""))
        seen, shown = letters(text), letters_of_html(comment.html)
        find.read(KIND, before=row.get("wr_content", ""), after=seen, here=shown)
        longest = richtext.MAX_SOURCE
        if self.proof.text(
            KIND, "내용이 다릅니다", where, text, comment.text, longest=longest, reason=edited
        ):
            if seen != shown:
                find.differ(KIND, "보이는 내용이 다릅니다", where, *around(seen, shown))
        if not writer:
            if password_differs(row.get("wr_password", ""), guests_password(comment)):
                find.differ(KIND, "손님 비밀번호가 다릅니다", where, "", "", edited)
        elif guests_password(comment) is not None:
            find.differ(KIND, "회원의 댓글에 손님 비밀번호가 있습니다", where, "", "")

    def compare_parent(self, where: str, row: Found, comment: Comment) -> None:
        """An answer stands below the nearest comment above it that still exists."""
        reply = row.get("wr_comment_reply", "")
        wanted: set[int | None] = {None}
        if reply:
            ways = [reply[:length] for length in range(len(reply))]
            marks = ", ".join("?" * len(ways))
            above = [
                each
                for each in self.proof.there.select(
                    f"write_{self.name}",
                    f"wr_parent = ? AND wr_comment = ? AND wr_comment_reply IN ({marks})",
                    [row["wr_parent"], row["wr_comment"], *ways],
                )
                if integer(each, "wr_is_comment") == 1
            ]
            if above:
                nearest = max(len(each["wr_comment_reply"]) for each in above)
                rows = [each for each in above if len(each["wr_comment_reply"]) == nearest]
                wanted = {*self.proof.comments_of(self.board, rows).values()}
                if len(reply) >= MAX_DEPTH:
                    wanted |= {*self.proof.comments_of(self.board, above).values()}
        if comment.parent_id not in wanted:
            self.findings.differ(
                KIND, "답변의 자리가 다릅니다", where, reply, comment.parent_id or "첫 댓글"
            )

    def find_extra(self) -> None:
        """Comments that the old site does not have."""
        pairs = Pairs(Kind.COMMENT, self.board.pk)
        ours = Comment.objects.filter(post__board=self.board)
        extra = (pk for pk in ours.values_list("pk", flat=True).iterator() if pk not in pairs.ids)
        for comment in Comment.objects.filter(pk__in=list(islice(extra, MOST_EXTRA))):
            where = f"{self.name}/{comment.post.number}"
            reason = WRITTEN if comment.created_at > self.proof.here.ended_at else ""
            self.findings.differ(
                KIND, "옛 사이트에 없는 댓글입니다", where, "", comment.text, reason
            )
        for keys in pairs.batches():
            numbers = [key_number(key) for key in keys]
            there = self.proof.there.is_there(f"write_{self.name}", "wr_id", numbers)
            for number in {*numbers} - there:
                where = f"{self.name}#{number}"
                self.findings.differ(
                    KIND, "옛 사이트에 없는 댓글입니다", where, "", number, GONE_THERE
                )
