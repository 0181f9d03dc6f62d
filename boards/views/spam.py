"""스팸 계정 처리, and its undoing, for those who may suspend and judge in all boards."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Member
from accounts.permissions import MemberRequest, Refused
from accounts.views.members import find_member
from boards.actions.spam import handle_spam as do_handle_spam
from boards.actions.spam import open_case
from boards.actions.spam import undo_spam as do_undo_spam
from boards.forms.spam import SpamForm
from boards.permissions import may_handle_spam
from boards.queries.spam import written_by
from boardsite.forms import show_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handle_spam(request: MemberRequest, username: str) -> HttpResponse:
    """GET shows what will happen, or how far it is; POST does it, or continues."""
    member = _find(request, username)
    case = open_case(member)
    form = SpamForm(request.POST or None)
    if request.method == "POST" and (case or form.is_valid()):
        reason = case.reason if case else form.cleaned_data["reason"]
        case = do_handle_spam(member=member, reason=reason, by=request.user)
        if case.is_finished:
            messages.success(
                request, _("%s님을 정지하고 쓴 것을 모두 숨겼습니다.") % member.nickname
            )
        else:
            messages.info(request, _("정지했고, 쓴 것을 숨기는 중입니다. 이어서 숨겨 주세요."))
        return redirect("handle_spam", username)
    context = {"form": form, "member": member, "case": case, "written": written_by(member)}
    return show_form(request, "boards/handle_spam.jinja", context, form)


@login_required
@require_POST
def undo_spam(request: MemberRequest, username: str) -> HttpResponse:
    member = _find(request, username)
    case = open_case(member)
    if case is None:
        raise Http404(_("되돌릴 스팸 처리가 없습니다."))
    case = do_undo_spam(case=case, by=request.user)
    if case.is_finished:
        messages.success(request, _("%s님의 스팸 처리를 되돌렸습니다.") % member.nickname)
        return redirect(member)
    messages.info(request, _("정지를 풀었고, 쓴 것을 되살리는 중입니다. 이어서 되살려 주세요."))
    return redirect("handle_spam", username)


def _find(request: HttpRequest, username: str) -> Member:
    member = find_member(username)
    if not may_handle_spam(request.user, member):
        raise Refused(_("이 회원을 스팸 계정으로 처리할 권한이 없습니다."))
    return member
