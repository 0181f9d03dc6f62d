"""Disconnects a member's accounts at providers. allauth connects them."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.signals import social_account_removed
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.locking import lock_members
from accounts.permissions import Refused
from accounts.queries.social import is_only_way_in


def disconnect_account(*, account: SocialAccount) -> None:
    """`account`, at a provider, can no longer be used to log in. The member gets a
    mail.

    Raises Refused where it is their only way to log in."""
    with transaction.atomic():
        lock_members(account.user_id)
        if is_only_way_in(account):
            raise Refused(
                _("이 계정을 끊으면 로그인할 방법이 없습니다. 먼저 비밀번호를 정해 주세요.")
            )
        member = account.user
        account.delete()
        social_account_removed.send(sender=SocialAccount, request=None, socialaccount=account)
    get_adapter().send_notification_mail(
        "socialaccount/email/account_disconnected", member, {"account": account}
    )
