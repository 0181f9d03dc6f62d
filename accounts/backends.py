"""Authenticates members. A suspended or leaving member is anonymous from the next request on."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.allauth_internals import filter_users_by_email, get_user_by_username
from accounts.models import Member
from accounts.permissions import SuspendedVisitor
from accounts.queries.members import find_member
from accounts.roles import rights_of_roles


class MemberBackend(AuthenticationBackend):
    def _authenticate(
        self, request, username: str = "", email: str = "", password: str = "", **_others
    ) -> Member | None:
        """Checks at most one member's password. Without a member, allauth hashes the password all
        the same, so every log-in costs one hash and its duration reveals nothing.

        allauth's own backend checks each member whom the input could mean, and an e-mail address
        twice."""
        return self._check_password(_named(username or "", email or ""), password)

    def get_all_permissions(self, user_obj: Member, obj=None) -> set[str]:
        """Django's, and those of the member's roles."""
        found = super().get_all_permissions(user_obj, obj)
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return found
        return found | rights_of_roles(user_obj.roles)

    def has_perm(self, user_obj: Member, perm: str, obj=None) -> bool:
        """Asks the roles first, which needs no query."""
        if obj is None and not user_obj.is_anonymous and user_obj.has_role_right(perm):
            return True
        return super().has_perm(user_obj, perm, obj=obj)

    def has_module_perms(self, user_obj: Member, app_label: str) -> bool:
        return user_obj.is_active and any(
            right.startswith(f"{app_label}.") for right in self.get_all_permissions(user_obj)
        )

    def get_user(self, user_id: int) -> Member | SuspendedVisitor | None:
        member = find_member(user_id)
        if member is None or not self.user_can_authenticate(member):
            return None
        if member.is_locked_out:
            return None if member.left_at is not None else SuspendedVisitor(member)
        return member


def _named(username: str, email: str) -> Member | None:
    """The member with this username or address. The log-in form passes an address as both.

    Several members may wait to confirm the same address: the one who has confirmed it comes first.
    """
    if username and (member := get_user_by_username(username)):
        return member
    if username and settings.OLD_NAMES and (member := import_string(settings.OLD_NAMES)(username)):
        return member
    address = (email or username).lower()
    if "@" not in address:
        return None
    found = filter_users_by_email(address, prefer_verified=True, for_login=True)
    return min(found, key=lambda each: (each.email.lower() != address, each.pk), default=None)
