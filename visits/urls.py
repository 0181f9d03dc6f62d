"""Addresses of the visitor counter, below /visits/."""

from django.urls import path

from visits import views

urlpatterns = [
    path("now/", views.list_present, name="list_present"),
    path("leaf/<str:name>.svg", views.show_leaf, name="show_leaf"),
]
