"""Becoming a member through a provider."""

from allauth.socialaccount import forms as allauth_forms

from accounts.forms.signing_up import JoiningFields


class SocialSignupForm(JoiningFields, allauth_forms.SignupForm):
    """Like SignupForm, without a password: the provider authenticates the member."""

    template = "socialaccount/signup.jinja"

    def try_save(self, request):
        user, response = super().try_save(request)
        if self.errors:  # no member was created, so the next try needs the provider's data again
            self.sociallogin.user.pk = self.sociallogin.account.pk = None
            request.session["socialaccount_sociallogin"] = self.sociallogin.serialize()
        return user, response
