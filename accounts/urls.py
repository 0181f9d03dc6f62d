"""Addresses of members, but for those that are allauth's."""

from django.urls import path

from accounts.views import blocks, members, messages, notifications, points

urlpatterns = [
    path("accounts/profile/", members.edit_profile, name="edit_profile"),
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
    path("notifications/<pk:pk>/", notifications.open_notification, name="open_notification"),
    path(
        "notifications/<pk:pk>/delete/",
        notifications.delete_notification,
        name="delete_notification",
    ),
]
