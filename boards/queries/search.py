"""What a search shows: hits that the visitor may read, with the words marked."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from boards import search
from boards.models import Board, Comment, Post
from boards.permissions import access
from boards.queries.boards import known_boards
from boards.search.documents import Field
from boards.text import richtext
from boardsite import korean
from boardsite.dates import full_date, machine_date

# What a line shows, and what is asked to know whether it may; not the rest of wide rows.
_READ_OF_POSTS = (
    "board",
    "number",
    "subject",
    "path",
    "author",
    "author_name",
    "created_at",
    "is_notice",
)
_READ_OF_COMMENTS = (
    "author",
    "author_name",
    "text",
    "created_at",
    "post__board",
    "post__number",
    "post__subject",
    "post__author",
    "post__is_notice",
)


@dataclass
class ResultRow:
    """One hit."""

    url: str
    title: SafeString | str
    text: SafeString | str
    board_name: str
    board_url: str
    author_name: str
    date: str
    time: str
    is_answer: bool  # a 답변글
    folded: SafeString | str = ""  # the title of what somebody wrote whom the visitor has blocked

    @property
    def subject(self) -> SafeString | str:
        """As of a PostRow: what stands in the place of `folded`."""
        return self.title

    def fold(self, sentence: str) -> "ResultRow":
        """Shows `sentence` instead of title and text until the visitor opens it."""
        self.folded, self.title, self.text = self.title, sentence, ""
        return self


@dataclass(frozen=True)
class Places:
    """Where a search looks: `boards`, and the ids of all `others`."""

    boards: Sequence[Board]
    others: frozenset[int]

    @property
    def named(self) -> dict[str, Collection[int]]:
        """For search.ask: the fewer of them. A site most of whose boards are open to all is asked
        as a whole, which takes a hundredth of the time."""
        if len(self.boards) <= len(self.others):
            return {"boards": [board.pk for board in self.boards]}
        return {"without_boards": self.others}

    def within(self, board: Board) -> "Places":
        """The same, with `board` (one of `boards`) alone."""
        return Places([board], self.others | {each.pk for each in self.boards if each != board})


@dataclass
class Found:
    """A page of hits; `count` is their number in words, exact up to a thousand."""

    rows: list[ResultRow]
    total: int
    count: str


def readable_places(visitor: Visitor) -> Places:
    """All boards that `visitor` may read."""
    boards, others = [], []
    for board in known_boards().values():
        (boards if access(visitor, board).read else others).append(board)
    return Places(boards, frozenset(board.pk for board in others))


def find_posts(
    visitor: Visitor, query: str, *, field: str, places: Places, page: int, size: int
) -> Found:
    """Posts by `field` ('' for title and text, 'title', 'text', 'author') in `places`, newest
    first. Raises search.TooSlow."""
    question = search.ask(query, field=_field(field), **places.named)
    results, by_pk = _found_posts(question, visitor, field, page=page, size=size)
    rights = {board.pk: access(visitor, board) for board in places.boards}
    words = question.words
    rows = []
    for pk in results.ids:
        post = by_pk.get(pk)
        if post is None or post.board_id not in rights:
            continue  # changed meanwhile
        text, can = "", rights[post.board_id]
        board = can.board
        if can.is_free(post):
            text = korean.snippet(richtext.text_of(post.html).replace("\n", " "), words)
        row = _row(post, board, f"/{board.slug}/{post.number}/", post.subject, text, words)
        is_folded = field != "author" and can.folds(post)  # nobody looks for whom he avoids
        rows.append(row.fold(_("차단한 회원의 글입니다.")) if is_folded else row)
    return Found(rows, results.total, _count(results))


def find_comments(
    visitor: Visitor, query: str, *, field: str, places: Places, page: int, size: int
) -> Found:
    """Comments by their text in `places`, newest first. Raises search.TooSlow."""
    question = search.ask(query, **places.named)
    comments = Comment.objects.visible_to(visitor).select_related("post").only(*_READ_OF_COMMENTS)
    results, by_pk = _verified(
        search.comments, question, comments, lambda comment: comment.text, page=page, size=size
    )
    rights = {board.pk: access(visitor, board) for board in places.boards}
    rows = []
    for pk in results.ids:
        comment = by_pk.get(pk)
        if comment is None or comment.post.board_id not in rights:
            continue  # changed meanwhile
        post, can = comment.post, rights[comment.post.board_id]
        post.board = board = can.board
        text = korean.snippet(" ".join(comment.text.split()), question.words)
        url = comment.get_absolute_url()
        subject = _("차단한 회원의 글입니다.") if can.folds(post) else post.subject
        row = _row(comment, board, url, subject, text, question.words)
        rows.append(row.fold(_("차단한 회원의 댓글입니다.")) if can.folds(comment) else row)
    return Found(rows, results.total, _count(results))


def guests_find(query: str, places: Places) -> bool:
    """Whether a guest's search in titles and texts finds a post; `places`: those he may read.

    No where the search would be too slow: nobody is to be sent there.
    """
    question = search.ask(query, **places.named)
    try:
        results, _posts = _found_posts(question, AnonymousUser(), "", page=1, size=1)
        return bool(results.ids)
    except search.TooSlow:
        return False


def _found_posts(
    question: search.Question, visitor: Visitor, field: str, *, page: int, size: int
) -> tuple[search.Results, dict[int, Post]]:
    """A page of results among what `visitor` may read, and their posts with the `html` of bodies."""
    posts = Post.objects.visible_to(visitor).annotate(html=F("body__html")).only(*_READ_OF_POSTS)
    return _verified(
        search.posts, question, posts, lambda post: _searched(post, field), page=page, size=size
    )


def _verified(
    index: search.Index,
    question: search.Question,
    written: QuerySet,
    searched: Callable[[Any], str],
    *,
    page: int,
    size: int,
) -> tuple[search.Results, dict[int, Any]]:
    """A page of results among `written`, and their rows by id. `searched`: the words of such a row
    that the question looks into."""
    read: dict[int, Any] = {}

    def texts(ids: list[int]) -> dict[int, str]:
        read.clear()  # bodies may be large: no more of them than one batch
        read.update(written.in_bulk(ids))
        return {pk: searched(row) for pk, row in read.items()}

    results = search.find_verified(index, question, texts, page=page, page_size=size)
    return results, read | written.in_bulk([pk for pk in results.ids if pk not in read])


def _field(field: str) -> Field:
    return field if field in ("title", "text", "author") else "all"


def _searched(post: Post, field: str) -> str:
    """The words of a post, with its `html`, that a search by `field` looks into."""
    title = "" if field == "text" else post.subject
    text = "" if field == "title" else richtext.text_of(post.html)
    return f"{title}\n{text}"


def _row(
    written: Post | Comment, board: Board, url: str, title: str, text: str, words: Sequence[str]
) -> ResultRow:
    return ResultRow(
        url=url,
        title=korean.highlight(title, words),
        text=korean.highlight(text, words),
        board_name=board.name,
        board_url=f"/{board.slug}/",
        author_name=written.author_name,
        date=full_date(written.created_at),
        time=machine_date(written.created_at),
        is_answer=isinstance(written, Post) and written.depth > 0,
    )


def _count(results: search.Results) -> str:
    number = f"{results.total:,}"
    return _("%s건 이상") % number if results.is_capped else _("%s건") % number
