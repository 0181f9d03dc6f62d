"""탈퇴: leaving, and coming back during the grace period."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import leaving
from accounts.forms.leaving import LeaveForm
from accounts.log_in_refusals import RETURNING, SUSPENDED, proved_member
from accounts.models import MemberSettings
from accounts.permissions import MemberRequest, Refused
from accounts.proof import ask_for_proof, count_guess
from boardsite.forms import show_form


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave_site(request: MemberRequest) -> HttpResponse:
    """Explains the consequences, and does it."""
    if (page := ask_for_proof(request)) is not None:
        return page
    if request.method != "POST":
        return _show(request, LeaveForm(member=request.user))
    count_guess(request)
    form = LeaveForm(request.POST, member=request.user)
    if not form.is_valid():
        return _show(request, form)
    try:
        leaving.leave_site(member=request.user, removes_posts=form.removes_posts)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form)
    logout(request)
    messages.success(request, _("회원탈퇴를 신청했습니다. 안내 메일을 보내 드렸습니다."))
    return redirect("/")


def _show(request: HttpRequest, form: LeaveForm) -> HttpResponse:
    context = {"form": form, "days": MemberSettings.known().leave_days}
    return show_form(request, "accounts/leave_site.jinja", context, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_suspended(request: HttpRequest) -> HttpResponse:
    """Like leave_site for a suspended member who has just authenticated. Their posts stay."""
    member = proved_member(request, SUSPENDED)
    if member is None:
        messages.error(request, _("시간이 지났습니다. 다시 로그인해 주세요."))
        return redirect("account_login")
    if request.method != "POST":
        context = {"days": MemberSettings.known().leave_days}
        return render(request, "accounts/leave_suspended.jinja", context)
    leaving.leave_site(member=member)
    request.session.flush()
    messages.success(request, _("회원탈퇴를 신청했습니다. 안내 메일을 보내 드렸습니다."))
    return redirect("/")


@never_cache
@require_POST
def return_to_site(request: HttpRequest) -> HttpResponse:
    """Cancels leaving. The member then logs in with everything that their log-in requires."""
    member = proved_member(request, RETURNING)
    request.session.pop(RETURNING, None)
    if member is not None and leaving.return_to_site(member=member):
        messages.success(request, _("탈퇴를 취소했습니다. 다시 로그인해 주세요."))
    elif member is None:
        messages.error(request, _("시간이 지났습니다. 다시 로그인해 주세요."))
    return redirect("account_login")
