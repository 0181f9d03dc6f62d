"""What a search shows: hits that the visitor may read, with the words marked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from boards import search
from boards.models import Board, Comment, Post
from boards.permissions import access
from boards.search.documents import Field
from boards.text import richtext
from boardsite import korean
from boardsite.dates import full_date, machine_date


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
        """As of a PostRow, for boards/_folded.html."""
        return self.title

    def fold(self, sentence: str) -> "ResultRow":
        """Shows `sentence` instead of title and text until the visitor opens it."""
        self.folded, self.title, self.text = self.title, sentence, ""
        return self


@dataclass
class Found:
    """A page of hits; `count` is their number in words, exact up to a thousand."""

    rows: list[ResultRow]
    total: int
    count: str


def find_posts(
    visitor: Visitor, query: str, *, field: str, boards: Sequence[Board], page: int, size: int
) -> Found:
    """Posts by `field` ('' for title and text, 'title', 'text', 'author') in `boards`, newest
    first."""
    question = search.ask(query, field=_field(field), boards=[board.pk for board in boards])
    posts = Post.objects.visible_to(visitor).select_related("body")

    results = _verified(question, posts, field, page=page, size=size)
    by_pk = posts.in_bulk(results.ids)
    names = {board.pk: board for board in boards}
    words = question.words
    rows = []
    for pk in results.ids:
        post = by_pk.get(pk)
        if post is None:
            continue
        board = names[post.board_id]
        text, can = "", access(visitor, board)
        if can.is_free(post):
            text = korean.snippet(richtext.text_of(post.body.html).replace("\n", " "), words)
        row = _row(post, board, f"/{board.slug}/{post.number}/", post.subject, text, words)
        is_folded = field != "author" and can.folds(post)  # nobody looks for whom he avoids
        rows.append(row.fold(_("차단한 회원의 글입니다.")) if is_folded else row)
    return Found(rows, results.total, _count(results))


def find_comments(
    visitor: Visitor, query: str, *, field: str, boards: Sequence[Board], page: int, size: int
) -> Found:
    """Comments by their text in `boards`, newest first."""
    question = search.ask(query, boards=[board.pk for board in boards])
    comments = Comment.objects.visible_to(visitor).select_related("post")

    def texts(ids: list[int]) -> dict[int, str]:
        return dict(comments.filter(pk__in=ids).values_list("pk", "text"))

    results = search.find_verified(search.comments, question, texts, page=page, page_size=size)
    by_pk = comments.in_bulk(results.ids)
    names = {board.pk: board for board in boards}
    rows = []
    for pk in results.ids:
        comment = by_pk.get(pk)
        if comment is None:
            continue
        post = comment.post
        post.board = board = names[post.board_id]
        text = korean.snippet(" ".join(comment.text.split()), question.words)
        url = comment.get_absolute_url()
        can = access(visitor, board)
        subject = _("차단한 회원의 글입니다.") if can.folds(post) else post.subject
        row = _row(comment, board, url, subject, text, question.words)
        rows.append(row.fold(_("차단한 회원의 댓글입니다.")) if can.folds(comment) else row)
    return Found(rows, results.total, _count(results))


def guests_find(query: str, boards: Collection[int]) -> bool:
    """Whether a guest's search in titles and texts finds a post; `boards`: ids of those he may read."""
    question = search.ask(query, boards=boards)
    posts = Post.objects.visible_to(AnonymousUser()).select_related("body")
    return bool(_verified(question, posts, "", page=1, size=1).ids)


def _verified(
    question: search.Question, posts: QuerySet[Post], field: str, *, page: int, size: int
) -> search.Results:
    """`posts`: those that may be found, with their bodies."""

    def texts(ids: list[int]) -> dict[int, str]:
        found = posts.filter(pk__in=ids).only("subject", "body__html")
        return {post.pk: _searched(post, field) for post in found}

    return search.find_verified(search.posts, question, texts, page=page, page_size=size)


def _field(field: str) -> Field:
    return field if field in ("title", "text", "author") else "all"


def _searched(post: Post, field: str) -> str:
    """The words of `post` that a search by `field` looks into."""
    title = "" if field == "text" else post.subject
    text = "" if field == "title" else richtext.text_of(post.body.html)
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
