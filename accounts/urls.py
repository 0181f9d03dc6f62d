"""Addresses of members, but for those that are allauth's."""

from django.urls import path

from accounts.queries.social import NAMES
from accounts.views import (
    blocks,
    consents,
    invitations,
    joining,
    leaving,
    members,
    messages,
    notifications,
    points,
    second_factors,
    sessions,
    social,
    suspending,
)

urlpatterns = [
    path("accounts/apple/login/callback/", social.apple_callback, name="apple_callback"),
    path("accounts/google/login/token/", social.not_offered),
    *(
        path(f"accounts/{id}/login/", social.leave_for_provider, {"provider": id}, f"{id}_login")
        for id in NAMES
    ),
    path("accounts/3rdparty/", social.list_connections, name="socialaccount_connections"),
    path("accounts/2fa/totp/activate/", second_factors.activate_totp, name="mfa_activate_totp"),
    path(
        "accounts/2fa/recovery-codes/",
        second_factors.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        second_factors.reauthenticate_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/sessions/", sessions.list_sessions, name="list_sessions"),
    path("accounts/sessions/<pk:pk>/end/", sessions.end_session, name="end_session"),
    path("accounts/sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
    path("accounts/profile/", members.edit_profile, name="edit_profile"),
    path("accounts/check-name/", members.check_name, name="check_name"),
    path("accounts/consents/", consents.list_consents, name="list_consents"),
    path("accounts/consents/agree/", consents.agree_anew, name="agree_anew"),
    path(
        "accounts/consents/marketing/agree/",
        consents.agree_to_marketing,
        name="agree_to_marketing",
    ),
    path(
        "accounts/consents/marketing/withdraw/",
        consents.withdraw_marketing,
        name="withdraw_marketing",
    ),
    path("terms/", consents.show_terms, name="show_terms"),
    path("terms/<number:version>/", consents.show_terms, name="show_terms"),
    path("privacy/", consents.show_privacy, name="show_privacy"),
    path("privacy/<number:version>/", consents.show_privacy, name="show_privacy"),
    path("accounts/leave/", leaving.leave_site, name="leave_site"),
    path("members/<username:username>/suspend/", suspending.suspend_member, name="suspend_member"),
    path("members/<username:username>/lift/", suspending.lift_suspension, name="lift_suspension"),
    path("accounts/leave/suspended/", leaving.leave_suspended, name="leave_suspended"),
    path("accounts/return/", leaving.return_to_site, name="return_to_site"),
    path("accounts/invitations/", invitations.list_invitations, name="list_invitations"),
    path("accounts/invitations/make/", invitations.make_invitation, name="make_invitation"),
    path("accounts/captcha/", joining.captcha_challenge, name="captcha_challenge"),
    path("accounts/confirm-email/again/", joining.send_confirmation, name="send_confirmation"),
    path("accounts/email/", members.change_email, name="account_email"),
    path("members/<username:username>/picture/", members.member_picture, name="member_picture"),
    path("accounts/blocks/", blocks.list_blocks, name="list_blocks"),
    path("members/<username:username>/block/", blocks.block_member, name="block_member"),
    path("members/<username:username>/unblock/", blocks.unblock_member, name="unblock_member"),
    path("points/", points.list_points, name="list_points"),
    path("ranking/", points.list_ranking, name="list_ranking"),
    path("messages/", messages.list_messages, name="list_messages"),
    path("messages/write/", messages.write_message, name="write_message"),
    path("messages/<pk:pk>/", messages.show_message, name="show_message"),
    path("messages/<pk:pk>/delete/", messages.delete_message, name="delete_message"),
    path("messages/<pk:pk>/report/", messages.report_message, name="report_message"),
    path("notifications/", notifications.list_notifications, name="list_notifications"),
    path("notifications/read/", notifications.read_notifications, name="read_notifications"),
    path("notifications/choose/", notifications.choose_notifications, name="choose_notifications"),
    path("notifications/unsubscribe/<str:token>/", notifications.unsubscribe, name="unsubscribe"),
    path("notifications/<pk:pk>/", notifications.open_notification, name="open_notification"),
    path(
        "notifications/<pk:pk>/delete/",
        notifications.delete_notification,
        name="delete_notification",
    ),
]
