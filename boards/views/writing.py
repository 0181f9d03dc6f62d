"""What the views that take people's words share: limits, refusals, the write page."""

import uuid
from collections.abc import Callable
from functools import partial

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.actions.points import NotEnoughPoints
from accounts.queries.address_blocks import refusal_to_join
from boards.forms import PostForm
from boards.forms.rules import keeps_rules, refuse
from boards.limits import count_writing, keep_pace
from boards.models import Comment, Post
from boards.permissions import Access
from boards.queries.drafts import version_of
from boards.queries.tags import tags_of
from boards.queries.texts import template_of
from boards.views.drafting import draft_context
from boards.views.guests import member_of, remember_name
from boardsite.forms import show_form
from boardsite.ratelimit import TooMany, hit_or_refuse
from boardsite.visitors import address_key


def publish(
    request: HttpRequest, form: forms.Form, can: Access, write: Callable, **more
) -> Post | Comment | None:
    """What write_post or write_comment makes of a valid form of this visitor.

    None where it breaks the board's rules or comes too soon: the form says so then.
    """
    who = _writer(request)
    if not keeps_rules(form, can):
        return None
    if not request.user.is_authenticated and (sentence := refusal_to_join(request)):
        form.add_error(None, sentence)
        return None
    try:
        if not request.user.is_authenticated:
            hit_or_refuse(f"press:{who}", limit=100, seconds=600)  # also of a form sent twice
        written = write(
            author=member_of(request),
            guest=form.guest,
            submission=form.cleaned_data["submission"],
            pace=partial(keep_pace, can, who, is_post=isinstance(form, PostForm)),
            **form.deed(),
            **more,
        )
    except TooMany as refusal:
        refuse(form, can, refusal)
        return None
    except NotEnoughPoints as refusal:
        form.add_error(None, str(refusal))
        return None
    remember_name(request, form.guest)
    return written


def may_edit_now(request: HttpRequest, form: forms.Form, can: Access) -> bool:
    """Whether a valid form keeps the board's rules, and is not one too many; else it says so."""
    if not keeps_rules(form, can):
        return False
    try:
        count_writing(can, _writer(request))
    except TooMany as refusal:
        refuse(form, can, refusal)
        return False
    return True


def _writer(request: HttpRequest) -> str:
    """By what limits know him: a member's number, or a guest's address as a key."""
    return str(request.user.pk) if request.user.is_authenticated else address_key(request)


def fresh(kept: dict, can: Access) -> dict:
    """An empty form: with the board's template, or with what a lost session left behind."""
    return {"submission": uuid.uuid4()} | template_of(can) | kept


def as_written(post: Post) -> dict:
    links = [link.url for link in post.links.all()] + ["", ""]
    return {
        "submission": uuid.uuid4(),
        "edited_at": version_of(post),
        "category": post.category,
        "subject": post.subject,
        "source": post.body.source,
        "format": post.body.format,
        "is_secret": post.is_secret,
        "is_notice": post.is_notice,
        "is_site_notice": post.is_site_notice,
        "link1": links[0],
        "link2": links[1],
        "tags": ", ".join(tags_of(post)),
    }


def write_page(request: HttpRequest, form: PostForm, can: Access) -> HttpResponse:
    """The form of a new post, an answer or an edit."""
    attached = []
    if form.post is not None:
        attached = [a for a in form.post.attachments.all() if not a.is_inline]
    context = {
        "form": form,
        "static_url": settings.STATIC_URL,
        "board": can.board,
        "can": can,
        "post": form.post,
        "answer_to": form.answer_to,
        "attached": attached,
        "removed": [str(pk) for pk in form["removed_files"].value() or []],
        "may_attach": "files" in form.fields,
        **draft_context(request, form),
    }
    return show_form(request, "boards/write_post.html", context, form)
