"""로그인한 기기: where a member is logged in, and logging out there."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import devices as actions
from accounts.models import MemberSession
from accounts.permissions import MemberRequest
from accounts.sessions import current_of, is_open


@never_cache
@login_required
@require_safe
def list_sessions(request: MemberRequest) -> HttpResponse:
    """The current session and the others, without expired ones."""
    own = MemberSession.objects.filter(member=request.user).select_related("device", "member")
    current = current_of(request)
    rows = [each for each in own.order_by("-seen_on", "-pk") if each.pk == current or is_open(each)]
    context = {
        "here": next((each for each in rows if each.pk == current), None),
        "others": [each for each in rows if each.pk != current],
    }
    return render(request, "accounts/list_sessions.jinja", context)


@login_required
@require_POST
def end_session(request: MemberRequest, pk: int) -> HttpResponse:
    """Logs out there; 404 when repeated."""
    session = get_object_or_404(MemberSession, pk=pk, member=request.user)
    name = session.device.name
    if session.pk == current_of(request):
        logout(request)
        return redirect("/")
    actions.end_session(session=session)
    messages.success(request, _("%s에서 로그아웃했습니다.") % name)
    return redirect("list_sessions")


@login_required
@require_POST
def end_other_sessions(request: MemberRequest) -> HttpResponse:
    actions.end_other_sessions(member=request.user, keep=current_of(request))
    messages.success(request, _("다른 기기에서 모두 로그아웃했습니다."))
    return redirect("list_sessions")
