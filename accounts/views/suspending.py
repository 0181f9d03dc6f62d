"""이용 정지 on the site itself, for owners and members with the owner's permission."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms.suspending import SuspendMemberForm
from accounts.models import Member
from accounts.permissions import MemberRequest, Refused, may_suspend
from accounts.views.members import find_member
from boardsite.forms import show_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def suspend_member(request: MemberRequest, username: str) -> HttpResponse:
    member = _find(request, username)
    form = SuspendMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.suspend_member(member=member, until=form.until, reason=reason, by=request.user)
        messages.success(request, _("%s님을 정지했습니다.") % member.nickname)
        return redirect(member)
    return show_form(
        request, "accounts/suspend_member.jinja", {"form": form, "member": member}, form
    )


@login_required
@require_POST
def lift_suspension(request: MemberRequest, username: str) -> HttpResponse:
    member = _find(request, username)
    if member.is_suspended:
        actions.lift_suspension(member=member, by=request.user)
        messages.success(request, _("%s님의 정지를 풀었습니다.") % member.nickname)
    return redirect(member)


def _find(request: HttpRequest, username: str) -> Member:
    member = find_member(username)
    if not may_suspend(request.user, member):
        raise Refused(_("이 회원을 정지할 권한이 없습니다."))
    return member
