"""추천."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Refused
from boards.actions.reactions import like_post as do_like_post
from boards.actions.reactions import unlike_post as do_unlike_post
from boards.permissions import REFUSED_LIKE, access
from boards.views.posts import find_post


@require_POST
def like_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Likes the post, or takes the like back where the form says `undo`."""
    post = find_post(slug, number)
    if not access(request.user, post.board).may_like(post):
        raise Refused(REFUSED_LIKE, back=post.get_absolute_url())
    if "undo" in request.POST:
        do_unlike_post(post=post, member=request.user)
    else:
        do_like_post(post=post, member=request.user)
    return redirect(f"{post.get_absolute_url()}#like")
