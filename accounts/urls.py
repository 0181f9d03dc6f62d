"""Addresses of members, but for those that are allauth's."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from accounts import views


class Username(StringConverter):
    """What can be an 아이디; anything else is 404 before the database is asked."""

    regex = "[A-Za-z0-9_]{1,20}"


register_converter(Username, "username")

urlpatterns = [
    path("accounts/profile/", views.edit_profile, name="edit_profile"),
    path("accounts/email/", views.change_email, name="account_email"),
    path("members/<username:username>/picture/", views.member_picture, name="member_picture"),
]
