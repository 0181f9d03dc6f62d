"""Reports about posts, comments and searches. gnuboard calls it 글,댓글 현황.

They only include posts that the user may read, because a secret title must not show up in them.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boards.models import Board, Comment, Post
from boards.queries.search_words import (
    blocked_words,
    search_address,
    sums_of_words,
    words_not_taken,
)
from boards.text.blocked_words import blocked_word
from boardsite.databases.day_counts import count_by_day, within
from boardsite.reporting.reports import Link, Period, Report, Table, register

GROUP = _("게시판")
SHOWN = 50
"""Posts of a list of the most read or most discussed."""
SHOWN_WORDS = 200


def most_read(period: Period, user: Any) -> Table:
    return _table_of_posts(_written(period, user).filter(view_count__gt=0), "-view_count")


def most_discussed(period: Period, user: Any) -> Table:
    return _table_of_posts(_written(period, user).filter(comment_count__gt=0), "-comment_count")


def writing(period: Period, user: Any) -> Table:
    """Published posts and comments by the day of writing."""
    posts = count_by_day(Post.objects.published(), "created_at", period)
    comments = count_by_day(Comment.objects.published(), "created_at", period)
    return Table(
        columns=[_("날짜"), _("글"), _("댓글")],
        rows=[*zip(map(str, period.days()), posts, comments, strict=True)],
        foot=[_("합계"), sum(posts), sum(comments)],
    )


def writing_by_board(period: Period, user: Any) -> Table:
    """The same by board, for boards that `user` may read."""
    posts = _by_board(within(Post.objects.published(), "created_at", period), "board")
    comments = _by_board(within(Comment.objects.published(), "created_at", period), "post__board")
    rows = [
        (
            Link(board.name, board.get_absolute_url()),
            posts.get(board.pk, 0),
            comments.get(board.pk, 0),
        )
        for board in Board.objects.readable_by(user).order_by("group__position", "position", "pk")
    ]
    rows = sorted((row for row in rows if row[1] or row[2]), key=lambda row: -(row[1] + row[2]))
    sums = [sum(row[1] for row in rows), sum(row[2] for row in rows)]
    return Table(columns=[_("게시판"), _("글"), _("댓글")], rows=rows, foot=[_("합계"), *sums])


def _written(period: Period, user: Any) -> QuerySet[Post]:
    """Posts of these days that `user` may read.

    The query contains the days twice: as ids, because SQLite would scan all posts of each readable
    board, and as a condition, because PostgreSQL would join the ids with all posts.
    """
    of_days = within(Post.objects.published(), "created_at", period).order_by().values("pk")
    return within(Post.objects.visible_to(user), "created_at", period).filter(pk__in=of_days)


def _table_of_posts(posts: QuerySet[Post], order: str) -> Table:
    columns = [_("글"), _("조회"), _("댓글"), _("추천"), _("게시판"), _("쓴 날")]
    if order == "-comment_count":
        columns[1], columns[2] = columns[2], columns[1]
    posts = posts.select_related("board").order_by(order, "-pk")[:SHOWN]
    return Table(columns=columns, rows=[*_rows_of_posts(posts, order)])


def _rows_of_posts(posts: QuerySet[Post], order: str) -> Iterator[tuple]:
    """`order` is the first of the numbers."""
    for post in posts:
        numbers = [post.view_count, post.comment_count]
        yield (
            Link(post.subject, post.get_absolute_url()),
            *(numbers[::-1] if order == "-comment_count" else numbers),
            post.like_count,
            post.board.name,
            str(timezone.localdate(post.created_at, timezone.get_default_timezone())),
        )


def _by_board(rows: QuerySet, board: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(board).annotate(number=Count("*")))


def searched_words(period: Period, user: Any) -> Table:
    """The most searched words, public or not, with a link to block each."""
    blocked, not_taken = blocked_words(), words_not_taken()
    sums = sums_of_words(*period).values_list("word", "people")[:SHOWN_WORDS]
    rows = [
        (Link(word, search_address(word)), people, _standing(word, blocked, not_taken, user))
        for word, people in sums
    ]
    return Table([_("검색어"), _("찾은 사람"), _("숨김")], rows)


def search_word_links(user: Any) -> list[Link]:
    """The admin pages that the user may open."""
    pages = [
        (
            _t("막은 말"),
            "boards.view_blockedsearchword",
            "admin:boards_blockedsearchword_changelist",
        ),
        (_t("검색 설정"), "boards.view_searchsettings", "admin:boards_searchsettings_changelist"),
    ]
    return [Link(name, reverse(page)) for name, right, page in pages if user.has_perm(right)]


def _standing(word: str, blocked: dict[str, int], not_taken: list[str], user: Any) -> Link | str:
    """Why the word is not shown, or a link to block it."""
    model = "boards.{}_blockedsearchword"
    if by := blocked_word(blocked, word):
        text = _t("막은 말: %s") % by
        page = reverse("admin:boards_blockedsearchword_delete", args=[blocked[by]])
        return Link(text, page) if user.has_perm(model.format("delete")) else text
    if by := blocked_word(not_taken, word):
        return _t("게시판 금지어: %s") % by
    if not user.has_perm(model.format("add")):
        return ""
    page = reverse("admin:boards_blockedsearchword_add")
    return Link(_t("막기"), f"{page}?{urlencode({'word': word})}")


register(
    Report(
        slug="most-read-posts",
        title=_("많이 읽은 글"),
        group=GROUP,
        permission="boards.view_post",
        read=most_read,
        draws_rest=False,
        note=_("이 기간에 쓴 글입니다. 조회 수는 글을 쓴 뒤로 지금까지 읽은 수입니다."),
    ),
    Report(
        slug="most-discussed-posts",
        title=_("댓글이 많은 글"),
        group=GROUP,
        permission="boards.view_post",
        read=most_discussed,
        draws_rest=False,
        note=_("이 기간에 쓴 글입니다. 댓글 수는 글을 쓴 뒤로 지금까지 달린 수입니다."),
    ),
    Report(
        slug="writing",
        title=_("글·댓글 현황"),
        group=GROUP,
        permission="boards.view_post",
        read=writing,
        chart="columns",
        charted=(1, 2),
        is_newest_first=True,
        note=_("그날 쓴 글과 댓글 가운데 지금 공개된 것입니다."),
    ),
    Report(
        slug="writing-by-board",
        title=_("게시판별 글·댓글"),
        group=GROUP,
        permission="boards.view_post",
        read=writing_by_board,
        charted=(1, 2),
        note=_("읽을 수 있는 게시판만 보입니다."),
    ),
    Report(
        slug="searched-words",
        title=_("인기검색어"),
        group=GROUP,
        permission="boards.view_searchword",
        read=searched_words,
        note=_(
            "글을 찾은 검색만 셉니다. 한 인터넷 주소는 같은 말을 하루에 한 번만 셉니다. "
            "전화번호처럼 누군가의 것일 수 있는 말은 남기지 않습니다. 많이 찾은 말 200개까지 보입니다."
        ),
        links=search_word_links,
    ),
)
