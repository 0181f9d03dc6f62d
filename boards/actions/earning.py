"""포인트 for what is written and liked; called where the counts move, so that nothing is forgotten.

A deed that a board lets cost points (below 0) is paid when it is first done, and stays paid.
Comments below a post that goes from sight keep theirs until it is purged: they are others' work.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from django.utils.translation import gettext as _

from accounts.actions.points import Kind, give_points, spend_points, take_back, take_back_all
from accounts.models import Member
from accounts.queries.points import are_on
from boards.models import Attachment, Comment, Post

Move = Callable[[], object]


def about(written: Post | Comment | Attachment) -> str:
    """How the ledger names it, wherever it is moved to."""
    return f"{written._meta.model_name}:{written.pk}"


def moves_of_post(post: Post, was_published: bool, is_published: bool, is_new: bool) -> list[Move]:
    """What must be done to its author's points, once his row is locked."""
    if post.author_id is None or was_published == is_published:
        return []
    if not is_published:
        return [partial(take_back, member=post.author_id, kind=Kind.WRITE, about=about(post))]
    return [partial(_post_written, post, is_new)]


def by_author(moves: Iterable[tuple[int | None, Iterable[Move]]]) -> dict[int, list[Move]]:
    """Authors' ids with all their moves."""
    found: dict[int, list[Move]] = defaultdict(list)
    for author, some in moves:
        found[author or 0] += some
    return found


def comment_moved(comment: Comment, post: Post, sign: int, *, is_new: bool) -> None:
    """A comment has come (+1) or gone (-1)."""
    if comment.author_id is None:
        return
    if sign < 0:
        take_back(member=comment.author_id, kind=Kind.COMMENT, about=about(comment))
    elif are_on():
        text = _("%(board)s %(number)d 댓글쓰기") % _where(post)
        amount = post.board.comment_points
        _earn(comment.author, Kind.COMMENT, about(comment), text, amount, is_new)


def comments_purged(authors: Iterable[int], comments: Iterable[int]) -> None:
    """Comments (ids) that are about to be deleted for good."""
    abouts = [f"comment:{pk}" for pk in comments]
    take_back_all(members=authors, kind=Kind.COMMENT, abouts=abouts)


def liking_moved(written: Post | Comment, by: Member, sign: int) -> None:
    """`by` has begun (+1) or ceased (-1) to like it; its author gets no less than nothing."""
    if written.author_id is None:
        return
    deed = f"{about(written)}:{by.pk}"
    if sign < 0:
        take_back(member=written.author_id, kind=Kind.LIKED, about=deed)
    elif are_on():
        post = written.post if isinstance(written, Comment) else written
        text = _("%(board)s %(number)d 추천받음") % _where(post)
        _earn(written.author, Kind.LIKED, deed, text, post.board.liked_points, False)


def post_read(*, post: Post, member: Member) -> None:
    """Gives what a board gives for reading, once a post. What it costs is `pay_post`."""
    text = _("%(board)s %(number)d 글읽기") % _where(post)
    _earn(member, Kind.READ, about(post), text, post.board.read_points, False)


def pay_post(*, post: Post, member: Member) -> None:
    """Pays for reading, once and for ever. Raises NotEnoughPoints."""
    text = _("%(board)s %(number)d 글읽기") % _where(post)
    _earn(member, Kind.READ, about(post), text, post.board.read_points, True)


def file_downloaded(*, file: Attachment, member: Member) -> None:
    """As post_read, for a download."""
    text = _("%(board)s %(number)d 파일 내려받기") % _where(file.post)
    _earn(member, Kind.DOWNLOAD, about(file), text, file.post.board.download_points, False)


def pay_file(*, file: Attachment, member: Member) -> None:
    """As pay_post, for a file."""
    text = _("%(board)s %(number)d 파일 내려받기") % _where(file.post)
    _earn(member, Kind.DOWNLOAD, about(file), text, file.post.board.download_points, True)


def _post_written(post: Post, is_new: bool) -> None:
    if not are_on():
        return
    board = post.board
    if post.depth:
        amount, text = board.comment_points, _("%(board)s %(number)d 글답변")
    else:
        amount, text = board.write_points, _("%(board)s %(number)d 글쓰기")
    _earn(post.author, Kind.WRITE, about(post), text % _where(post), amount, is_new)


def _where(post: Post) -> dict:
    return {"board": post.board.name, "number": post.number}


def _earn(member: Member, kind: str, deed: str, text: str, amount: int, pays: bool) -> None:
    """Gives `amount`; below 0 takes it, where the deed `pays`."""
    if amount > 0:
        give_points(member=member, kind=kind, about=deed, text=text, amount=amount)
    elif amount < 0 and pays:
        spend_points(member=member, kind=kind, about=deed, text=text, amount=-amount)
