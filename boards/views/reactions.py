"""추천 and 비추천."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Refused
from boards.actions.reactions import unvote_comment as do_unvote_comment
from boards.actions.reactions import unvote_post as do_unvote_post
from boards.actions.reactions import vote_comment as do_vote_comment
from boards.actions.reactions import vote_post as do_vote_post
from boards.models import Comment, Post, Vote
from boards.permissions import access
from boards.queries.comments import NEWEST
from boards.refusals import REFUSED_VOTE
from boards.views.comments import find_comment
from boards.views.posts import find_post
from boardsite.ratelimit import hit_or_refuse

VOTES = {str(vote.value): vote for vote in Vote}


@require_POST
def vote_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Likes or dislikes the post by `value` (1, -1); takes either back where the form says `undo`."""
    post = find_post(slug, number)
    value = _asked(request, post)
    if value is None:
        do_unvote_post(post=post, member=request.user)
    else:
        do_vote_post(post=post, member=request.user, value=value)
    return redirect(f"{post.get_absolute_url()}#vote")


@require_POST
def vote_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """As vote_post, for a comment; leads back to it, in the order in which it was read."""
    comment = find_comment(slug, number, pk)
    value = _asked(request, comment.post, comment)
    if value is None:
        do_unvote_comment(comment=comment, member=request.user)
    else:
        do_vote_comment(comment=comment, member=request.user, value=value)
    order = {"order": NEWEST} if request.POST.get("order") == NEWEST else {}
    query = urlencode(order | {"comment": comment.pk})
    return redirect(f"{comment.post.get_absolute_url()}?{query}#{comment.anchor}")


def _asked(request: HttpRequest, post: Post, comment: Comment | None = None) -> Vote | None:
    """The vote that the form asks for, None for none any more. Raises Refused, and TooMany."""
    allowed = access(request.user, post.board).may_vote(post, comment)
    value = None if "undo" in request.POST else VOTES.get(request.POST.get("value", ""))
    if not allowed or (value not in allowed and "undo" not in request.POST):
        raise Refused(REFUSED_VOTE, back=(comment or post).get_absolute_url())
    hit_or_refuse(f"vote:{request.user.pk}", limit=200, seconds=600)
    return value
