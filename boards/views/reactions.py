"""추천 and 비추천."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import Member
from accounts.permissions import Refused
from boards.actions.reactions import unvote_comment as do_unvote_comment
from boards.actions.reactions import unvote_post as do_unvote_post
from boards.actions.reactions import vote_comment as do_vote_comment
from boards.actions.reactions import vote_post as do_vote_post
from boards.models import Comment, Post, Vote
from boards.permissions import Access
from boards.queries.comments import NEWEST
from boards.refusals import REFUSED_VOTE
from boards.views.finding import readable_comment, readable_post
from boardsite.limits.rate_limit import hit_or_refuse

VOTES = {str(vote.value): vote for vote in Vote}


@require_POST
def vote_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Votes on the post by `value` (1, -1); withdraws the vote if the form contains `undo`."""
    post, can = readable_post(request, slug, number, is_paid=False)
    member, value = _asked(request, can, post)
    if value is None:
        do_unvote_post(post=post, member=member)
    else:
        do_vote_post(post=post, member=member, value=value)
    return redirect(f"{post.get_absolute_url()}#vote")


@require_POST
def vote_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """As vote_post, for a comment; redirects to it in the order in which it was read."""
    comment, can = readable_comment(request, slug, number, pk, is_paid=False)
    member, value = _asked(request, can, comment.post, comment)
    if value is None:
        do_unvote_comment(comment=comment, member=member)
    else:
        do_vote_comment(comment=comment, member=member, value=value)
    order = {"order": NEWEST} if request.POST.get("order") == NEWEST else {}
    query = urlencode(order | {"comment": comment.pk})
    return redirect(f"{comment.post.get_absolute_url()}?{query}#{comment.anchor}")


def _asked(
    request: HttpRequest, can: Access, post: Post, comment: Comment | None = None
) -> tuple[Member, Vote | None]:
    """The vote that the form asks for; None to withdraw it. Raises Refused and TooMany."""
    allowed = can.may_vote(post, comment)
    value = None if "undo" in request.POST else VOTES.get(request.POST.get("value", ""))
    if (
        not request.user.is_authenticated
        or not allowed
        or (value not in allowed and "undo" not in request.POST)
    ):
        raise Refused(REFUSED_VOTE, back=(comment or post).get_absolute_url())
    hit_or_refuse(f"vote:{request.user.pk}", limit=200, seconds=600)
    return request.user, value
