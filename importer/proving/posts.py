"""Posts: every column that both sides have, their texts, links, threads and numbers."""

from collections.abc import Iterator

from django.db.models import Count, Q

from boards.models import Board, Comment, Post
from boards.models.paths import path_numbers
from boards.models.posts import MAX_REPLY_DEPTH, State
from boardsite.text import richtext
from importer.models import Imported, Kind, slug_key
from importer.proving.here import EDITED, GONE_THERE, NO_TIME, READ_HERE, REMOVED, WRITTEN, Pairs
from importer.proving.passwords import password_differs
from importer.proving.proof import Proof
from importer.proving.texts import (
    comparable,
    letters,
    letters_of_html,
    plain,
    tags_of,
)
from importer.proving.there import integer, key_number, moment, parts
from importer.reading.staging import Found

KIND = "글"
SUBJECT, NAME, CATEGORY, LINK = 200, 40, 20, 1000  # characters of our columns
STAFF_CATEGORY = "공지"
NO_MEMBER = "회원 표에 없는 아이디라서 이름만 남깁니다."
CLEANED = "글을 안전하게 보이려고 정리하면서 바뀌었습니다."
SIMPLIFIED = "너무 길거나 서식이 복잡해서 글자만 보입니다. 원문은 그대로 있습니다."
NO_NUMBER = "번호가 올바르지 않아 옛 사이트에서도 열 수 없던 글입니다."
NOT_WEB = "http:// 또는 https:// 주소가 아니어서 관련링크로 보이지 않습니다."
OTHER_THREAD = "원글이 옛 사이트에서 지워져 남은 글 가운데 가장 가까운 글 아래에 둡니다."
STAFF = "관리자가 공지를 쓰면 그누보드가 붙이는 '공지'는 게시판의 말머리가 아닙니다."
ROUNDED = "옛 사이트의 추천 수는 저장된 추천 내역과 다릅니다. 내역대로 셉니다."


def check_posts(proof: Proof) -> Iterator[int]:
    for name, row, board in proof.boards():
        if proof.there.has(f"write_{name}"):
            proof.there.index(f"write_{name}", "wr_id")
            proof.there.index(f"write_{name}", "wr_num", "wr_reply")
            notices = set(parts(row.get("bo_notice", ""), ",\r\n"))
            yield from _Board(proof, name, row, board, notices).check()


def count_posts(there) -> int:
    return sum(there.total(f"write_{name}") for name in there.boards)


