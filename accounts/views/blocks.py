"""차단: blocking members and ending it."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import blocks as actions
from accounts.models import Member
from accounts.permissions import MemberRequest
from boardsite.context import site_settings
from boardsite.dates import full_date
from boardsite.limits.rate_limit import hit_or_refuse
from boardsite.pagination import Pages, page_number

BLOCKS_AN_HOUR = 60


@login_required
@require_safe
def list_blocks(request: MemberRequest) -> HttpResponse:
    """The member's own blocks, the latest first."""
    own = request.user.blocks.select_related("blocked").order_by("-id")
    number, size = page_number(request), site_settings(request).page_size
    pages = Pages(number, own.count(), size, request.path, {})
    rows = [
        {"member": each.blocked, "date": full_date(each.created_at)}
        for each in own[pages.offset : pages.offset + size]
    ]
    return render(request, "accounts/list_blocks.jinja", {"rows": rows, "pages": pages})


@login_required
@require_POST
def block_member(request: MemberRequest, username: str) -> HttpResponse:
    blocked = get_object_or_404(Member, username=username, is_active=True, left_at=None)
    hit_or_refuse(f"block:{request.user.pk}", limit=BLOCKS_AN_HOUR, seconds=3600)
    actions.block_member(member=request.user, blocked=blocked)
    messages.success(request, _("%s님을 차단했습니다.") % blocked.nickname)
    return _back(request, blocked)


@login_required
@require_POST
def unblock_member(request: MemberRequest, username: str) -> HttpResponse:
    """Also works for members who have left meanwhile."""
    blocked = get_object_or_404(Member, username=username)
    actions.unblock_member(member=request.user, blocked=blocked)
    messages.success(request, _("%s님의 차단을 풀었습니다.") % blocked.nickname)
    return _back(request, blocked)


def _back(request: HttpRequest, member: Member) -> HttpResponse:
    """To the page of the form, if it is an address of this site; else the member's page."""
    back = request.POST.get("next", "")
    return redirect(back if get_adapter().is_safe_url(back) else member)
