"""The URLs of the site and an empty page, to which everything is compared."""

from django.http import HttpResponse
from django.urls import path

from boardsite.urls import handler400, handler403, handler404, handler500
from boardsite.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

FLOOR = "bench-floor/"


def floor(request):
    return HttpResponse("<p>글</p>")


urlpatterns = [path(FLOOR, floor), *site]
