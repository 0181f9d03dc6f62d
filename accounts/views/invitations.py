"""초대: the member's own codes, and who joined with them."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import invitations as actions
from accounts.forms.invitations import MakeInvitationForm
from accounts.models import Invitation
from accounts.permissions import MemberRequest
from boardsite.context import site_settings
from boardsite.dates import full_date
from boardsite.limits.rate_limit import hit_or_refuse
from boardsite.pagination import Pages, page_number

MADE_AN_HOUR = 10


@login_required
@require_safe
def list_invitations(request: MemberRequest) -> HttpResponse:
    """The member's own codes, the latest first."""
    own = Invitation.objects.filter(maker=request.user).order_by("-pk")
    number, size = page_number(request), site_settings(request).page_size
    pages = Pages(number, own.count(), size, request.path, {})
    shown = own.prefetch_related("invited")[pages.offset : pages.offset + size]
    context = {
        "rows": [_row(invitation) for invitation in shown],
        "pages": pages,
        "left": actions.left_for(request.user),
        "submission": uuid.uuid4(),
    }
    return render(request, "accounts/list_invitations.jinja", context)


@login_required
@require_POST
def make_invitation(request: MemberRequest) -> HttpResponse:
    """Creates a code, up to the owner's limit. A repeated submission creates none."""
    hit_or_refuse(f"make_invitation:{request.user.pk}", limit=MADE_AN_HOUR, seconds=3600)
    form = MakeInvitationForm(request.POST)
    token = form.cleaned_data["submission"] if form.is_valid() else None
    actions.make_invitation(maker=request.user, submission=token)
    messages.success(request, _("초대 코드를 만들었습니다."))
    return redirect("list_invitations")


def _row(invitation: Invitation) -> dict:
    return {
        "code": invitation.code,
        "link": f"{settings.SITE_URL}{reverse('account_signup')}?code={invitation.code}",
        "is_usable": invitation.is_usable,
        "date": full_date(invitation.created_at),
        "until": full_date(invitation.expires_at),
        "members": [member for member in invitation.invited.all() if member.is_active],
    }
