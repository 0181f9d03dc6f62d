"""What a new password ends, besides the sessions of the old one."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from accounts.actions.social import disconnect_account
from accounts.models import Member


def end_old_claims(*, member: Member, by_mail: bool = False) -> None:
    """After a new password, removes every way back in for somebody who knew the old one.

    An unconfirmed new address could still be confirmed or receive a reset link, so it is removed.
    `by_mail`: the password was set by a mailed link. If the address was unconfirmed before,
    somebody else may have created the account, so the accounts at providers are removed as well;
    the member can connect their own again."""
    addresses = EmailAddress.objects.filter(user=member)
    addresses.filter(verified=False).exclude(email__iexact=member.email).delete()
    if by_mail and not addresses.filter(verified=True, email__iexact=member.email).exists():
        for account in SocialAccount.objects.filter(user=member):
            disconnect_account(account=account)
