"""Drafts on the write page: opening one, saving without JavaScript, the list."""

import re
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Refused
from boards.actions.drafts import MOST_DRAFTS, AlreadyPublished
from boards.actions.drafts import save_draft as do_save_draft
from boards.forms import PostForm
from boards.models import Draft, Post
from boards.queries.drafts import (
    TooLong,
    draft_row,
    draft_rows,
    initial_of,
    parent_id_of,
    version_of,
    words_of,
)
from boards.refusals import REFUSED_DRAFT
from boardsite.limits.rate_limit import hit_or_refuse

TOO_LONG = gettext_lazy("글이 너무 길어 임시 저장하지 못했습니다. 나누어 써 주세요.")
PUBLISHED = gettext_lazy("이미 등록한 글입니다.")
DROPPED = gettext_lazy("임시 저장 글은 %(limit)d개까지입니다. 가장 오래된 것을 지웠습니다.")


def opened_draft(
    request: HttpRequest, post: Post | None = None, reply_to: Post | None = None
) -> dict:
    """The form values of the draft `?draft=`; {} without it, 404 for a draft of another member.

    A new post can start from any of the member's drafts, an edit of `post` from a draft of that
    post. A form that starts from a draft of something else gets a draft of its own.
    """
    asked = request.GET.get("draft", "")
    if not asked:
        return {}
    draft = own_draft(request, asked)
    if post is not None and draft.post_id != post.pk:
        raise Http404(_("임시 저장 글이 없습니다."))
    if post is not None and draft.fields.get("edited_at", [""])[0] != version_of(post):
        messages.warning(
            request,
            _(
                "임시 저장한 뒤에 이 글이 고쳐졌습니다. 작성완료를 누르기 전에 지금의 글을 확인해 주세요."
            ),
        )
    is_new = post is None and draft.post_id is not None
    if reply_to is not None:
        is_new = is_new or parent_id_of(draft) != str(reply_to.pk)
    return initial_of(draft, is_new=is_new)


def elsewhere(request: HttpRequest, *, may_write: bool = False) -> HttpResponse | None:
    """Redirects from a form to the form to which the draft `?draft=` belongs.

    The draft of a reply post continues below its parent. Members who may not write in the form
    (`may_write`) are redirected to a page with the text. None if the form is to be shown, or
    refused.
    """
    asked = request.GET.get("draft", "")
    if not asked or request.method == "POST" or not request.user.is_authenticated:
        return None
    draft = own_draft(request, asked)
    row = draft_row(draft)
    if row.is_reply_post and draft.post_id is None and "/reply/" in row.url:
        return redirect(row.url) if row.url.split("?")[0] != request.path else None
    return None if may_write else redirect(row.whole)


def save_draft_from_form(request: HttpRequest, form: PostForm) -> HttpResponse | None:
    """임시 저장 without JavaScript: saves the form as a draft and shows it again.

    Selected files are stored, so that they need not be selected again. Returns None if the form has
    errors that it must show.
    """
    if not request.user.is_authenticated:
        raise Refused(REFUSED_DRAFT)
    limit_saves(request)
    posted = request.POST.copy()
    if form.files and "kept_files" in form.fields:
        form.full_clean()
        posted.setlist("kept_files", [str(file.pk) for file in form.kept])
        for problem in form.errors.get("files", []):
            messages.error(request, str(problem))
    if form.reply_to is not None:
        posted["answers"] = str(form.reply_to.pk)
    try:
        draft, dropped = do_save_draft(
            member=request.user,
            board=form.board,
            token=token_of(posted) or uuid.uuid4(),
            words=words_of(posted.lists()),
            post=form.post,
        )
    except TooLong:
        form.add_error(None, TOO_LONG)
        return None
    except AlreadyPublished:
        messages.info(request, PUBLISHED)
        return redirect(form.post or form.board)
    messages.success(request, _("임시 저장했습니다. 아직 등록한 것은 아닙니다."))
    if dropped:
        messages.info(request, DROPPED % {"limit": MOST_DRAFTS})
    return redirect(f"{request.path}?draft={draft.pk}")


def draft_context(request: HttpRequest, form: PostForm) -> dict:
    """The template context about drafts; empty for guests."""
    if not request.user.is_authenticated:
        return {"may_draft": False, "has_lost_parent": False, "drafts": [], "is_fresh": False}
    is_new = form.post is None and form.reply_to is None
    token = form["submission"].value()
    here = form.board if form.post is None else None
    return {
        "may_draft": True,
        "has_lost_parent": is_new and bool(form["answers"].value()),
        "drafts": draft_rows(request.user, here=here, but=token),
        "is_fresh": not (
            form.is_bound or request.GET.get("draft") or (here and form["subject"].value())
        ),
    }


def own_draft(request: HttpRequest, pk: str) -> Draft:
    """A draft of the visitor; 404 for any other, whether it exists or not."""
    draft = None
    if request.user.is_authenticated and re.fullmatch(r"[0-9]{1,18}", pk):
        draft = Draft.objects.filter(member=request.user, pk=pk).first()
    if draft is None:
        raise Http404(_("임시 저장 글이 없습니다."))
    return draft


def token_of(posted: QueryDict) -> uuid.UUID | None:
    """The token of the form; None if it is missing or malformed."""
    try:
        return uuid.UUID(posted.get("submission", ""))
    except ValueError:
        return None


def limit_saves(request: HttpRequest) -> None:
    """Raises TooMany above the rate of two forms that save themselves every three seconds."""
    hit_or_refuse(f"draft:{request.user.pk}", limit=400, seconds=600)
