"""A member's profile and address."""

from allauth.account.adapter import get_adapter
from allauth.account.views import EmailView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.forms.fields import TAKEN_MEANWHILE, NicknameField, check_nickname
from accounts.forms.profile import ProfileForm
from accounts.models import Member, MemberSettings
from accounts.permissions import MemberRequest, Refused
from boardsite.forms import show_form
from boardsite.limits.attempts import counts_attempts
from boardsite.limits.rate_limit import hit_or_refuse
from boardsite.visitors.identity import address_key

CHECKS_A_MINUTE = 30
PICTURE_AGE = 24 * 3600  # seconds; a new picture has a new URL (Member.picture_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@counts_attempts
def edit_profile(request: MemberRequest) -> HttpResponse:
    member = request.user
    if request.method != "POST":
        return _show_profile(request, ProfileForm(member=member))
    form = ProfileForm(request.POST, request.FILES, member=member)
    if forbidden := form.forbidden_fields():
        actions.record_forbidden(member=member, fields=forbidden)
    if not form.is_valid():
        return _show_profile(request, form)
    try:
        actions.edit_profile(member=member, **form.arguments())
    except IntegrityError:
        member.refresh_from_db()
        form.add_error("nickname", TAKEN_MEANWHILE)
        return _show_profile(request, form)
    except Refused as refusal:
        member.refresh_from_db()
        form.add_error("nickname", str(refusal))
        return _show_profile(request, form)
    messages.success(request, _("회원정보가 수정되었습니다."))
    return redirect(member)


def _show_profile(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    context = {"form": form, "may_invite": MemberSettings.known().invitations_per_member > 0}
    return show_form(request, "accounts/edit_profile.jinja", context, form)


def find_member(username: str, members: QuerySet[Member] | None = None) -> Member:
    """A member who has a page; 404 for others, including members who have left, although old posts
    show their name.

    `members` is the queryset to search, for callers that need annotations."""
    members = Member.objects.all() if members is None else members
    member = get_object_or_404(members, username=username, is_active=True)
    if not member.is_here:
        raise Http404(_("탈퇴한 회원입니다."))
    return member


@require_safe
def member_picture(request: HttpRequest, username: str) -> FileResponse:
    """The profile picture, for everybody; 404 where there is none."""
    member = find_member(username)
    if not member.picture:
        raise Http404
    try:
        file = member.picture.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": f"public, max-age={PICTURE_AGE}"}
    return FileResponse(file, content_type="image/webp", headers=headers)


@require_POST
def check_name(request: HttpRequest) -> JsonResponse:
    """Whether an 아이디 or a 별명 is free, for check-name.js: {"is_free", "sentence"}.

    The form checks it again on submission."""
    hit_or_refuse(f"check_name:{address_key(request)}", limit=CHECKS_A_MINUTE, seconds=60)
    name = request.POST.get("name", "")
    try:
        if request.POST.get("kind") == "username":
            get_adapter().clean_username(name)
        else:
            member = request.user if request.user.is_authenticated else None
            check_nickname(NicknameField().clean(name), member)
    except ValidationError as problem:
        return JsonResponse({"is_free": False, "sentence": " ".join(problem.messages)})
    return JsonResponse({"is_free": True, "sentence": _("쓸 수 있습니다.")})


class ChangeEmail(EmailView):
    """allauth's page without its way to take an unconfirmed address."""

    def post(self, request, *args, **kwargs):
        if "action_primary" in request.POST:
            raise Http404
        return super().post(request, *args, **kwargs)


change_email = ChangeEmail.as_view()
