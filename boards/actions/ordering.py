"""The order of the questions of an FAQ."""

from collections.abc import Sequence

from django.db import transaction

from boards.models import Board, Post, PostPlace


def order_posts(*, board: Board, order: Sequence[int]) -> None:
    """Gives the posts `order` (ids) of `board` their places. Other posts of the board lose theirs,
    and come last."""
    with transaction.atomic():
        Board.objects.select_for_update(no_key=True).only("pk").get(pk=board.pk)
        there = set(Post.objects.filter(board=board, pk__in=order).values_list("pk", flat=True))
        PostPlace.objects.filter(post__board=board).delete()
        PostPlace.objects.bulk_create(
            PostPlace(post_id=pk, position=position)
            for position, pk in enumerate(dict.fromkeys(order), 1)
            if pk in there
        )
