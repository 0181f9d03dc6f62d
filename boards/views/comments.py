"""Writing, editing and deleting a comment."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Refused
from boards.actions.comments import delete_comment as do_delete_comment
from boards.actions.comments import edit_comment as do_edit_comment
from boards.actions.comments import write_comment as do_write_comment
from boards.forms import CommentForm
from boards.models import Comment, Post
from boards.permissions import REFUSED_CLOSED, REFUSED_DELETE, REFUSED_EDIT, access
from boards.views.keeping import keep_text, kept_text
from boards.views.posts import (
    find_post,
    post_context,
    require_read,
    show_form,
    within_limit,
)


@require_POST
def write_comment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A comment on the post, or a reply to the comment named by `parent`."""
    post = find_post(slug, number)
    can = access(request.user, post.board)
    if not can.comment:
        keep_text(request, shown_at=post.get_absolute_url())
    require_read(can, post)
    can.require("comment", back=post.get_absolute_url())
    if not can.may_comment(post):
        raise Refused(REFUSED_CLOSED, back=post.get_absolute_url())
    parent = _parent(request, post)
    form = CommentForm(request.POST)
    if not form.is_valid() or not within_limit(request, form):
        reply_to = str(parent.pk) if parent else ""
        context = post_context(request, can, post, comment_form=form, reply_to=reply_to)
        return show_form(request, "boards/read_post.html", context, form)
    comment = do_write_comment(
        author=request.user,
        post=post,
        text=form.cleaned_data["text"],
        parent=parent,
        submission=form.cleaned_data["submission"],
    )
    return redirect(comment)


@require_http_methods(["GET", "POST"])
def edit_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    comment = find_comment(slug, number, pk)
    can = access(request.user, comment.post.board)
    if not (can.may_read(comment.post) and can.may_edit(comment)):
        keep_text(request)
        raise Refused(REFUSED_EDIT)
    form = CommentForm(request.POST or None, initial={"text": comment.text} | kept_text(request))
    if request.method == "POST" and form.is_valid() and within_limit(request, form):
        do_edit_comment(comment=comment, text=form.cleaned_data["text"])
        return redirect(comment)
    context = {"form": form, "comment": comment, "post": comment.post, "board": comment.post.board}
    return show_form(request, "boards/edit_comment.html", context, form)


@require_http_methods(["GET", "POST"])
def delete_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Asks, then takes the comment away."""
    comment = find_comment(slug, number, pk)
    can = access(request.user, comment.post.board)
    if not (can.may_read(comment.post) and can.may_delete(comment)):
        raise Refused(REFUSED_DELETE)
    if request.method == "POST":
        do_delete_comment(comment=comment, by=request.user)
        messages.success(request, _("댓글을 지웠습니다."))
        return redirect(f"{comment.post.get_absolute_url()}?comment={comment.pk}#comments")
    context = {"comment": comment, "post": comment.post, "board": comment.post.board}
    return render(request, "boards/delete_comment.html", context)


def find_comment(slug: str, number: int, pk: int) -> Comment:
    """The published comment `pk` of the published post at that address, or 404."""
    post = find_post(slug, number)
    comment = Comment.objects.published().select_related("author").filter(post=post, pk=pk).first()
    if comment is None:
        raise Http404(_("댓글이 존재하지 않습니다. 댓글이 삭제된 경우입니다."))
    comment.post = post
    return comment


def _parent(request: HttpRequest, post: Post) -> Comment | None:
    """The published comment of this post that the form answers; 404 for any other."""
    asked = request.POST.get("parent", "")
    if not asked:
        return None
    parent = None
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        parent = Comment.objects.published().filter(post=post, pk=int(asked)).first()
    if parent is None:
        raise Http404(_("답변할 댓글이 없습니다. 댓글이 삭제된 경우입니다."))
    return parent
