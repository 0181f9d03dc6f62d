"""Drafts: saving from a form, the member's list, deletion."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Member
from accounts.permissions import Refused
from boards.actions.drafts import MOST_DRAFTS, AlreadyPublished
from boards.actions.drafts import delete_draft as do_delete_draft
from boards.actions.drafts import save_draft as do_save_draft
from boards.models import Post
from boards.permissions import Access, access
from boards.queries.drafts import (
    TooLong,
    draft_row,
    draft_rows,
    find_parent_posts,
    text_of,
    words_of,
)
from boards.refusals import REFUSED_DRAFT, REFUSED_EDIT
from boards.views.drafting import DROPPED, PUBLISHED, TOO_LONG, limit_saves, own_draft, token_of
from boards.views.finding import find_board, find_post
from boardsite.limits.rate_limit import TooMany


@require_POST
def save_draft(request: HttpRequest, slug: str) -> JsonResponse:
    """Saves a form as it is; called by the script of the write page.

    Responds with 200 and `saved`, the time of day, or with a `message`: 401 if the member whose
    form it is (`member`) is no longer logged in, 403, 409 for a form that has been published (with
    a new `token`), 422 if it is too long, 429.
    """
    if not request.user.is_authenticated or str(request.user.pk) != request.POST.get("member"):
        return _no(401, _("로그인이 풀렸습니다."))
    try:
        limit_saves(request)
        can, post = _target(request, slug)
        draft, dropped = do_save_draft(
            member=request.user,
            board=can.board,
            token=token_of(request.POST) or uuid.uuid4(),
            words=words_of(request.POST.lists()),
            post=post,
        )
    except Refused as refusal:
        return _no(403, str(refusal))
    except AlreadyPublished:
        return _no(409, str(PUBLISHED), token=str(uuid.uuid4()))
    except TooLong:
        return _no(422, str(TOO_LONG))
    except TooMany as refusal:
        return _no(429, refusal.message)
    saved = f"{timezone.localtime(draft.saved_at):%H:%M}"
    said = DROPPED % {"limit": MOST_DRAFTS} if dropped else ""
    return JsonResponse({"saved": saved, "message": said})


@require_safe
def list_drafts(request: HttpRequest) -> HttpResponse:
    """The visitor's own drafts, the latest first."""
    member = _require_member(request)
    return render(
        request,
        "boards/list_drafts.jinja",
        {"rows": draft_rows(member), "most": MOST_DRAFTS},
    )


@require_safe
def show_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the visitor's own drafts for reading and copying, even if they may not write any more."""
    _require_member(request)
    draft = own_draft(request, str(pk))
    return render(
        request, "boards/show_draft.jinja", {"row": draft_row(draft), "text": text_of(draft)}
    )


@require_POST
def delete_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes one of the visitor's own drafts."""
    _require_member(request)
    do_delete_draft(draft=own_draft(request, str(pk)))
    messages.success(request, _("임시 저장 글을 지웠습니다."))
    return redirect("list_drafts")


def _target(request: HttpRequest, slug: str) -> tuple[Access, Post | None]:
    """The Access to the board, and the post being edited, if any. Raises Refused."""
    number = request.POST.get("post", "")
    if not number:
        can = access(request.user, find_board(slug))
        asked = request.POST.get("answers", "")
        parent = find_parent_posts([asked]).get(asked)
        is_here = parent is not None and parent.board_id == can.board.pk
        if parent is None or not (is_here and can.may_reply(parent)):
            can.require("write")
        return can, None
    is_number = number.isdecimal() and len(number) < 10
    post = find_post(slug, int(number) if is_number else 0, request.user)
    can = access(request.user, post.board)
    if not can.may_edit(post):
        raise Refused(REFUSED_EDIT)
    return can, post


def _no(status: int, message: str, **more: str) -> JsonResponse:
    return JsonResponse({"message": message, **more}, status=status)


def _require_member(request: HttpRequest) -> Member:
    if not request.user.is_authenticated:
        raise Refused(REFUSED_DRAFT, back=reverse("list_drafts"))
    return request.user
