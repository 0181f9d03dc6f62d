"""Admin pages about boards that do not belong to a model admin; included before the admin's own
URLs."""

from django.contrib import admin
from django.urls import path

from boards.admin.demo import clear_demo_view

urlpatterns = [path("demo/", admin.site.admin_view(clear_demo_view), name="clear_demo")]
