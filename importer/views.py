"""The page on which a member chooses a new 아이디."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import MemberRequest
from boardsite.forms import show_form
from boardsite.limits.rate_limit import hit_or_refuse
from importer.actions import usernames as actions
from importer.forms import UsernameForm
from importer.new_names import old_name_of

TRIES_AN_HOUR = 20  # each tells whether a name is taken


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_username(request: MemberRequest) -> HttpResponse:
    """For members whose 아이디 our rules refuse; continues to the page that they wanted."""
    old = old_name_of(request.user)
    if not old:
        raise Http404(_("아이디를 다시 고르실 필요가 없습니다."))
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if not get_adapter().is_safe_url(wanted):
        wanted = "/"
    form = UsernameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        hit_or_refuse(f"new_username:{request.user.pk}", limit=TRIES_AN_HOUR, seconds=3600)
    if form.is_valid():
        try:
            actions.choose_username(member=request.user, username=form.cleaned_data["username"])
        except actions.Taken:
            form.add_error("username", _("이미 사용 중인 아이디입니다."))
        else:
            messages.success(request, _("이제부터 새 아이디로 로그인해 주세요."))
            return redirect(wanted)
    context = {"form": form, "next": wanted, "old_name": old}
    return show_form(request, "importer/choose_username.jinja", context, form)
