"""Pages of second factors, where they differ from allauth's."""

from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


class ReauthenticateByPasskey(ReauthenticateWebAuthnView):
    def form_invalid(self, form) -> HttpResponse:
        """Shows the form with its errors; allauth would redirect to the front page."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        return context | kwargs  # allauth's own drops them, and so the errors


reauthenticate_by_passkey = ReauthenticateByPasskey.as_view()


@never_cache
def activate_totp(request: HttpRequest) -> HttpResponse:
    """allauth's page, which no browser may cache: it shows the secret."""
    return ActivateTOTPView.as_view()(request)


@never_cache
def view_recovery_codes(request: HttpRequest) -> HttpResponse:
    """allauth's page, which no browser may cache: it shows the codes."""
    return ViewRecoveryCodesView.as_view()(request)
