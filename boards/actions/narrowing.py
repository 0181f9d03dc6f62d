"""What must go once fewer people may read a board than before."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts.actions.notifications import forget_these
from accounts.models import Notification
from boards.actions.telling import about_board
from boards.actions.watching import accesses
from boards.models import Board, Post

CHUNK = 500  # notifications that are deleted, and their members held, at a time

READERS = {"group", "audience", "list_level", "read_level", "moderators"}
"""What of a Board decides who reads it."""
GROUP_READERS = {"is_private", "members", "moderators"}
"""And of its group."""


def forget_unreadable(board_pk: int) -> None:
    """Deletes what members were told of posts in a board that they may not read (any more).

    To be called when that is settled (telling.after_commit): it goes in small transactions.
    """
    board = Board.objects.select_related("group").get(pk=board_pk)
    # As telling.about_post names them; once for each column, so that each search has its index.
    names = Post.objects.filter(board=board).values_list(
        Concat(Value("post:"), Cast("pk", CharField())), flat=True
    )
    found = Notification.objects.order_by().values_list("member", "pk")
    told = {
        *found.filter(about__in=names),
        *found.filter(part__in=names),
        *found.filter(about=about_board(board)),
    }
    readers = {can.visitor.pk for can in accesses({pk for pk, _ in told}, board) if can.read}
    gone = [pk for member, pk in sorted(told) if member not in readers]
    for start in range(0, len(gone), CHUNK):
        forget_these(gone[start : start + CHUNK])
