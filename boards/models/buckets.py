"""How many posts lie where in a board: what pages and totals are counted by."""

from django.db import models

from boards.models.boards import Board

BUCKET_SIZE = 1024  # threads of one board counted together: paging walks buckets, not rows


class PostBucket(models.Model):
    """How many listed posts belong to a thread in [bucket·1024, (bucket+1)·1024).

    `category_id` 0 counts the whole board. Totals, page numbers and the walk to a far page all come
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
