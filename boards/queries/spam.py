"""What a spam account has written, before it is handled."""

from typing import NamedTuple

from django.db.models import Q

from accounts.models import Member
from boards.models import Comment, Post, Report


class Written(NamedTuple):
    """Published posts and comments, and open reports about them."""

    posts: int
    comments: int
    reports: int


def written_by(member: Member) -> Written:
    """Three queries, each on the index of an author."""
    about = Q(comment=None, post__author=member) | Q(comment__author=member)
    return Written(
        posts=Post.objects.published().filter(author=member).count(),
        comments=Comment.objects.published().filter(author=member).count(),
        reports=Report.objects.open().filter(about).count(),
    )
