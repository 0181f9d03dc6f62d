"""Addresses of members, but for those that are allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("accounts/profile/", views.edit_profile, name="edit_profile"),
    path("accounts/email/", views.change_email, name="account_email"),
    path("members/<username:username>/picture/", views.member_picture, name="member_picture"),
]
