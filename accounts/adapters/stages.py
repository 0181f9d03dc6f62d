"""What lies between the right password and a session, besides what allauth asks.

Stages, not `pre_login`: a log-in also goes on after an address was confirmed or a second factor
given, and comes by here each time.
"""

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.stages import EmailVerificationStage, LoginStage
from django.shortcuts import render

from accounts.actions.joining import go_on_joining
from accounts.models import MemberSettings


class ConfirmEmail(EmailVerificationStage):
    """allauth's own, asked for by the owner's setting instead of settings.py.

    Only of those who joined while it was on: who is a member already is never locked out by it.
    """

    def handle(self):
        member = self.login.user
        asked = (
            member is not None
            and member.must_confirm_email
            and MemberSettings.known().confirms_email
        )
        method = EmailVerificationMethod.MANDATORY if asked else EmailVerificationMethod.NONE
        self.login.email_verification = method
        return super().handle()


class AwaitApproval(LoginStage):
    """Who waits for the owner's yes reads so, and gets no session."""

    key = "await_approval"

    def handle(self):
        member = self.login.user
        if member is None:
            return None, True
        if member.must_confirm_email or member.is_pending:
            # He may have confirmed by the way: by a code or by a new password that he was mailed.
            go_on_joining(member=member)
        if not member.is_pending:
            return None, True
        context = {"is_new": self.login.signup, "member": member}
        return render(self.request, "accounts/await_approval.html", context, status=403), False
