"""The public URLs of the collector, below /sources/."""

from django.urls import path

from collector import views

urlpatterns = [
    # The text of each collected post contains this URL, so it must not change.
    path("<pk:pk>/complain/", views.complain, name="complain"),
    path("<pk:pk>/complain/sent/", views.complaint_sent, name="complaint_sent"),
]
