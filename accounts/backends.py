"""Who is behind a session: a suspended or leaving member is nobody from the next request on."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Member
from accounts.queries.members import find_member


class MemberBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> Member | None:
        member = find_member(user_id)
        is_let_in = member is not None and self.user_can_authenticate(member)
        return member if is_let_in and not member.is_shut_out else None
