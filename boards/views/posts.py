"""Reading, writing, editing and deleting a post."""

import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Refused
from boards import richtext
from boards.actions.posts import delete_post as do_delete_post
from boards.actions.posts import edit_post as do_edit_post
from boards.actions.posts import write_post as do_write_post
from boards.actions.reading import count_view
from boards.comment_pages import comment_page
from boards.forms import CommentForm, ModerationForm, PostForm
from boards.models import OldAddress, Post
from boards.permissions import (
    REFUSALS,
    REFUSED_DELETE,
    REFUSED_EDIT,
    REFUSED_SECRET,
    Access,
    access,
)
from boards.queries import board_list, neighbours, own_marks
from boards.rows import full_date, post_row
from boards.views.boards import find_board
from boards.views.keeping import keep_text, kept_text
from boardsite.context import site_settings
from boardsite.pagination import Pages, page_number
from boardsite.ratelimit import TooMany, hit_or_refuse
from boardsite.visitors import is_person, today, visitor_key


@require_safe
def read_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The page that everything started from."""
    post = find_post(slug, number)
    if (post.board.slug, post.number) != (slug, number):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(post.get_absolute_url() + query, permanent=True)
    can = access(request.user, post.board)
    require_read(can, post)
    if is_person(request) and not can.wrote(post):
        if count_view(post=post, visitor=visitor_key(request), day=today()):
            post.view_count += 1
    kept = kept_text(request)
    context = post_context(
        request,
        can,
        post,
        comment_form=new_comment_form(kept),
        reply_to=kept.get("parent") or request.GET.get("reply", ""),
    )
    return render(request, "boards/read_post.html", context)


def post_context(
    request: HttpRequest,
    can: Access,
    post: Post,
    comment_form: CommentForm,
    reply_to: str,
) -> dict:
    """Everything that the page of a post shows; also when a comment in it must be corrected.

    `reply_to` is the id of the comment under which the form stands, as text. It decides which
    page of comments is shown; else `?comment=` does, or `?comments=`, a number.
    """
    attachments = list(post.attachments.all())
    size = site_settings(request).page_size
    around = board_list(can, size=size, around=post)
    older, newer = neighbours(post)
    comments = comment_page(
        can,
        post,
        number=page_number(request, "comments"),
        order=request.GET.get("order", ""),
        around=reply_to or request.GET.get("comment", ""),
        reply_to=reply_to,
    )
    return {
        "board": post.board,
        "can": can,
        "post": post,
        "canonical": settings.SITE_URL + post.get_absolute_url(),
        "date": full_date(post.created_at),
        "time": timezone.localtime(post.created_at).isoformat(timespec="minutes"),
        "edited": full_date(post.edited_at) if post.edited_at else "",
        "pictures": [a for a in attachments if a.is_picture and not a.is_inline],
        "files": [a for a in attachments if not a.is_picture],
        "links": post.links.all() if post.link_count else [],
        "comments": comments,
        "comment_form": comment_form,
        "reply_to": any(row.is_replied for row in comments.rows),
        "may_edit": can.may_edit(post),
        "may_comment": can.may_comment(post),
        "manage_post": ModerationForm(can=can) if can.may_moderate(post) else None,
        "may_like": can.may_like(post),
        "may_scrap": can.may_scrap(post),
        "may_report": can.may_report(post),
        **own_marks(request.user, post),
        "older": post_row(older, post.board, can) if older else None,
        "newer": post_row(newer, post.board, can) if newer else None,
        "posts": around,
        "pages": Pages(around.page, around.total, size, post.board.get_absolute_url(), {}),
        "description": "" if post.is_secret else richtext.excerpt(post.body.html, 150),
    }


@require_http_methods(["GET", "POST"])
def write_post(request: HttpRequest, slug: str) -> HttpResponse:
    board = find_board(slug)
    can = access(request.user, board)
    if not can.write:
        keep_text(request)  # the session may have run out while the person wrote
        raise Refused(REFUSALS["write"])
    if request.method == "POST":
        form = PostForm(request.POST, request.FILES, can=can)
        if form.is_valid() and within_limit(request, form):
            post = do_write_post(
                author=request.user,
                board=board,
                submission=form.cleaned_data["submission"],
                **form.deed(),
            )
            return redirect(post)
    else:
        form = PostForm(initial=_fresh(kept_text(request)), can=can)
    return _write_page(request, form, can)


@require_http_methods(["GET", "POST"])
def edit_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    post = find_post(slug, number)
    can = access(request.user, post.board)
    if not can.may_edit(post):
        keep_text(request)
        raise Refused(REFUSED_EDIT)
    if request.method == "POST":
        form = PostForm(request.POST, request.FILES, can=can, post=post)
        if form.is_valid() and within_limit(request, form):
            removed = form.cleaned_data["removed_files"]
            do_edit_post(post=post, by=request.user, removed_files=removed, **form.deed())
            return redirect(post)
    else:
        form = PostForm(initial=_as_written(post) | kept_text(request), can=can, post=post)
    return _write_page(request, form, can)


@require_http_methods(["GET", "POST"])
def delete_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Asks, then puts the post into the bin."""
    post = find_post(slug, number)
    can = access(request.user, post.board)
    if not can.may_delete(post):
        raise Refused(REFUSED_DELETE)
    if request.method == "POST":
        do_delete_post(post=post, by=request.user)
        messages.success(request, _("글을 지웠습니다."))
        return redirect(post.board)
    return render(request, "boards/delete_post.html", {"post": post, "board": post.board})


