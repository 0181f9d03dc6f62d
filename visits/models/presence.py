"""Who is here now."""

from django.db import models


class Presence(models.Model):
    """The last page of a visitor or a robot, for some minutes. Written in one go by each worker.

    `member` is a member's number, `robot` a robot's name; a guest has neither.
    """

    key = models.BigIntegerField(primary_key=True)
    seen_at = models.DateTimeField(db_index=True)
    member = models.BigIntegerField(null=True)
    robot = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=200)
