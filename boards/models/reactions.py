"""추천."""

from django.conf import settings
from django.db import models

from boards.models.posts import Post


class PostVote(models.Model):
    """That a member likes a post: at most one row for the two."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="votes", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="post_vote_post_member")
        ]