def find_post(slug: str, number: int) -> Post:
    """The published post that is, or was before it moved, at an address; else 404.

    Its board, author, category and body are joined.
    """
    posts = Post.objects.published().select_related(
        "board__group", "author", "category", "body", "cover"
    )
    post = posts.filter(board__slug=slug, number=number).first()
    if post is not None:
        return post
    find_board(slug)
    old = OldAddress.objects.filter(board__slug=slug, number=number)
    post = posts.filter(pk__in=old.values("post")).first()
    if post is not None:
        return post
    raise Http404(_("글이 존재하지 않습니다. 글이 삭제되었거나 이동된 경우입니다."))


def require_read(can: Access, post: Post) -> None:
    """Raises Refused with the sentence that fits, unless the visitor may read `post`."""
    back = post.get_absolute_url()
    can.require("list", back=back)
    can.require("read", back=back)
    if not can.may_read(post):
        raise Refused(REFUSED_SECRET, back=back)


def new_comment_form(kept: dict) -> CommentForm:
    """An empty comment form, or one with the text that a lost session left behind."""
    return CommentForm(initial={"submission": uuid.uuid4()} | kept)


def within_limit(request: HttpRequest, form: forms.Form) -> bool:
    """Counts a valid form of this member; past the limit the form says how long to wait.

    Posts, comments and their edits count together: 40 in ten minutes.
    """
    try:
        hit_or_refuse(f"write:{request.user.pk}", limit=40, seconds=600)
    except TooMany as refusal:
        form.add_error(None, refusal.message)
        form.retry_after = refusal.retry_after
        return False
    return True


def show_form(request: HttpRequest, template: str, context: dict, form: forms.Form) -> HttpResponse:
    """A page with a form: 422 when there is something to correct, 429 when it came too soon."""
    response = render(request, template, context)
    if form.errors:
        response.status_code = 422
    if hasattr(form, "retry_after"):
        response.status_code = 429
        response.headers["Retry-After"] = str(form.retry_after)
    return response


def _fresh(kept: dict) -> dict:
    return {"format": "text", "submission": uuid.uuid4()} | kept


def _as_written(post: Post) -> dict:
    links = [link.url for link in post.links.all()] + ["", ""]
    return {
        "category": post.category,
        "subject": post.subject,
        "source": post.body.source,
        "format": post.body.format,
        "is_secret": post.is_secret,
        "is_notice": post.is_notice,
        "link1": links[0],
        "link2": links[1],
    }


def _write_page(request: HttpRequest, form: PostForm, can: Access) -> HttpResponse:
    attached = []
    if form.post is not None:
        attached = [a for a in form.post.attachments.all() if not a.is_inline]
    context = {
        "form": form,
        "static_url": settings.STATIC_URL,
        "upload_limit": settings.UPLOAD_LIMIT,
        "board": can.board,
        "can": can,
        "post": form.post,
        "attached": attached,
        "removed": [file.pk for file in form.cleaned_data.get("removed_files") or []]
        if form.is_bound
        else [],
        "may_attach": "files" in form.fields,
    }
    return show_form(request, "boards/write_post.html", context, form)
