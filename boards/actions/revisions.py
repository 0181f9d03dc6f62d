"""The revisions of a post: its content before each edit."""

from accounts.models import Member
from boards.models import Post, PostRevision

REVISIONS_KEPT = 50  # per post; the oldest are deleted


def keep_revision(
    post: Post, *, by: Member | None, subject: str, source: str, format: str
) -> PostRevision | None:
    """Stores the present content of `post` before `by` changes it to `subject` and `source`.

    Returns None if nothing would change. Must run in the action's transaction, with the post
    locked.
    """
    body = post.body
    if (post.subject, body.source, body.format) == (subject, source, format):
        return None
    revision = PostRevision.objects.create(
        post=post, editor=by, subject=post.subject, format=body.format, source=body.source
    )
    revisions = PostRevision.objects.filter(post=post)
    old = revisions.order_by("-pk").values_list("pk", flat=True)[REVISIONS_KEPT:]
    revisions.filter(pk__in=list(old)).delete()
    return revision
