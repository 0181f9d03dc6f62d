from typing import ClassVar

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from accounts.checks import check_audience
from accounts.roles import GIVE, STAFF, rights_on


def names_of_log_ins() -> list[str]:
    """Names of the URLs where people log in, prove who they are, and log out."""
    providers = [
        app.rpartition(".")[2]
        for app in settings.INSTALLED_APPS
        if app.startswith("allauth.socialaccount.providers.")
    ]
    own = "login logout reauthenticate request_login_code confirm_login_code".split()
    factors = "authenticate reauthenticate reauthenticate_webauthn login_webauthn".split()
    return [
        *(f"account_{name}" for name in own),
        *(f"mfa_{name}" for name in factors),
        *(f"{provider}_{name}" for provider in providers for name in ("login", "callback")),
    ]


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "회원"
    admin_position = 4
    admin_menu: ClassVar = {
        "members": (
            "Member",
            "Message",
            "Mailing",
            "Bounce",
            "MemberSettings",
            "LevelRule",
            "PointEntry",
            "PointSettings",
            "Invitation",
            "AddressBlock",
            "find_address",  # of boards
            "AddressLook",
            "LegalText",
            "Consent",
            "socialaccount.SocialApp",
            "account.EmailAddress",
            "mfa.Authenticator",
            "merge_members",  # of boards, like the next
            "erase_member",
        ),
    }
    role_rights: ClassVar = {
        STAFF: (GIVE, *rights_on("accounts.member", "add"), "accounts.export_members"),
        "members": (
            *rights_on("accounts.member", "view", "change"),
            "accounts.suspend_member",
            "accounts.view_addresses",
        ),
    }

    def ready(self):
        from accounts import invalidation, signals  # need the models to be loaded
        from accounts.queries.address_blocks import is_site_blocked
        from boardsite.availability import refusing
        from boardsite.caching import page_cache, triggers

        triggers.watch(*invalidation.tables())
        page_cache.exclude(is_site_blocked)
        refusing.always_allow(names_of_log_ins())
        register(check_audience)
        signals.connect()
