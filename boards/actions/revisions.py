"""What a post said before it was edited."""

from accounts.models import Member
from boards.models import Post, PostRevision

REVISIONS_KEPT = 50  # of one post; the oldest go


def keep_revision(
    post: Post, *, by: Member | None, subject: str, source: str, format: str
) -> PostRevision | None:
    """Keeps what `post` says now, before `by` changes it into `subject` and `source`.

    None when these are what it says already. Inside the deed's transaction, the post locked.
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
