"""What a member says of himself, and his address."""

from allauth.account.views import EmailView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.forms import TAKEN_MEANWHILE, ProfileForm
from accounts.models import Member

PICTURE_AGE = 24 * 3600  # seconds; a new picture has a new address (Member.picture_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    member = request.user
    if request.method != "POST":
        return _show_profile(request, ProfileForm(member=member))
    form = ProfileForm(request.POST, request.FILES, member=member)
    if not form.is_valid():
        return _show_profile(request, form)
    try:
        actions.edit_profile(member=member, **form.cleaned_data)
    except IntegrityError:
        member.refresh_from_db()
        form.add_error("nickname", TAKEN_MEANWHILE)
        return _show_profile(request, form)
    messages.success(request, _("회원 정보가 수정 되었습니다."))
    return redirect(member)


def _show_profile(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    return render(request, "accounts/edit_profile.html", {"form": form})


@require_safe
def member_picture(request: HttpRequest, username: str) -> HttpResponse:
    """The profile picture for everybody; 404 where there is none."""
    member = get_object_or_404(Member, username=username, is_active=True)
    if not member.picture:
        raise Http404
    try:
        file = member.picture.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": f"public, max-age={PICTURE_AGE}"}
    return FileResponse(file, content_type="image/webp", headers=headers)


class ChangeEmail(EmailView):
    """allauth's page, without its way to take an address that nobody has confirmed."""

    def post(self, request, *args, **kwargs):
        if "action_primary" in request.POST:
            raise Http404
        return super().post(request, *args, **kwargs)


change_email = ChangeEmail.as_view()
