"""포인트 for writing and for likes. Called where counters change, so that no action forgets them.

If a board's setting for an action is below 0, the author pays once, and does not get the points
back. Comments on a post that is hidden or deleted keep their points until it is purged, because
others wrote them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from django.utils.translation import gettext as _

from accounts.actions.points import Kind, give_points, spend_points, take_back, take_back_all
from accounts.models import Member
from accounts.queries.points import are_on
from boards.actions.about import about
from boards.models import Attachment, Comment, Post

Move = Callable[[], object]


def moves_of_post(post: Post, was_published: bool, is_published: bool, is_new: bool) -> list[Move]:
    """The changes to the author's points, to be applied once the author's row is locked."""
    if post.author_id is None or was_published == is_published:
        return []
    if not is_published:
        return [partial(take_back, member=post.author_id, kind=Kind.WRITE, about=about(post))]
    return [partial(_post_written, post, is_new)]


def by_author(moves: Iterable[tuple[int | None, Iterable[Move]]]) -> dict[int, list[Move]]:
    """All changes by the id of the author."""
    found: dict[int, list[Move]] = defaultdict(list)
    for author, some in moves:
        found[author or 0] += some
    return found


def comments_purged(authors: Iterable[int], comments: Iterable[int]) -> None:
    """Takes back the points of comments (ids) that are about to be purged."""
    abouts = [f"comment:{pk}" for pk in comments]
    take_back_all(members=authors, kind=Kind.COMMENT, abouts=abouts)


def liking_moved(written: Post | Comment, by: Member, sign: int) -> None:
    """`by` has added (+1) or withdrawn (-1) a like. The author never pays for a like."""
    if written.author_id is None:
        return
    key = f"{about(written)}:{by.pk}"
    if sign < 0:
        take_back(member=written.author_id, kind=Kind.LIKED, about=key)
    elif are_on() and written.author:
        post = written.post if isinstance(written, Comment) else written
        text = _("%(board)s %(number)d 추천받음") % where(post)
        earn(written.author, Kind.LIKED, key, text, post.board.liked_points, False)


def post_read(*, post: Post, member: Member) -> None:
    """Gives the points of a board for reading, once per post. For the price see `pay_post`."""
    text = _("%(board)s %(number)d 글읽기") % where(post)
    earn(member, Kind.READ, about(post), text, post.board.read_points, False)


def pay_post(*, post: Post, member: Member) -> None:
    """Pays for reading a post, once and for all. Raises NotEnoughPoints."""
    text = _("%(board)s %(number)d 글읽기") % where(post)
    earn(member, Kind.READ, about(post), text, post.board.read_points, True)


def file_downloaded(*, file: Attachment, member: Member) -> None:
    """As post_read, for downloading a file."""
    _file_fetched(file, member, pays=False)


def pay_file(*, file: Attachment, member: Member) -> None:
    """As pay_post, for a file."""
    _file_fetched(file, member, pays=True)


def _file_fetched(file: Attachment, member: Member, *, pays: bool) -> None:
    post = file.post
    if post is not None:  # a file that belongs to no post yet is its uploader's
        text = _("%(board)s %(number)d 파일 내려받기") % where(post)
        earn(member, Kind.DOWNLOAD, about(file), text, post.board.download_points, pays)


def _post_written(post: Post, is_new: bool) -> None:
    if not are_on() or post.author is None:
        return
    board = post.board
    if post.depth:
        amount, text = board.comment_points, _("%(board)s %(number)d 글답변")
    else:
        amount, text = board.write_points, _("%(board)s %(number)d 글쓰기")
    earn(post.author, Kind.WRITE, about(post), text % where(post), amount, is_new)


def where(post: Post) -> dict:
    return {"board": post.board.name, "number": post.number}


def earn(member: Member, kind: str, key: str, text: str, amount: int, pays: bool) -> None:
    """Gives `amount`. If it is below 0, the member pays it, but only if `pays`."""
    if amount > 0:
        give_points(member=member, kind=kind, about=key, text=text, amount=amount)
    elif amount < 0 and pays:
        spend_points(member=member, kind=kind, about=key, text=text, amount=-amount)
