"""탈퇴: asking for it, and coming back while there is time."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import FOREVER, leaving
from accounts.forms.leaving import LeaveForm
from accounts.models import Member, MemberSettings
from accounts.permissions import Refused
from accounts.views.proving import ask_for_proof, count_guess
from boardsite.forms import show_form

RETURNING, SUSPENDED = "returning", "suspended"
RETURN_SECONDS = 10 * 60  # how long the buttons of show_leaver and show_suspended hold


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave_site(request: HttpRequest) -> HttpResponse:
    """Says what happens and when, and does it."""
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
    return show_form(request, "accounts/leave_site.html", context, form)


def show_leaver(request: HttpRequest, member: Member) -> HttpResponse:
    """Instead of a session for one who has left: when he will be erased, and a button to return.

    Only to who has just proved to be `member`; the session remembers it for RETURN_SECONDS.
    """
    request.session.flush()
    request.session[RETURNING] = _ticket(member, RETURNING)
    context = {"until": leaving.erased_after(member)}
    return render(request, "accounts/return_to_site.html", context, status=403)


def show_suspended(request: HttpRequest, member: Member) -> HttpResponse:
    """Instead of a session for one who is suspended: until when, why, and how he can leave.

    He may ask for that at any time (개인정보 보호법 제36조, 제37조), and may take it back as others.
    """
    request.session.flush()
    has_left = member.left_at is not None
    purpose = RETURNING if has_left else SUSPENDED
    request.session[purpose] = _ticket(member, purpose)
    context = {
        "until": None if member.suspended_until >= FOREVER else member.suspended_until,
        "reason": member.suspension_reason,
        "erased_after": leaving.erased_after(member) if has_left else None,
    }
    return render(request, "accounts/suspended.html", context, status=403)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave_suspended(request: HttpRequest) -> HttpResponse:
    """As leave_site for one who is let in no more, but has just proved who he is. His posts stay."""
    member = _holder(request, SUSPENDED)
    if member is None:
        messages.error(request, _("시간이 지났습니다. 다시 로그인해 주세요."))
        return redirect("account_login")
    if request.method != "POST":
        context = {"days": MemberSettings.known().leave_days}
        return render(request, "accounts/leave_suspended.html", context)
    leaving.leave_site(member=member)
    request.session.flush()
    messages.success(request, _("회원탈퇴를 신청했습니다. 안내 메일을 보내 드렸습니다."))
    return redirect("/")


@never_cache
@require_POST
def return_to_site(request: HttpRequest) -> HttpResponse:
    """Takes the leaving back; he logs in after it as always, with all that his log-in asks."""
    member = _holder(request, RETURNING)
    request.session.pop(RETURNING, None)
    if member is not None and leaving.return_to_site(member=member):
        messages.success(request, _("탈퇴를 취소했습니다. 다시 로그인해 주세요."))
    elif member is None:
        messages.error(request, _("시간이 지났습니다. 다시 로그인해 주세요."))
    return redirect("account_login")


def _ticket(member: Member, purpose: str) -> str:
    """For the session of one who has just proved to be `member`; good while he stays as he is."""
    return signing.dumps([member.pk, str(member.left_at)], salt=purpose)


def _holder(request: HttpRequest, purpose: str) -> Member | None:
    try:
        ticket = request.session.get(purpose, "")
        pk, left_at = signing.loads(ticket, salt=purpose, max_age=RETURN_SECONDS)
    except signing.BadSignature:
        return None
    member = Member.objects.filter(pk=pk, is_active=True).first()
    return member if member and str(member.left_at) == left_at else None
