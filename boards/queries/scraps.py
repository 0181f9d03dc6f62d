"""A member's scraps, for the member's list."""

from dataclasses import dataclass

from accounts.models import Member
from boards.models import Board, Post, Scrap
from boards.permissions import access
from boards.rows import PostRow, for_rows, post_row
from boardsite.dates import full_date, machine_date


@dataclass(frozen=True)
class ScrapRow:
    """A scrap and its post; None if the member may not read the post any more.

    Then `edit_url` is "" too, because it would reveal the address of the post.
    """

    pk: int
    note: str
    date: str
    time: str
    post: PostRow | None

    @property
    def edit_url(self) -> str:
        return f"{self.post.url}scrap/" if self.post else ""


def scrap_rows(member: Member, start: int, size: int) -> list[ScrapRow]:
    """The `size` scraps of `member` from `start` on, newest first; three queries."""
    scraps = list(Scrap.objects.filter(member=member).order_by("-id")[start : start + size])
    visible = Post.objects.visible_to(member).filter(pk__in=[scrap.post_id for scrap in scraps])
    posts = {post.pk: post for post in for_rows(visible)}
    board_ids = {post.board_id for post in posts.values()}
    boards = Board.objects.select_related("group").in_bulk(board_ids)

    def row_of(post: Post | None) -> PostRow | None:
        if post is None:
            return None
        board = boards[post.board_id]
        return post_row(post, board, access(member, board)).unfolded()

    return [
        ScrapRow(
            pk=scrap.pk,
            note=scrap.note,
            date=full_date(scrap.created_at),
            time=machine_date(scrap.created_at),
            post=row_of(posts.get(scrap.post_id)),
        )
        for scrap in scraps
    ]
