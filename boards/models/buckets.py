"""Counters of listed posts per range of threads, from which pages and totals are computed."""

from django.db import models

from boards.models.boards import Board

BUCKET_SIZE = 1024  # threads of a board that share one counter


class PostBucket(models.Model):
    """The number of listed posts whose thread is in [bucket·1024, (bucket+1)·1024).

    `category_id` 0 counts the whole board. Totals, page numbers and the way to a distant page come
    from these rows, never from COUNT or OFFSET over the posts (docs/decisions/0003).
    """

    board = models.ForeignKey(Board, models.CASCADE, related_name="buckets")
    category_id = models.BigIntegerField(default=0)
    bucket = models.IntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "category_id", "bucket"], name="bucket_board_category_bucket"
            )
        ]
