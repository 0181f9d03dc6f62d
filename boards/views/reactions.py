"""추천 and 비추천."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input
from django.views.decorators.http import require_POST

from accounts.models import Member
from accounts.permissions import Refused
from boards.actions.reactions import COUNTS
from boards.actions.reactions import unvote_comment as do_unvote_comment
from boards.actions.reactions import unvote_post as do_unvote_post
from boards.actions.reactions import vote_comment as do_vote_comment
from boards.actions.reactions import vote_post as do_vote_post
from boards.models import Comment, Post, Vote
from boards.permissions import Access
from boards.queries.comments import NEWEST
from boards.queries.votes import vote_rows
from boards.refusals import REFUSED_VOTE
from boards.views.finding import readable_comment, readable_post
from boardsite.inplace import answer
from boardsite.jinja import draw, macro
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
    return answer(request, f"{post.get_absolute_url()}#vote", _show_post_votes, can, post, value)


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
    address = f"{comment.post.get_absolute_url()}?{query}#{comment.anchor}"
    return answer(request, address, _show_comment_votes, can, comment, value)


def _show_post_votes(request: HttpRequest, can: Access, post: Post, own: Vote | None) -> str:
    post.refresh_from_db(fields=COUNTS.values())
    return draw(
        "boards/_votes.jinja",
        post=post,
        board=post.board,
        votes=vote_rows(post, can.votes_on(), own),
        may_vote=True,
        csrf_input=csrf_input(request),
    )


def _show_comment_votes(
    request: HttpRequest, can: Access, comment: Comment, own: Vote | None
) -> str:
    comment.refresh_from_db(fields=COUNTS.values())
    votes = vote_rows(comment, can.votes_on(comment), own)
    return macro("boards/_comment_votes.jinja", "comment_votes")(comment.pk, votes, request.path)


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
