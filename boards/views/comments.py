"""Writing, editing and deleting a comment."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Refused
from boards.actions.comments import edit_comment as do_edit_comment
from boards.actions.comments import write_comment as do_write_comment
from boards.actions.withholding_comments import delete_comment as do_delete_comment
from boards.forms import CommentForm
from boards.forms.rules import length_hint
from boards.models import Comment, Post
from boards.permissions import Access
from boards.refusals import REFUSED_CLOSED, REFUSED_DELETE, REFUSED_SECRET_COMMENT
from boards.views.finding import readable_comment, readable_post
from boards.views.gates import to_gate
from boards.views.guests import keep_members_text
from boards.views.inquiries import form_with_canned_answer
from boards.views.keeping import keep_text, keeps_text, kept_text
from boards.views.showing import show_comment_form, show_comments
from boards.views.writing import may_edit_now, publish
from boardsite.forms import show_form
from boardsite.inplace import answer
from boardsite.limits.attempts import counts_attempts
from boardsite.text import id_in


@require_POST
@counts_attempts
def write_comment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A comment on the post, or a reply to the comment `parent`."""
    keep_members_text(request, shown_at=reverse("read_post", args=[slug, number]))
    post, can = readable_post(request, slug, number)
    can.require("comment", back=post.get_absolute_url())
    if not can.may_comment(post):
        raise Refused(REFUSED_CLOSED, back=post.get_absolute_url())
    parent = _parent(request, can, post)
    form = CommentForm.new(can, request.POST)
    if "insert" in request.POST and can.moderate and post.board.is_inquiry:
        form = form_with_canned_answer(request, can)  # nothing is published yet
    elif form.is_valid() and (
        comment := publish(request, form, can, do_write_comment, post=post, parent=parent)
    ):
        return answer(request, comment, show_comments, can, post, comment)
    return show_comment_form(request, can, post, form, reply_to=str(parent.pk) if parent else "")


@require_http_methods(["GET", "POST"])
@counts_attempts
@keeps_text
def edit_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    comment, can = readable_comment(request, slug, number, pk, is_paid=False)
    if not can.may_edit(comment):
        if can.may_unlock(comment):
            keep_text(request)
            return to_gate(comment, "edit")
        raise Refused(can.refusal_to_change(comment, "edit"))
    kept = kept_text(request, for_guest=True)
    written = {"text": comment.text, "is_secret": comment.is_secret}
    secrets = comment.post.board.secret_comments
    form = CommentForm(request.POST or None, initial=written | kept, secrets=secrets)
    if request.method == "POST" and form.is_valid() and may_edit_now(request, form, can):
        is_secret = form.cleaned_data.get("is_secret")
        do_edit_comment(comment=comment, text=form.cleaned_data["text"], is_secret=is_secret)
        return answer(request, comment, show_comments, can, comment.post, comment)
    context = {
        "form": form,
        "comment": comment,
        "post": comment.post,
        "board": comment.post.board,
        "length_hint": length_hint(can, is_post=False),
    }
    return show_form(request, "boards/edit_comment.jinja", context, form)


@require_http_methods(["GET", "POST"])
def delete_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """GET asks for confirmation, POST deletes the comment."""
    comment, can = readable_comment(request, slug, number, pk, is_paid=False)
    if not can.may_delete(comment):
        if can.may_unlock(comment):
            return to_gate(comment, "delete")
        raise Refused(REFUSED_DELETE)
    if request.method == "POST":
        do_delete_comment(comment=comment, by=request.user)
        messages.success(request, _("댓글을 지웠습니다."))
        after = f"{comment.post.get_absolute_url()}?comment={comment.pk}#comments"
        return answer(request, after, show_comments, can, comment.post, comment)
    context = {"comment": comment, "post": comment.post, "board": comment.post.board}
    return render(request, "boards/delete_comment.jinja", context)


def _parent(request: HttpRequest, can: Access, post: Post) -> Comment | None:
    """The published comment of this post that the form replies to, if any; 404 for any other.

    Raises Refused for a secret comment that the visitor may not read.
    """
    if not (asked := request.POST.get("parent", "")):
        return None
    comments = Comment.objects.published().select_related("author")
    parent = comments.filter(post=post, pk=id_in(asked)).first()
    if parent is None:
        raise Http404(_("답변할 댓글이 없습니다. 댓글이 삭제된 경우입니다."))
    parent.post = post
    if not can.may_read_comment(parent):
        raise Refused(REFUSED_SECRET_COMMENT, back=post.get_absolute_url())
    return parent
