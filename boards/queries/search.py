"""Search results: the hits that the visitor may read, with the words marked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, F
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from boards import search
from boards.models import Board, Comment, Post
from boards.models.posts import PostQuerySet
from boards.permissions import access
from boards.queries.boards import known_boards
from boards.roles import moderates_all
from boards.search.documents import Field, of_board, written_by
from boardsite.databases.compiled import Compiled, Slot
from boardsite.dates import full_date, machine_date
from boardsite.text import korean, richtext

# The columns that a row shows and that permissions need; not the rest of wide rows.
_READ_OF_POSTS = (
    "board",
    "number",
    "subject",
    "path",
    "author",
    "author_name",
    "created_at",
    "is_notice",
    "is_secret",
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
    is_reply_post: bool  # a 답변글
    is_secret: bool = False
    folded: SafeString | str = ""  # the hidden title, if the visitor has blocked its author

    @property
    def subject(self) -> SafeString | str:
        """As in a PostRow: what is shown instead of `folded`."""
        return self.title

    def fold(self, sentence: str) -> "ResultRow":
        """Shows `sentence` instead of the title and text until the visitor expands the row."""
        self.folded, self.title, self.text = self.title, sentence, ""
        return self


class Named(TypedDict, total=False):
    """Which boards search.ask looks into."""

    boards: list[int]
    without_boards: frozenset[int]


@dataclass(frozen=True)
class Places:
    """The boards to search: `boards`, and the ids of all `others`."""

    boards: Sequence[Board]
    others: frozenset[int]

    @property
    def named(self) -> "Named":
        """The arguments for search.ask: the shorter of the two lists.

        Excluding a few boards is a hundred times as fast as listing nearly all.
        """
        if len(self.boards) <= len(self.others):
            return {"boards": [board.pk for board in self.boards]}
        return {"without_boards": self.others}

    def within(self, board: Board) -> "Places":
        """The same for `board` (one of `boards`) alone."""
        return Places([board], self.others | {each.pk for each in self.boards if each != board})


@dataclass
class Found:
    """A page of hits; `count` is their number as text, exact up to a thousand."""

    rows: list[ResultRow]
    total: int
    count: str


def readable_places(visitor: Visitor) -> Places:
    """All boards that `visitor` may read."""
    boards: list[Board] = []
    others: list[Board] = []
    for board in known_boards().values():
        (boards if access(visitor, board).read else others).append(board)
    return Places(boards, frozenset(board.pk for board in others))


def find_posts(
    visitor: Visitor, query: str, *, field: str, places: Places, page: int, size: int
) -> Found:
    """Posts by `field` ('' for title and text, 'title', 'text', 'author') in `places`, newest
    first.

    Raises search.TooSlow.
    """
    opened_by = _opens_secrets(visitor, places)
    question = search.ask(query, field=_field(field), opened_by=opened_by, **places.named)
    question, results, by_pk = _found_posts(question, visitor, field, page=page, size=size)
    posts = [by_pk[pk] for pk in results.ids if pk in by_pk]
    rows = rows_of_posts(visitor, posts, places, question.shown_in, folds=field != "author")
    return found_in(rows, results)


def rows_of_posts(
    visitor: Visitor,
    posts: Iterable[Any],
    places: Places,
    shown_in: Callable[[str], Sequence[str]],
    *,
    folds: bool = True,
) -> list[ResultRow]:
    """Rows of `readable_posts`. `shown_in` returns the words to highlight in a title and text; `folds`:
    whether blocked authors' posts are hidden (nobody searches for an author they avoid)."""
    rights = {board.pk: access(visitor, board) for board in places.boards}
    rows = []
    for post in posts:
        if post.board_id not in rights:
            continue  # changed meanwhile
        text, can = "", rights[post.board_id]
        board = can.board
        if can.is_free(post):
            text = richtext.text_of(post.html).replace("\n", " ")
        words = shown_in(f"{post.subject}\n{text}")
        text = korean.snippet(text, words)
        row = _row(post, board, f"/{board.slug}/{post.number}/", post.subject, text, words)
        is_folded = folds and can.folds(post)
        rows.append(row.fold(_("차단한 회원의 글입니다.")) if is_folded else row)
    return rows


def readable_posts(visitor: Visitor) -> PostQuerySet:
    """Posts that `visitor` may read, with the columns of a row and the `html` of their bodies."""
    return Post.objects.visible_to(visitor).annotate(html=F("body__html")).only(*_READ_OF_POSTS)


def found_in(rows: list[ResultRow], results: search.Results) -> Found:
    number = f"{results.total:,}"
    is_open = results.is_capped and results.total
    count = _("%s건 이상") % number if is_open else _("%s건") % number
    return Found(rows, results.total, count)


