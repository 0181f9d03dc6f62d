"""답변글: writing a reply post below a post."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.permissions import Refused
from boards.actions.posts import write_post as do_write_post
from boards.forms import PostForm
from boards.forms.posts import SUBJECT_LENGTH
from boards.models import Post, PostBody
from boards.permissions import access
from boards.views.drafting import elsewhere, opened_draft, save_draft_from_form
from boards.views.finding import find_post
from boards.views.guests import (
    keep_members_text,
    known_name,
    visitor_of,
)
from boards.views.keeping import keep_text, kept_text
from boards.views.write_page import write_page
from boards.views.writing import publish
from boardsite.limits.attempts import counts_attempts
from boardsite.text.plaintext import cut

PREFIX = "Re: "
QUOTED = 500  # characters; longer posts are not quoted


@require_http_methods(["GET", "POST"])
@counts_attempts
def reply_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    parent = find_post(slug, number, request.user)
    can = access(visitor_of(request), parent.board)
    if refusal := can.refusal_to_reply(parent):
        if moved := elsewhere(request):
            return moved
        keep_text(request)  # the session may have expired while they wrote
        raise Refused(refusal)
    if request.method == "POST":
        keep_members_text(request)
        form = PostForm(request.POST, request.FILES, can=can, reply_to=parent)
        if "draft" in request.POST:
            return save_draft_from_form(request, form) or write_page(request, form, can)
        more = {"board": parent.board, "reply_to": parent}
        if form.is_valid() and (post := publish(request, form, can, do_write_post, **more)):
            return redirect(post)
    else:
        kept = kept_text(request) or opened_draft(request, reply_to=parent)
        initial = known_name(request) | _begun(parent) | kept
        form = PostForm(initial=initial, can=can, reply_to=parent)
    return write_page(request, form, can)


def _begun(parent: Post) -> dict:
    """The initial values: gnuboard5's `Re: `, once, and a short plain text as a quotation."""
    subject = parent.subject
    if not subject.startswith(PREFIX):
        subject = cut(PREFIX + subject, SUBJECT_LENGTH)
    body = parent.body
    is_quoted = body.format == PostBody.Format.TEXT and len(body.source) <= QUOTED
    lines = body.source.splitlines() if is_quoted else []
    quote = "".join(f"> {line}\n" for line in lines)
    return {
        "format": PostBody.Format.TEXT,
        "submission": uuid.uuid4(),
        "subject": subject,
        "source": f"{quote}\n" if quote else "",
    }
