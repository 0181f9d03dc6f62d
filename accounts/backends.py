"""Who is behind a session: a suspended or leaving member is nobody from the next request on."""

from allauth.account.auth_backends import AuthenticationBackend


class MemberBackend(AuthenticationBackend):
    def get_user(self, user_id):
        member = super().get_user(user_id)
        return None if member is None or member.is_shut_out else member
