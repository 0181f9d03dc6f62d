"""Builds the page of a post from a request: for reading, or to show a comment form with errors."""

from django.http import HttpRequest
from django.template.backends.utils import csrf_input

from boards import around
from boards.forms import CommentForm, VoteForm
from boards.models import Post
from boards.permissions import Access
from boards.placeholders import draw_poll, guest_fields
from boards.queries.polls import poll_row
from boards.queries.post_page import Asked, PostPage, post_page
from boards.views.boards import list_size
from boardsite.caching import page_cache
from boardsite.caching.page_cache import placeholder
from boardsite.context import site_settings
from boardsite.pagination import page_number
from boardsite.visitors.identity import user_agent
from boardsite.visitors.user_agents import is_robot


def page_of(
    request: HttpRequest,
    can: Access,
    post: Post,
    *,
    comment_form: CommentForm | None = None,
    reply_to: str = "",
    views: str = "",
    vote_form: VoteForm | None = None,
) -> PostPage:
    """As post_page, with the parameters of the address.

    Robots get no list below the post: they find every post in the sitemap, and such pages are
    cheap.
    """
    size = 0 if is_robot(user_agent(request)) else list_size(request, post.board)
    is_cached = page_cache.will_be_cached(request) and not post.board.is_inquiry
    return post_page(
        can,
        post,
        asked=Asked(
            page_number(request, "comments"),
            request.GET.get("order", ""),
            request.GET.get("comment", ""),
        ),
        site_name=site_settings(request).name,
        list_size=size,
        comment_form=comment_form,
        guest_fields=_guest_fields(request, comment_form),
        reply_to=reply_to,
        views=views,
        poll=_poll(request, can, post, vote_form),
        around=around.placeholders(request, post, size) if is_cached else None,
    )


def _poll(request: HttpRequest, can: Access, post: Post, form: VoteForm | None) -> str:
    """The poll as HTML; "" if the post has none. `form` is a vote with errors."""
    if not hasattr(post, "poll"):
        return ""
    if page_cache.will_be_cached(request):
        return placeholder(request, "poll", post.board_id, post.pk)
    return draw_poll(poll_row(can, post), csrf_input=csrf_input(request), form=form)


def _guest_fields(request: HttpRequest, form: CommentForm | None) -> str:
    """The additional fields of a guest, or the captcha of a member, below a post, as HTML."""
    if form is None or not {"guest_name", "captcha_answer"} & form.fields.keys():
        return ""
    return (
        placeholder(request, "guest_fields")
        if page_cache.will_be_cached(request)
        else guest_fields(form)
    )
