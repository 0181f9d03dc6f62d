"""What the views that publish texts share: limits and refusals."""

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.actions.points import NotEnoughPoints
from accounts.queries.address_blocks import refusal_to_join
from accounts.queries.addresses import address_to_keep
from boards.actions.locking import PostGone
from boards.forms import CommentForm, PostForm
from boards.forms.rules import keeps_rules, refuse
from boards.limits import count_writing, enforce_rate_limits
from boards.models import Comment, Post
from boards.permissions import Access
from boards.views.guests import member_of, remember_name
from boardsite.limits.rate_limit import TooMany
from boardsite.views.refusals import Gone
from boardsite.visitors.identity import address_key


def publish(
    request: HttpRequest, form: PostForm | CommentForm, can: Access, write: Callable, **more
) -> Post | Comment | None:
    """Publishes a valid form with write_post or write_comment.

    Returns None if it breaks the board's rules or comes too soon, with an error in the form. Raises
    Gone if the parent post has been removed meanwhile.
    """
    who = _writer(request)
    if not keeps_rules(form, can):
        return None
    if not request.user.is_authenticated and (sentence := refusal_to_join(request)):
        form.add_error(None, sentence)
        return None
    try:
        written = write(
            author=member_of(request),
            guest=form.guest,
            submission=form.cleaned_data["submission"],
            address=address_to_keep(request),
            rate_limit=partial(enforce_rate_limits, can, who, is_post=isinstance(form, PostForm)),
            **form.arguments(),
            **more,
        )
    except TooMany as refusal:
        refuse(form, can, refusal)
        return None
    except PostGone:
        raise Gone(_("그 사이에 글이 삭제되어 쓸 수 없습니다.")) from None
    except NotEnoughPoints as refusal:
        form.add_error(None, str(refusal))
        return None
    remember_name(request, form.guest)
    return written


def may_edit_now(request: HttpRequest, form: PostForm | CommentForm, can: Access) -> bool:
    """Whether a valid form keeps the board's rules and limits; otherwise adds an error."""
    if not keeps_rules(form, can):
        return False
    try:
        with transaction.atomic():
            count_writing(can, _writer(request))
    except TooMany as refusal:
        refuse(form, can, refusal)
        return False
    return True


def _writer(request: HttpRequest) -> str:
    """The key of the visitor for limits: a member's id, or a guest's address key."""
    return str(request.user.pk) if request.user.is_authenticated else address_key(request)
