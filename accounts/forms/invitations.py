"""The field for 초대 코드 while joining requires an invitation."""

from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.invitations import clean_code, find_invitation
from accounts.models import Invitation, MemberSettings
from boardsite.limits.rate_limit import hit, is_used_up
from boardsite.visitors.identity import address_key

WRONG_CODES, WRONG_SECONDS = 10, 3600  # per address
GONE = _("쓸 수 없는 초대 코드입니다. 이미 쓰였거나 기한이 지났을 수 있습니다.")
TOO_MANY = _("초대 코드를 여러 번 틀렸습니다. 한 시간 뒤에 다시 시도해 주세요.")


IN_SESSION = "invitation_code"


class MakeInvitationForm(forms.Form):
    submission = forms.UUIDField(required=False)


class InvitationField(forms.Form):
    """Asks for a code while the owner requires one. An invitation's link fills it in, also for
    visitors who continue through a provider and return to another form."""

    code = forms.CharField(
        label=_("초대 코드"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("회원이나 운영자에게서 받은 코드를 적어 주세요."),
        error_messages={"required": _("초대 코드를 입력해 주세요.")},
    )
    invitation: Invitation | None = None

    def ask_code(self) -> None:
        """To be called at the end of __init__: removes the field where nobody needs a code."""
        if not MemberSettings.known().needs_invitation:
            del self.fields["code"]
        elif not self.is_bound and context.request is not None:
            session = context.request.session
            if code := context.request.GET.get("code", "")[:40]:
                session[IN_SESSION] = code
            self.initial["code"] = session.get(IN_SESSION, "")

    def clean_code(self) -> str:
        # Forms have no request; allauth's middleware stores the current one for all.
        guesser = f"wrong_code:{address_key(context.request)}"
        if is_used_up(guesser, WRONG_CODES, WRONG_SECONDS):
            raise forms.ValidationError(TOO_MANY, code="limit")
        self.invitation = find_invitation(self.cleaned_data["code"])
        if self.invitation is None:
            hit(guesser, WRONG_CODES, WRONG_SECONDS)
            raise forms.ValidationError(GONE, code="invalid")
        return clean_code(self.cleaned_data["code"])
