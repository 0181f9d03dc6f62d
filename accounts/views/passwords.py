"""Password pages, where they differ from allauth's."""

from allauth.account.views import PasswordResetFromKeyView, PasswordSetView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.forms.logging_in import LinkUsed
from accounts.permissions import MemberRequest
from accounts.proof import ask_for_proof


class ResetPasswordFromKey(PasswordResetFromKeyView):
    def form_valid(self, form) -> HttpResponse:
        """allauth checks only at the beginning of the request whether the link is still valid."""
        try:
            return super().form_valid(form)
        except LinkUsed:
            return self.render_to_response(self.get_context_data(token_fail=True))


@never_cache
def reset_password_from_key(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    return ResetPasswordFromKey.as_view()(request, uidb36=uidb36, key=key)


@never_cache
@login_required
def set_password(request: MemberRequest) -> HttpResponse:
    """The first password of a member who joined through a provider. allauth asks for no proof, so
    somebody who found the browser open could lock the member out."""
    return ask_for_proof(request) or PasswordSetView.as_view()(request)
