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
from boards.permissions import Access, access
from boards.refusals import REFUSED_CLOSED, REFUSED_DELETE, REFUSED_EDIT, REFUSED_SECRET_COMMENT
from boards.views.guests import (
    keep_members_text,
    to_gate,
    visitor_of,
)
from boards.views.keeping import keep_text, kept_text
from boards.views.posts import find_post, post_context, require_read
from boards.views.writing import may_edit_now, publish
from boardsite.forms import show_form


@require_POST
def write_comment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A comment on the post, or a reply to the comment named by `parent`."""
    post = find_post(slug, number)
    can = access(visitor_of(request), post.board)
    if can.comment:
        keep_members_text(request, shown_at=post.get_absolute_url())
    else:
        keep_text(request, shown_at=post.get_absolute_url())
    require_read(can, post)
    can.require("comment", back=post.get_absolute_url())
    if not can.may_comment(post):
        raise Refused(REFUSED_CLOSED, back=post.get_absolute_url())
    parent = _parent(request, can, post)
    secrets = post.board.secret_comments
    form = CommentForm(request.POST, is_guest=not request.user.is_authenticated, secrets=secrets)
    comment = None
    if form.is_valid():
        comment = publish(request, form, can, do_write_comment, post=post, parent=parent)
    if comment is None:
        reply_to = str(parent.pk) if parent else ""
        context = post_context(request, can, post, comment_form=form, reply_to=reply_to)
        return show_form(request, "boards/read_post.html", context, form)
    return redirect(comment)


@require_http_methods(["GET", "POST"])
def edit_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    comment = find_comment(slug, number, pk)
    can = access(visitor_of(request), comment.post.board)
    if not (can.may_read(comment.post) and can.may_edit(comment)):
        keep_text(request)
        if can.may_read(comment.post) and can.may_unlock(comment):
            return to_gate(comment, "edit")
        raise Refused(REFUSED_EDIT)
    kept = kept_text(request, for_guest=True)
    written = {"text": comment.text, "is_secret": comment.is_secret}
    secrets = comment.post.board.secret_comments
    form = CommentForm(request.POST or None, initial=written | kept, secrets=secrets)
    if request.method == "POST" and form.is_valid() and may_edit_now(request, form, can):
        is_secret = form.cleaned_data.get("is_secret")
        do_edit_comment(comment=comment, text=form.cleaned_data["text"], is_secret=is_secret)
        return redirect(comment)
    context = {"form": form, "comment": comment, "post": comment.post, "board": comment.post.board}
    return show_form(request, "boards/edit_comment.html", context, form)


@require_http_methods(["GET", "POST"])
def delete_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Asks, then takes the comment away."""
    comment = find_comment(slug, number, pk)
    can = access(visitor_of(request), comment.post.board)
    if not (can.may_read(comment.post) and can.may_delete(comment)):
        if can.may_read(comment.post) and can.may_unlock(comment):
            return to_gate(comment, "delete")
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
    comments = Comment.objects.published().select_related("author", "guest_password")
    comment = comments.filter(post=post, pk=pk).first()
    if comment is None:
        raise Http404(_("댓글이 존재하지 않습니다. 댓글이 삭제된 경우입니다."))
    comment.post = post
    return comment


def _parent(request: HttpRequest, can: Access, post: Post) -> Comment | None:
    """The published comment of this post that the form answers; 404 for any other. Raises Refused
    for a secret that the visitor may not read."""
    asked = request.POST.get("parent", "")
    if not asked:
        return None
    parent = None
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        comments = Comment.objects.published().select_related("author")
        parent = comments.filter(post=post, pk=int(asked)).first()
    if parent is None:
        raise Http404(_("답변할 댓글이 없습니다. 댓글이 삭제된 경우입니다."))
    parent.post = post
    if not can.may_read_comment(parent):
        raise Refused(REFUSED_SECRET_COMMENT, back=post.get_absolute_url())
    return parent
