"""One module imports allauth's internals, and these tests notice when they change."""

import inspect

import pytest

from accounts import allauth_internals
from tests.sources import parsed_sources
from tests.test_arrows import modules

SIGNATURES = {
    "complete_authentication": "(user, response)",
    "filter_users_by_email": "(email, *, is_active=None, prefer_verified=False, for_login=False)",
    "get_address_for_login": "(login)",
    "get_authentication_records": "(request, user=None)",
    "get_reauthentication_flows": "(user)",
    "get_user_by_username": "(username)",
    "parse_authentication_response": "(response)",
    "raise_if_reauthentication_required": "(request, *, app)",
    "send_verification_email_to_address": (
        "(request, address, signup=False, process=None, skip_enumeration_mails=False)"
    ),
    "validate_totp_code": "(secret, code)",
}


@pytest.mark.parametrize("name", allauth_internals.__all__)
def test_the_signature_of_an_internal_function_is_unchanged(name):
    signature = inspect.signature(getattr(allauth_internals, name))
    plain = [each.replace(annotation=each.empty) for each in signature.parameters.values()]
    assert str(inspect.Signature(plain)) == SIGNATURES[name]


def test_no_other_module_imports_them():
    wrong = [
        f"{path} imports {module}"
        for path, tree in parsed_sources()
        if path.as_posix() != "accounts/allauth_internals.py"
        for module in modules(tree)
        if module.startswith("allauth.") and ".internal" in module
    ]
    assert wrong == []
