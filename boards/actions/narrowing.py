"""Deletes notifications when fewer people may read a board, or a member may read less."""

import re
from collections.abc import Sequence

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts.actions.notifications import forget_these
from accounts.models import Member, Notification
from boards.actions.about import about
from boards.actions.watching import accesses
from boards.models import Board, Post
from boards.permissions import Access, access

_NAMED = re.compile(r"(post|board):(\d{1,18})")  # the format of about.about
CHUNK = 500  # notifications deleted, and their members locked, at a time

READERS = {"group", "audience", "list_level", "read_level", "moderators"}
"""What of a Board decides who reads it."""
GROUP_READERS = {"is_private", "members", "moderators"}
"""And of its group."""


def forget_unreadable(board_pk: int) -> None:
    """Deletes notifications about posts in a board whose members may no longer read them.

    To be called after the commit (commits.after_commit), because it runs in small transactions.
    """
    board = Board.objects.select_related("group").get(pk=board_pk)
    # The format of about.about. One condition per column, so that each uses its index.
    names = Post.objects.filter(board=board).values_list(
        Concat(Value("post:"), Cast("pk", CharField())), flat=True
    )
    found = Notification.objects.order_by().values_list("member", "pk", "kind")
    told = {
        *found.filter(about__in=names),
        *found.filter(part__in=names),
        *found.filter(about=about(board)),
    }
    access_of = {can.visitor.pk: can for can in accesses({row[0] for row in told}, board)}
    gone = [
        pk for member, pk, kind in sorted(told) if not _still_reads(access_of.get(member), kind)
    ]
    for start in range(0, len(gone), CHUNK):
        forget_these(gone[start : start + CHUNK])


def _still_reads(can: Access | None, kind: str) -> bool:
    """Whether a notification of that kind about a post of the board stays. Those about inquiries are
    for moderators, except the answers to one's own."""
    if can is None or (can.board.is_inquiry and kind != Notification.Kind.ANSWER):
        return can is not None and can.moderate
    return can.read


def unreadable_by(member: Member, told: Sequence[Notification]) -> set[int]:
    """The ids of those notifications about a post or a board that `member` may no longer read.

    Two queries, and those of `access`. Notifications such as 쪽지 refer to no post. Notifications
    about purged posts were deleted before.
    """
    named = {each.pk: set(_NAMED.findall(f"{each.about} {each.part}")) for each in told}
    things = set().union(*named.values())
    posts = Post.objects.filter(pk__in=[pk for kind, pk in things if kind == "post"])
    boards = Board.objects.filter(pk__in=[pk for kind, pk in things if kind == "board"])
    closed = {
        ("post", str(post.pk))
        for post in posts.select_related("board__group")
        if not access(member, post.board).may_read(post)
    }
    closed |= {
        ("board", str(board.pk))
        for board in boards.select_related("group")
        if not access(member, board).read
    }
    return {pk for pk, things in named.items() if things & closed}
