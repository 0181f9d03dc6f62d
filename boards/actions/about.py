"""Keys under which notifications and the ledger of points refer to boards, posts, comments and
files."""

from boards.models import Attachment, Board, Comment, Post


def about(thing: Board | Post | Comment | Attachment) -> str:
    """For example "post:12". A move does not change it."""
    return f"{thing._meta.model_name}:{thing.pk}"
