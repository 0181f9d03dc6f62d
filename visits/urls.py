"""URLs of the visitor counter, below /visits/."""

from django.urls import path

from visits import views

urlpatterns = [
    path("now/", views.list_present, name="list_present"),
    path("beacon/<text:name>.svg", views.show_beacon, name="show_beacon"),
]
