"""Placeholder until the accounts pages land."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("profile/", lambda request: HttpResponse("profile"), name="edit_profile")]
