"""Builds the page of a post from a request, or its comments alone: for reading, or to show a comment
form with errors."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from boards import around
from boards.forms import CommentForm, VoteForm
from boards.forms.rules import length_hint
from boards.models import Comment, Post
from boards.permissions import Access
from boards.placeholders import draw_poll, guest_fields
from boards.queries.comments import comment_page
from boards.queries.inquiries import inquiry_of
from boards.queries.marks import own_marks
from boards.queries.polls import poll_row
from boards.queries.post_page import Asked, PostPage, post_page
from boards.views.boards import list_size
from boards.views.guests import known_name
from boardsite.caching import page_cache
from boardsite.caching.page_cache import placeholder
from boardsite.context import site_settings
from boardsite.forms import set_status, show_form
from boardsite.inplace import is_in_place, show_parts
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


def new_comment_form(
    request: HttpRequest, can: Access, post: Post, kept: dict | None = None
) -> CommentForm | None:
    """An empty comment form, or one with the text saved from an expired session; None for visitors
    who may not comment."""
    if not can.may_comment(post):
        return None
    submission = placeholder(request, "submission")
    initial = {"submission": submission} | known_name(request) | (kept or {})
    return CommentForm.new(can, initial=initial)


def show_comment_form(
    request: HttpRequest, can: Access, post: Post, form: CommentForm, *, reply_to: str
) -> HttpResponse:
    """The page of the post, or its comments alone, with a form that could not be published."""
    if is_in_place(request):
        response = show_parts(_comments(request, can, post, form, reply_to=reply_to))
        set_status(response, form)
        return response
    page = page_of(request, can, post, comment_form=form, reply_to=reply_to)
    return show_form(request, "boards/read_post.jinja", {**vars(page)}, form)


def show_comments(request: HttpRequest, can: Access, post: Post, comment: Comment) -> str:
    """The comments of `post` as they are now, as HTML, after `comment` was written or changed; with a
    message, because the page does not move there."""
    comment.refresh_from_db(fields=["state", "edited_at"])
    if comment.is_published:
        is_new = comment.edited_at is None
        said = _("댓글을 등록했습니다.") if is_new else _("댓글을 수정했습니다.")
        messages.success(request, said)
    post.refresh_from_db(fields=["comment_count"])
    form = new_comment_form(request, can, post)
    return _comments(request, can, post, form, around=str(comment.pk))


def _comments(
    request: HttpRequest,
    can: Access,
    post: Post,
    form: CommentForm | None,
    *,
    around: str = "",
    reply_to: str = "",
) -> str:
    """The part of the page of a post that comments change, as HTML."""
    comments = comment_page(
        can,
        post,
        number=page_number(request, "comments"),
        order=request.GET.get("order", ""),
        around=reply_to or around,
        reply_to=reply_to,
        seen=own_marks(can.visitor, post)["seen"],
    )
    context = {
        "board": post.board,
        "can": can,
        "post": post,
        "comments": comments,
        "comment_form": form,
        "guest_fields": _guest_fields(request, form),
        "length_hint": length_hint(can, is_post=False) if form else "",
        "reply_to": any(row.is_replied for row in comments.rows),
        "may_comment": can.may_comment(post),
        "withheld": None,
        "inquiry": inquiry_of(can, post) if post.board.is_inquiry else None,
    }
    return render_to_string("boards/_comments_in_place.jinja", context, request)


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
