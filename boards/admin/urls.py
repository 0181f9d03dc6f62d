"""Pages of the admin that belong to no list of this app; they stand before the admin's own."""

from django.contrib import admin
from django.urls import path

from boards.admin.erasing import erase_member_view
from boards.admin.merging import merge_members_view

urlpatterns = [
    path("merge/", admin.site.admin_view(merge_members_view), name="merge_members"),
    path("erase/", admin.site.admin_view(erase_member_view), name="erase_member"),
]
