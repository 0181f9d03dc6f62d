"""The only module that imports allauth's `internal` modules, which may change without notice.

allauth has no public way to do these things, or only one that is to be deprecated
(`allauth.account.utils`). `tests/accounts/test_allauth_internals.py` fails when an update of
allauth changes one of them."""

from allauth.account.internal.flows.email_verification import (
    get_address_for_login,
    send_verification_email_to_address,
)
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.internal.auth import (
    complete_authentication,
    parse_authentication_response,
)

__all__ = [
    "complete_authentication",
    "filter_users_by_email",
    "get_address_for_login",
    "get_authentication_records",
    "get_reauthentication_flows",
    "get_user_by_username",
    "parse_authentication_response",
    "raise_if_reauthentication_required",
    "send_verification_email_to_address",
    "validate_totp_code",
]
