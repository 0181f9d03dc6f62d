"""Included before the admin's own URLs, because one page stands among these."""

from django.contrib import admin
from django.urls import path

from importer.admin import show_move
from importer.views import choose_username

urlpatterns = [
    path("accounts/new-username/", choose_username, name="choose_username"),
    path("admin/move/", admin.site.admin_view(show_move), name="show_move"),
]
