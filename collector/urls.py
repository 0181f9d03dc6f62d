"""Addresses of the collector for everybody, below /sources/."""

from django.urls import path

from collector import views

urlpatterns = [
    # Stands in the text of each collected post, so it must stay.
    path("<pk:pk>/complain/", views.complain, name="complain"),
    path("<pk:pk>/complain/sent/", views.complaint_sent, name="complaint_sent"),
]
