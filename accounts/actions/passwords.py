"""What a new password ends, besides the sessions that were open with the old one."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from accounts.actions.social import disconnect_account
from accounts.models import Member


def end_old_claims(*, member: Member, by_mail: bool = False) -> None:
    """After a new password: whoever knew the old one keeps no way back in.

    An address that waits to be confirmed could still be, or get a link for another password.
    `by_mail`: chosen by the link in a mail. If nobody had proved before that the address is his,
    the account may have been made by somebody else in his name, so the accounts at providers go
    as well; he can connect his own again.
    """
    addresses = EmailAddress.objects.filter(user=member)
    addresses.filter(verified=False).exclude(email__iexact=member.email).delete()
    if by_mail and not addresses.filter(verified=True, email__iexact=member.email).exists():
        for account in SocialAccount.objects.filter(user=member):
            disconnect_account(account=account)