class _Board:
    def __init__(self, proof: Proof, name: str, row: Found, board: Board, notices: set[str]):
        self.proof, self.name, self.row, self.board = proof, name, row, board
        self.findings = proof.findings
        self.notices = notices
        self.categories = set(parts(row.get("bo_category_list", ""), "|"))

    def check(self) -> Iterator[int]:
        for batch in self.proof.there.rows(f"write_{self.name}"):
            posts = [row for row in batch if integer(row, "wr_is_comment") == 0]
            if posts:
                self.compare(posts)
            yield len(batch)
        self.find_extra()

    def compare(self, rows: list[Found]) -> None:
        numbers = {key_number(row["wr_id"]) for row in rows} - {0}
        found = (
            self.board.posts.filter(number__in=numbers)
            .select_related("body", "category", "guest_password")
            .prefetch_related("links")
        )
        posts = {post.number: post for post in found}
        members = self.proof.members_of(rows, "mb_id")
        readers = self.proof.here.readers(post.pk for post in posts.values())
        stored = dict(
            found.prefetch_related(None)
            .annotate(stored=Count("comments", filter=Q(comments__state=State.PUBLISHED)))
            .values_list("pk", "stored")
        )
        self.findings.count(KIND, there=len(rows), here=len(posts))
        known = Pairs(Kind.POST, self.board.pk).of(row["wr_id"] for row in rows)
        for row in rows:
            number = key_number(row["wr_id"])
            where = f"{self.name}/{row['wr_id']}"
            post = posts.get(number)
            if post is None:
                reason = "" if number else NO_NUMBER
                self.findings.differ(KIND, "글이 없습니다", where, row["wr_subject"], "", reason)
                continue
            if known.get(row["wr_id"]) != post.pk:
                self.findings.differ(
                    KIND, "장부에 다른 글로 적혀 있습니다", where, post.pk, known.get(row["wr_id"])
                )
            self.compare_post(where, row, post, members)
            self.compare_numbers(where, row, post, readers.get(post.pk, 0))
            self.findings.same(
                KIND, "저장된 댓글 수가 맞지 않습니다", where, stored[post.pk], post.comment_count
            )
        self.check_titles(rows)

    # -- One post ----------------------------------------------------------------------------------
    def compare_post(self, where: str, row: Found, post: Post, members: dict[str, int]) -> None:
        find, edited = self.findings, EDITED if post.edited_at else ""
        if post.state != State.PUBLISHED:
            find.differ(KIND, "보이지 않는 글입니다", where, "공개", post.state, REMOVED)
        subject = plain(row.get("wr_subject", "")).strip() or "-"
        self.proof.text(
            KIND, "제목이 다릅니다", where, subject, post.subject, longest=SUBJECT, reason=edited
        )
        name = plain(row.get("wr_name", "")) or "-"
        self.proof.text(KIND, "이름이 다릅니다", where, name, post.author_name, longest=NAME)
        writer = row.get("mb_id", "").lower()
        find.same(KIND, "글쓴이가 다릅니다", where, members.get(writer), post.author_id)
        if writer and writer not in members:
            find.differ(
                KIND, "글쓴이가 회원이 아닙니다", where, writer, post.author_name, NO_MEMBER
            )
        at = moment(row.get("wr_datetime", ""))
        if at is None:
            find.differ(
                KIND, "쓴 시각이 없습니다", where, row.get("wr_datetime"), post.created_at, NO_TIME
            )
        else:
            find.same(KIND, "쓴 시각이 다릅니다", where, at, post.created_at)
        options = parts(row.get("wr_option", ""))
        find.same(KIND, "비밀글인지가 다릅니다", where, "secret" in options, post.is_secret, edited)
        is_notice = row["wr_id"] in self.notices and not row.get("wr_reply")
        find.same(KIND, "공지인지가 다릅니다", where, is_notice, post.is_notice, edited)
        self.compare_category(where, row, post, edited)
        self.compare_thread(where, row, post)
        self.compare_body(where, row, post, options, edited)
        self.compare_links(where, row, post, edited)
        if not writer:
            if password_differs(row.get("wr_password", ""), guests_password(post)):
                find.differ(KIND, "손님 비밀번호가 다릅니다", where, "", "", edited)
        elif guests_password(post) is not None:
            find.differ(KIND, "회원의 글에 손님 비밀번호가 있습니다", where, "", "")

    def compare_category(self, where: str, row: Found, post: Post, edited: str) -> None:
        there = plain(row.get("ca_name", "")).strip()
        here = post.category.name if post.category else ""
        if there == STAFF_CATEGORY and not here and STAFF_CATEGORY not in self.categories:
            self.findings.differ(KIND, "말머리가 다릅니다", where, there, here, STAFF)
        else:
            self.proof.text(
                KIND, "말머리가 다릅니다", where, there, here, longest=CATEGORY, reason=edited
            )

    def compare_thread(self, where: str, row: Found, post: Post) -> None:
        """A reply post stands below the nearest post above it that still exists."""
        above = self.ancestors(row) if row.get("wr_reply") else {}
        numbers = [post.thread, *path_numbers(post.path)][:-1] if post.path else []
        parent = numbers[-1] if numbers else 0
        if not above:
            self.findings.same(KIND, "답변글의 자리가 다릅니다", where, 0, parent)
            if row.get("wr_reply"):
                self.findings.differ(
                    KIND, "답변글의 원글이 없습니다", where, row["wr_reply"], "", OTHER_THREAD
                )
            return
        nearest = above[max(above, key=len)]
        if len(row["wr_reply"]) > MAX_REPLY_DEPTH:
            nearest = {number for numbers in above.values() for number in numbers}
        if parent not in nearest or post.thread not in above[min(above, key=len)]:
            self.findings.differ(
                KIND, "답변글의 자리가 다릅니다", where, sorted(nearest), parent or "원글"
            )
        elif row["wr_reply"][:-1] not in above:
            self.findings.differ(
                KIND, "답변글의 원글이 없습니다", where, row["wr_reply"], parent, OTHER_THREAD
            )

    def ancestors(self, row: Found) -> dict[str, set[int]]:
        """Numbers of the posts above by their letters; two posts may share letters in damaged data."""
        reply = row["wr_reply"]
        ways = [reply[:length] for length in range(len(reply))]
        marks = ", ".join("?" * len(ways))
        found = self.proof.there.select(
            f"write_{self.name}", f"wr_num = ? AND wr_reply IN ({marks})", [row["wr_num"], *ways]
        )
        above: dict[str, set[int]] = {}
        for each in found:
            if integer(each, "wr_is_comment") == 0:
                above.setdefault(each["wr_reply"], set()).add(key_number(each["wr_id"]))
        return above

    def compare_body(
        self, where: str, row: Found, post: Post, options: list[str], edited: str
    ) -> None:
        source = plain(row.get("wr_content", ""))
        is_html = "html1" in options or "html2" in options
        seen = letters_of_html(source) if is_html else letters(source)
        shown = letters_of_html(post.body.html)
        self.findings.read(KIND, before=row.get("wr_content", ""), after=seen, here=shown)
        if "html2" in options:
            source = source.replace("\n", "<br>\n")
        if comparable(source) != comparable(post.body.source):
            self.findings.differ(
                KIND, "본문이 다릅니다", where, *around(source, post.body.source), edited
            )
        if seen != shown and not edited:
            self.findings.differ(
                KIND, "보이는 본문이 다릅니다", where, *around(seen, shown), _why(post, seen, shown)
            )
        elif removed := tags_of(source) - tags_of(post.body.html) if is_html else set():
            self.note_removed(removed)

    def note_removed(self, tags: set[str]) -> None:
        listed = ", ".join(sorted(tags & {"script", "iframe", "object", "embed", "form", "style"}))
        if listed:
            self.findings.note(
                f"'{self.name}' 게시판의 글에서 보이지 않는 부분을 뺐습니다: {listed}."
            )

    def compare_links(self, where: str, row: Found, post: Post, edited: str) -> None:
        here = {link.url: link.click_count for link in post.links.all()}
        for place in (1, 2):
            url = plain(row.get(f"wr_link{place}", "")).strip()
            if not url:
                continue
            hits = integer(row, f"wr_link{place}_hit")
            if url not in here:
                web = url.startswith(("http://", "https://")) and len(url) <= LINK
                reason = edited if web else NOT_WEB
                self.findings.differ(KIND, "관련링크가 없습니다", where, url, "", reason)
                continue
            clicks = here.pop(url)
            self.findings.add("관련링크를 누른 수", hits, clicks)
            if clicks < hits:
                self.findings.differ(KIND, "관련링크를 누른 수가 다릅니다", where, hits, clicks)
        for url in here:
            if url not in (row.get("wr_link1", "").strip(), row.get("wr_link2", "").strip()):
                self.findings.differ(KIND, "관련링크가 더 있습니다", where, "", url, edited)

    # -- Numbers -----------------------------------------------------------------------------------
    def compare_numbers(self, where: str, row: Found, post: Post, readers: int) -> None:
        views = max(integer(row, "wr_hit"), 0)
        self.findings.add("조회", views, post.view_count)
        if post.view_count != views:
            is_read = views < post.view_count <= views + readers
            reason = READ_HERE if is_read else ""
            self.findings.differ(KIND, "조회 수가 다릅니다", where, views, post.view_count, reason)

    def check_titles(self, rows: list[Found]) -> None:
        """The addresses that name posts by their titles."""
        titles = {slug_key(row["wr_seo_title"]) for row in rows if row.get("wr_seo_title")}
        found = Imported.objects.filter(kind=Kind.TITLE, board=self.board.pk, old__in=titles)
        numbers = dict(found.values_list("old", "new"))
        wanted: dict[str, set[int]] = {}
        for row in rows:
            if row.get("wr_seo_title"):
                key = slug_key(row["wr_seo_title"])
                wanted.setdefault(key, set()).add(key_number(row["wr_id"]))
        for key, posts in wanted.items():
            if numbers.get(key) not in posts and not self.is_shared(key, numbers.get(key)):
                self.findings.differ(
                    KIND,
                    "제목으로 된 주소가 다른 글로 갑니다",
                    f"{self.name}/{key}",
                    sorted(posts),
                    numbers.get(key, ""),
                )

    def is_shared(self, key: str, number: int | None) -> bool:
        """Whether another post with the same title has this number."""
        if not number:
            return False
        rows = self.proof.there.select(
            f"write_{self.name}", "wr_id IN (?, ?)", [number, str(number)]
        )
        return any(slug_key(row.get("wr_seo_title", "")) == key for row in rows)

    # -- Posts that are only here ------------------------------------------------------------------
    def find_extra(self) -> None:
        """Numbers that the old board has given belong to its posts."""
        highest = self.proof.there.highest(self.name)
        ours = Post.objects.filter(board=self.board, number__lte=highest)
        last = 0
        while numbers := list(
            ours.filter(number__gt=last).order_by("number").values_list("number", flat=True)[:500]
        ):
            last = numbers[-1]
            there = self.proof.there.is_there(f"write_{self.name}", "wr_id", numbers)
            if missing := [number for number in numbers if number not in there]:
                known = Pairs(Kind.POST, self.board.pk).of(map(str, missing))
                for number in missing:
                    reason = GONE_THERE if str(number) in known else ""
                    self.findings.differ(
                        KIND,
                        "옛 사이트에 없는 글입니다",
                        f"{self.name}/{number}",
                        "",
                        number,
                        reason,
                    )
        for number in Post.objects.filter(board=self.board, number__gt=highest).values_list(
            "number", flat=True
        )[:1000]:
            self.findings.differ(
                KIND, "옛 사이트에 없는 글입니다", f"{self.name}/{number}", "", number, WRITTEN
            )


def guests_password(written: Post | Comment) -> str | None:
    """The hash, where a guest has written it with a password."""
    found = getattr(written, "guest_password", None)
    return found.password if found else None


def around(there: str, here: str) -> tuple[str, str]:
    """Both texts from shortly before the first difference."""
    at = next(
        (place for place, pair in enumerate(zip(there, here, strict=False)) if pair[0] != pair[1]),
        min(len(there), len(here)),
    )
    start = max(at - 20, 0)
    return there[start : start + 120], here[start : start + 120]


def _why(post: Post, seen: str, shown: str) -> str:
    """Why a reader sees other letters: only what our cleaner makes of the stored source is explained."""
    try:
        made = richtext.render(post.body.source, post.body.format)
    except richtext.TooComplex:
        return SIMPLIFIED if shown and shown in seen else ""
    return CLEANED if letters_of_html(made) == shown else ""
