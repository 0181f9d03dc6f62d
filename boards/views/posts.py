"""Reading, writing, editing and deleting a post."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Refused
from boards.actions.earning import post_read
from boards.actions.notifying import read_post_notifications
from boards.actions.polls import PollStarted
from boards.actions.posts import ChangedMeanwhile
from boards.actions.posts import delete_post as do_delete_post
from boards.actions.posts import edit_post as do_edit_post
from boards.actions.posts import write_post as do_write_post
from boards.forms import PostForm
from boards.models import Post
from boards.permissions import Access, access
from boards.reading_spool import take_mark
from boards.views.drafting import elsewhere, opened_draft, save_draft_from_form
from boards.views.finding import find_board, find_post, require_read
from boards.views.gates import show_gate, to_gate
from boards.views.guests import keep_members_text, known_name, member_of, visitor_of
from boards.views.keeping import keep_text, kept_text
from boards.views.prices import ask_price
from boards.views.showing import new_comment_form, page_of
from boards.views.unlocking import unlock
from boards.views.write_page import fresh_initial, write_page
from boards.views.writing import may_edit_now, publish
from boardsite.caching import page_cache
from boardsite.caching.page_cache import placeholder
from boardsite.caching.versions import part_of
from boardsite.databases.optional_writes import write_if_free
from boardsite.inplace import asks_in_place
from boardsite.limits.attempts import counts_attempts
from boardsite.visitors.identity import is_person

# Seconds that a post is cached; only the views in the metadata become stale.
POST_SECONDS = 60.0


@require_safe
@vary_on_headers("User-Agent")
def read_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The page of a post."""
    post = find_post(slug, number, request.user, and_withheld=True)
    can = access(visitor_of(request), post.board)
    if (post.board.slug, post.number) != (slug, number):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(post.get_absolute_url() + query, permanent=True)
    if not post.is_published:
        return show_withheld_post(request, can, post)
    if can.may_unlock(post) and not can.may_read(post):
        return show_gate(request, post, status=403)
    require_read(can, post, is_paid=False)
    if cost := can.must_pay(post):
        return ask_price(request, post, cost)
    parameters = ("comments", "order", "comment")
    page_cache.cache_page(
        request,
        scope=post.board_id,
        part=part_of(post.pk),
        query=parameters,
        seconds=POST_SECONDS,
    )
    if can.wrote(post):
        views = f"{post.view_count:,}"
    else:
        views = placeholder(request, "view_count", post.pk)
        if request.user.is_authenticated and post.board.read_points > 0 and is_person(request):
            write_if_free(partial(post_read, post=post, member=request.user))
    if request.user.is_authenticated and request.method == "GET":
        read_post_notifications(post, request.user)
    kept = kept_text(request)
    page = page_of(
        request,
        can,
        post,
        comment_form=new_comment_form(request, can, post, kept),
        reply_to=str(kept.get("parent") or request.GET.get("reply", "")),
        views=views,
    )
    if request.user.is_authenticated and (is_person(request) or asks_in_place(request)):
        newest = page.comments.newest
        if page.seen is None or page.seen < newest:
            take_mark(member=request.user.pk, post=post.pk, comment=newest)
    return render(request, "boards/read_post.jinja", {**vars(page)})


def show_withheld_post(request: HttpRequest, can: Access, post: Post) -> HttpResponse:
    """The page of a hidden or deleted post, for those of Access.may_see_withheld.

    Never counted as a view, marked as read or cached.
    """
    if request.user.is_authenticated and request.method == "GET":
        read_post_notifications(post, request.user)
    page = page_of(request, can, post)
    response = render(request, "boards/read_post.jinja", {**vars(page)})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@counts_attempts
def write_post(request: HttpRequest, slug: str) -> HttpResponse:
    board = find_board(slug)
    can = access(request.user, board)
    if moved := elsewhere(request, may_write=can.write):
        return moved
    if not can.write:
        keep_text(request)  # the session may have expired while they wrote
        raise Refused(can.refusal("write"))
    if request.method == "POST":
        keep_members_text(request)
        form = PostForm(request.POST, request.FILES, can=can)
        if "draft" in request.POST:
            return save_draft_from_form(request, form) or write_page(request, form, can)
        if form.is_valid() and (post := publish(request, form, can, do_write_post, board=board)):
            if board.is_inquiry and form.guest is not None:
                unlock(request, post)
            return redirect(post)
    else:
        begun = kept_text(request) or opened_draft(request)
        form = PostForm(initial=known_name(request) | fresh_initial(begun, can), can=can)
    return write_page(request, form, can)


@require_http_methods(["GET", "POST"])
@counts_attempts
def edit_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    post = find_post(slug, number, request.user)
    can = access(visitor_of(request), post.board)
    if not can.may_edit(post):
        if moved := elsewhere(request):
            return moved
        keep_text(request)
        if can.may_unlock(post):
            return to_gate(post, "edit")
        raise Refused(can.refusal_to_change(post, "edit"))
    if request.method == "POST":
        form = PostForm(request.POST, request.FILES, can=can, post=post)
        if "draft" in request.POST:
            return save_draft_from_form(request, form) or write_page(request, form, can)
        if form.is_valid() and may_edit_now(request, form, can):
            try:
                do_edit_post(
                    post=post,
                    by=member_of(request),
                    removed_files=form.cleaned_data["removed_files"],
                    submission=form.cleaned_data["submission"],
                    seen=form.cleaned_data["edited_at"],
                    **form.arguments(),
                )
                return redirect(post)
            except ChangedMeanwhile as meanwhile:
                form.say_changed(meanwhile.post)
            except PollStarted:
                form.say_poll_started()
    else:
        kept = kept_text(request, for_guest=True)
        written = opened_draft(request, post) or PostForm.written(post)
        form = PostForm(initial=written | kept, can=can, post=post)
    return write_page(request, form, can)


@require_http_methods(["GET", "POST"])
def delete_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """GET asks for confirmation, POST moves the post to the bin."""
    post = find_post(slug, number, request.user)
    can = access(visitor_of(request), post.board)
    if not can.may_delete(post):
        if can.may_unlock(post):
            return to_gate(post, "delete")
        raise Refused(can.refusal_to_change(post, "delete"))
    if request.method == "POST":
        do_delete_post(post=post, by=request.user)
        messages.success(request, _("글을 지웠습니다."))
        return redirect(post.board)
    return render(request, "boards/delete_post.jinja", {"post": post, "board": post.board})
