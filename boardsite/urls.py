"""The site's addresses. Boards come last: their first word is any board's name."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

from boardsite import views

handler400 = "boardsite.views.bad_request"
handler403 = "boardsite.views.permission_denied"
handler404 = "boardsite.views.not_found"
handler500 = "boardsite.views.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots_txt, name="robots_txt"),
    path("admin/reports/<slug:slug>/", views.show_report, name="show_report"),
    path("admin/accounts/member/", include("boards.admin.urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    *([path("visits/", include("visits.urls"))] if apps.is_installed("visits") else []),
    path("", include("boards.urls")),
]
