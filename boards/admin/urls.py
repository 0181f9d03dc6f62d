"""Admin pages that do not belong to a model admin of this app; included before the admin's own
URLs."""

from django.contrib import admin
from django.urls import path

from boards.admin.addresses import find_address, look_at_addresses
from boards.admin.erasing import erase_member_view
from boards.admin.merging import merge_members_view

urlpatterns = [
    path("addresses/", admin.site.admin_view(find_address), name="find_address"),
    path(
        "addresses/<str:kind>/<int:number>/",
        admin.site.admin_view(look_at_addresses),
        name="look_at_addresses",
    ),
    path("merge/", admin.site.admin_view(merge_members_view), name="merge_members"),
    path("erase/", admin.site.admin_view(erase_member_view), name="erase_member"),
]