def _opens_secrets(visitor: Visitor, places: Places) -> list[str] | None:
    """The pieces that give `visitor` access to secret posts: their own, and those of boards they
    moderate.

    The index does not know whose thread a secret reply post belongs to.
    """
    if moderates_all(visitor):
        return None
    if not visitor.is_authenticated:
        return []
    moderated = [board.pk for board in places.boards if access(visitor, board).moderate]
    return [written_by(visitor.pk), *map(of_board, moderated)]


def find_comments(
    visitor: Visitor, query: str, *, field: str, places: Places, page: int, size: int
) -> Found:
    """Comments by their text in `places`, newest first. Raises search.TooSlow."""
    question = search.ask(query, **places.named)
    comments = Comment.objects.visible_to(visitor).select_related("post").only(*_READ_OF_COMMENTS)
    question, results, by_pk = _verified(
        search.comments,
        question,
        comments.in_bulk,
        lambda comment: comment.text,
        page=page,
        size=size,
    )
    rights = {board.pk: access(visitor, board) for board in places.boards}
    rows = []
    for pk in results.ids:
        comment = by_pk.get(pk)
        if comment is None or comment.post.board_id not in rights:
            continue  # changed meanwhile
        post, can = comment.post, rights[comment.post.board_id]
        post.board = board = can.board
        words = question.shown_in(comment.text)
        text = korean.snippet(" ".join(comment.text.split()), words)
        url = comment.get_absolute_url()
        subject = _("차단한 회원의 글입니다.") if can.folds(post) else post.subject
        row = _row(comment, board, url, subject, text, words)
        rows.append(row.fold(_("차단한 회원의 댓글입니다.")) if can.folds(comment) else row)
    return found_in(rows, results)


def guests_find(query: str, places: Places) -> bool:
    """Whether a guest's search in titles and texts finds a post in `places`, those that guests may
    read.

    False if the search would be too slow, so that no link leads to it.
    """
    question = search.ask(query, **places.named)
    try:
        _, results, _posts = _found_posts(question, AnonymousUser(), "", page=1, size=1)
        return bool(results.ids)
    except search.TooSlow:
        return False


def _found_posts(
    question: search.Question, visitor: Visitor, field: str, *, page: int, size: int
) -> "Verified":
    """A page of results that `visitor` may read, and their posts with the `html` of bodies."""
    read = readable_posts(visitor).in_bulk if visitor.is_authenticated else _read_as_guest
    return _verified(
        search.posts, question, read, lambda post: _searched(post, field), page=page, size=size
    )


AT_ONCE = 40  # posts of one statement; two pages of results


def _posts_of_guests() -> PostQuerySet:
    slots = [Slot(f"id{place}", BigIntegerField()) for place in range(AT_ONCE)]
    return readable_posts(AnonymousUser()).filter(pk__in=slots)


_guests_posts = Compiled(_posts_of_guests)


def _read_as_guest(ids: Sequence[int]) -> dict[int, Any]:
    """`readable_posts` of an anonymous visitor by id."""
    found: dict[int, Any] = {}
    for start in range(0, len(ids), AT_ONCE):
        batch = dict(enumerate(ids[start : start + AT_ONCE]))
        slots = {f"id{place}": batch.get(place, 0) for place in range(AT_ONCE)}
        found |= {post.pk: post for post in _guests_posts(**slots)}
    return found


Verified = tuple[search.Question, search.Results, dict[int, Any]]
"""The question that was answered, a page of its results, and their rows by id."""


def _verified(
    index: search.Index,
    question: search.Question,
    read_rows: Callable[[list[int]], dict[int, Any]],
    searched: Callable[[Any], str],
    *,
    page: int,
    size: int,
) -> Verified:
    """A page of results. If all results fit on one page, those with spaces inside the words are found
    too.

    `read_rows` returns the rows with these ids, without those that the visitor may not read;
    `searched` the words of a row that the question searches.
    """
    read: dict[int, Any] = {}

    def texts(ids: list[int]) -> dict[int, str]:
        read.clear()  # bodies may be large, so only one batch is in memory
        read.update(read_rows(ids))
        return {pk: searched(row) for pk, row in read.items()}

    results = search.find_verified(index, question, texts, page=page, page_size=size)
    loose = question.loosened
    if loose and results.total < size and not results.is_capped:
        question = loose
        results = search.find_verified(index, question, texts, page=page, page_size=size)
    read |= read_rows([pk for pk in results.ids if pk not in read])
    return question, results, read


def _field(field: str) -> Field:
    match field:
        case "title" | "text" | "author":
            return field
    return "all"


def _searched(post: Any, field: str) -> str:
    """The words of a post, with its `html`, that a search by `field` searches."""
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
        is_reply_post=isinstance(written, Post) and written.depth > 0,
        is_secret=isinstance(written, Post) and written.is_secret,
    )
