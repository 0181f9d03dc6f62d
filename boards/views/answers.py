"""답변글: answering a post by a post below it."""

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
from boards.text.plaintext import cut
from boards.views.drafting import draft_pressed, elsewhere, opened_draft
from boards.views.guests import (
    keep_members_text,
    known_name,
    visitor_of,
)
from boards.views.keeping import keep_text, kept_text
from boards.views.posts import find_post
from boards.views.writing import publish, write_page

PREFIX = "Re: "
QUOTED = 500  # characters; a longer post nobody wants to find in his form


@require_http_methods(["GET", "POST"])
def reply_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    answered = find_post(slug, number)
    can = access(visitor_of(request), answered.board)
    if refusal := can.refusal_to_reply(answered):
        if moved := elsewhere(request):
            return moved
        keep_text(request)  # the session may have run out while the person wrote
        raise Refused(refusal)
    if request.method == "POST":
        keep_members_text(request)
        form = PostForm(request.POST, request.FILES, can=can, answer_to=answered)
        if "draft" in request.POST:
            return draft_pressed(request, form) or write_page(request, form, can)
        more = {"board": answered.board, "answer_to": answered}
        if form.is_valid() and (post := publish(request, form, can, do_write_post, **more)):
            return redirect(post)
    else:
        kept = kept_text(request) or opened_draft(request, answer_to=answered)
        initial = known_name(request) | _begun(answered) | kept
        form = PostForm(initial=initial, can=can, answer_to=answered)
    return write_page(request, form, can)


def _begun(answered: Post) -> dict:
    """What stands in the form at first: gnuboard5's `Re: `, once, and a short plain text as quote."""
    subject = answered.subject
    if not subject.startswith(PREFIX):
        subject = cut(PREFIX + subject, SUBJECT_LENGTH)
    body = answered.body
    is_quoted = body.format == PostBody.Format.TEXT and len(body.source) <= QUOTED
    lines = body.source.splitlines() if is_quoted else []
    quote = "".join(f"> {line}\n" for line in lines)
    return {
        "format": PostBody.Format.TEXT,
        "submission": uuid.uuid4(),
        "subject": subject,
        "source": f"{quote}\n" if quote else "",
    }
