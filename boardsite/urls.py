"""The site's addresses. Boards come last: their first word is any board's name."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

from boardsite.views import reports, site

handler400 = "boardsite.views.refusals.bad_request"
handler403 = "boardsite.views.refusals.permission_denied"
handler404 = "boardsite.views.refusals.not_found"
handler500 = "boardsite.views.refusals.server_error"

urlpatterns = [
    path("healthz", site.healthz, name="healthz"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", site.robots_txt, name="robots_txt"),
    path("admin/reports/", admin.site.admin_view(reports.show_first_report), name="show_reports"),
    path(
        "admin/reports/<slug:slug>/",
        admin.site.admin_view(reports.show_report),
        name="show_report",
    ),
    path("admin/accounts/member/", include("boards.admin.urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    *([path("visits/", include("visits.urls"))] if apps.is_installed("visits") else []),
    *([path("sources/", include("collector.urls"))] if apps.is_installed("collector") else []),
    path("", include("boards.urls")),
]
