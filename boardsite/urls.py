"""The site's URLs. Boards come last, because any word may be the slug of a board."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

from boardsite.views import first_steps, health, reports, site

handler400 = "boardsite.views.refusals.bad_request"
handler403 = "boardsite.views.refusals.permission_denied"
handler404 = "boardsite.views.refusals.not_found"
handler500 = "boardsite.views.refusals.server_error"
handler429 = "boardsite.views.refusals.too_many"  # allauth's

urlpatterns = [
    # boardsite.health.middleware answers these before any other middleware
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("readyz", health.readyz, name="readyz"),
    path(".well-known/security.txt", site.security_txt, name="security_txt"),
    path("robots.txt", site.robots_txt, name="robots_txt"),
    path("admin/reports/", admin.site.admin_view(reports.show_first_report), name="show_reports"),
    path(
        "admin/reports/<text:slug>/",
        admin.site.admin_view(reports.show_report),
        name="show_report",
    ),
    path(
        "admin/first-steps/",
        admin.site.admin_view(first_steps.list_first_steps),
        name="list_first_steps",
    ),
    path("admin/accounts/member/", include("boards.admin.urls")),
    *([path("", include("importer.urls"))] if apps.is_installed("importer") else []),
    path("admin/boards/", include("boards.admin.board_urls")),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    *([path("visits/", include("visits.urls"))] if apps.is_installed("visits") else []),
    *([path("sources/", include("collector.urls"))] if apps.is_installed("collector") else []),
    *([path("", include("pages.urls"))] if apps.is_installed("pages") else []),
    path("favicon.ico", site.favicon),  # unless the owner has chosen an icon
    path("", include("boards.urls")),
]
