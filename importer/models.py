"""What has been imported from which row of the old site."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

QUERIES = 100  # of one statement; SQLite takes 500


class Kind(models.IntegerChoices):
    """Kinds of imported rows, in the order in which they are imported."""

    GROUP = 1, _("그룹")
    BOARD = 2, _("게시판")
    MEMBER = 3, _("회원")
    POST = 4, _("글")
    COMMENT = 5, _("댓글")
    TITLE = 6, _("글 주소")  # of a post: wr_seo_title → its number
    VOTE = 7, _("추천")
    SCRAP = 8, _("스크랩")
    MESSAGE = 9, _("쪽지")
    POINT = 10, _("포인트")
    FILE = 11, _("첨부파일")
    BODY = 12, _("본문")  # whose pictures and links have their new addresses
    PATH = 13, _("파일 주소")  # a path below data/ → the attachment
    POLL = 14, _("설문조사")  # → its post
    OPTION = 15, _("설문 항목")  # "poll/place" → how many votes have been imported
    OPINION = 16, _("기타의견")
    QUESTION = 17, _("FAQ")  # → its post
    FAQ = 18, _("FAQ 분류")  # → the category
    INQUIRY = 19, _("1:1 문의")  # → its post
    ANSWER = 20, _("문의 답변")  # → the comment, also of an additional question
    CONTENT = 21, _("내용")
    CONTENT_TITLE = 22, _("내용 주소")  # co_seo_title → the page
    MENU = 23, _("메뉴")
    POPUP = 24, _("팝업레이어")
    SOCIAL = 25, _("소셜 계정")
    DRAFT = 26, _("임시 저장 글")
    FIELD = 27, _("여분 필드")  # of a board
    EXTRA = 28, _("여분 필드의 값")  # of a post, all together
    SETTING = 29, _("설정")  # the column there; `new` means nothing
    WORD = 30, _("검색어")  # "day word" → how many searches have been imported
    NAME = 31, _("새로 고를 아이디")  # → the member, until they have chosen one
    PICTURE = 32, _("회원 사진")  # → the member
    CERTIFIED = 33, _("본인확인")  # the member's id here → the member; the digest is 1 for adults
    RIGHT = (
        34,
        _("관리 권한"),
    )  # "member/menu", or a place in a group or board (actions/rights.py) → the member
    PAGE_PICTURE = 35, _("내용의 사진")  # a path below data/, within a content page → its picture


class Imported(models.Model):
    """One row of the old site and the row that it became.

    `old` is its key there, within `board` (the id of our board) for posts and comments, and that of our
    content page for its pictures; 0 elsewhere.
    `digest` is a hash of the old row: a second run imports only what is new or has changed there. `here`
    is a hash of what was written here, so that nothing is overwritten that has been changed since; it is
    NULL for what was here before the import, which is never changed nor deleted. `count` is how far a
    number has been added that rises there, such as views.
    """

    kind = models.PositiveSmallIntegerField(choices=Kind)
    board = models.BigIntegerField(default=0, db_default=0)
    old = models.CharField(max_length=64)
    new = models.BigIntegerField()
    digest = models.BigIntegerField()
    here = models.BigIntegerField(null=True, default=0, db_default=0)
    count = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("가져온 것")
        constraints = [
            models.UniqueConstraint(fields=["kind", "board", "old"], name="imported_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.old} → {self.new}"


class OldLinkDay(models.Model):
    """How many requests of a day were redirected from addresses of the old site: of people, and of robots."""

    day = models.DateField(primary_key=True)
    people = models.PositiveIntegerField(default=0, db_default=0)
    robots = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("옛 주소로 온 방문")

    def __str__(self) -> str:
        return f"{self.day}: {self.people}"


def slug_key(slug: str) -> str:
    """`old` of a TITLE, whose length is that of any key."""
    return slug if len(slug) <= 64 else hashlib.blake2b(slug.encode(), digest_size=32).hexdigest()


def known(kind: Kind, keys: Iterable[str], *, board: int = 0) -> dict[str, Imported]:
    """What has been imported of these rows, by their old keys."""
    rows = Imported.objects.filter(kind=kind, board=board, old__in=list(keys))
    return {row.old: row for row in rows}


def known_in(kind: Kind, keys: Iterable[tuple[int, str]]) -> Iterator[Imported]:
    """The same for rows of several boards, by board and old key. One statement with a query for each board: of one
    query for all boards, SQLite would read all rows of the kind."""
    by_board: defaultdict[int, list[str]] = defaultdict(list)
    for board, key in keys:
        by_board[board].append(key)
    queries = [
        Imported.objects.filter(kind=kind, board=board, old__in=listed)
        for board, listed in by_board.items()
    ]
    for first in range(0, len(queries), QUERIES):
        some = queries[first : first + QUERIES]
        yield from some[0].union(*some[1:], all=True)


def pks(kind: Kind, *, board: int = 0) -> dict[str, int]:
    """The id of everything of a kind by its old key; for kinds of which there are not too many."""
    rows = Imported.objects.filter(kind=kind, board=board)
    return dict(rows.values_list("old", "new"))
