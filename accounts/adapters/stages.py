"""Stages between the right password and a session, in addition to allauth's.

These are stages and not in `pre_login`, because a log-in continues after confirming an address or
giving a second factor and passes through the stages each time."""

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.stages import EmailVerificationStage, LoginStage
from django.shortcuts import render

from accounts.actions.joining import go_on_joining
from accounts.models import MemberSettings


class ConfirmEmail(EmailVerificationStage):
    """allauth's own, switched by the owner's setting instead of settings.py.

    Applies only to members who joined while the setting was on, so existing members are never
    locked out. A log-in without a member is a sign-up with a known address: the page must look the
    same."""

    def handle(self):
        member = self.login.user
        must_confirm = self.login.signup if member is None else member.must_confirm_email
        asked = must_confirm and MemberSettings.known().confirms_email
        method = EmailVerificationMethod.MANDATORY if asked else EmailVerificationMethod.NONE
        self.login.email_verification = method
        return super().handle()


class AwaitApproval(LoginStage):
    """Members who wait for the owner's approval see a page about it and get no session."""

    key = "await_approval"

    def handle(self):
        member = self.login.user
        if member is None:
            return None, True
        if member.must_confirm_email or member.is_pending:
            # They may have confirmed the address in this log-in, by a mailed code or a reset link.
            go_on_joining(member=member)
        if not member.is_pending:
            return None, True
        context = {"is_new": self.login.signup, "member": member}
        return render(self.request, "accounts/await_approval.jinja", context, status=403), False
