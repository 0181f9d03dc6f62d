"""The page with the form of a post: a new post, a reply post or an edit."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from boards.forms import PostForm
from boards.forms.rules import length_hint
from boards.permissions import Access
from boards.queries.texts import template_of
from boards.views.drafting import draft_context
from boardsite.forms import show_form


def fresh_initial(kept: dict, can: Access) -> dict:
    """An empty form with the board's template, or with the text saved from an expired session."""
    return {"submission": uuid.uuid4()} | template_of(can) | kept


def write_page(request: HttpRequest, form: PostForm, can: Access) -> HttpResponse:
    """The form of a new post, a reply post or an edit."""
    attached = []
    if form.post is not None:
        attached = [a for a in form.post.attachments.all() if not a.is_inline]
    form.describe([*attached, *form.kept])
    context = {
        "form": form,
        "static_url": settings.STATIC_URL,
        "board": can.board,
        "can": can,
        "post": form.post,
        "reply_to": form.reply_to,
        "attached": attached,
        "removed": [str(pk) for pk in form["removed_files"].value() or []],
        "may_attach": "files" in form.fields,
        "length_hint": length_hint(can, is_post=True),
        **draft_context(request, form),
    }
    return show_form(request, "boards/write_post.jinja", context, form)
