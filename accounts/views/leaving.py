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

from accounts.actions import leaving
from accounts.forms.leaving import LeaveForm
from accounts.models import Member, MemberSettings
from accounts.permissions import Refused
from accounts.views.proving import ask_for_proof, count_guess
from boardsite.forms import show_form

RETURNING = "returning"
RETURN_SECONDS = 10 * 60  # how long the button of show_leaver holds


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
    request.session[RETURNING] = signing.dumps(
        [member.pk, member.left_at.isoformat()], salt=RETURNING
    )
    context = {"until": leaving.erased_after(member)}
    return render(request, "accounts/return_to_site.html", context, status=403)


@never_cache
@require_POST
def return_to_site(request: HttpRequest) -> HttpResponse:
    """Takes the leaving back; he logs in after it as always, with all that his log-in asks."""
    member = _returning(request)
    if member is not None and leaving.return_to_site(member=member):
        messages.success(request, _("탈퇴를 취소했습니다. 다시 로그인해 주세요."))
    elif member is None:
        messages.error(request, _("시간이 지났습니다. 다시 로그인해 주세요."))
    return redirect("account_login")


def _returning(request: HttpRequest) -> Member | None:
    token = request.session.pop(RETURNING, "")
    try:
        pk, left_at = signing.loads(token, salt=RETURNING, max_age=RETURN_SECONDS)
    except signing.BadSignature:
        return None
    member = Member.objects.filter(pk=pk, left_at__isnull=False).first()
    return member if member and member.left_at.isoformat() == left_at else None
