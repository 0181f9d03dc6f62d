from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("접속자집계")
    admin_position = 5
    admin_menu: ClassVar = {
        "statistics": (
            "DayCount",
            "DayVisitor",
            "VisitSettings",
            "admin:import_old_counts",
            "admin:judge_visitors_again",
        ),
    }
    # Rights by role, as in accounts.roles, which this app does not import.
    role_rights: ClassVar = {
        "staff": (
            "visits.change_daycount",
            "visits.view_dayvisitor",
            "visits.view_visitsettings",
            "visits.change_visitsettings",
        ),
        "statistics": ("visits.view_daycount",),
    }

    def ready(self) -> None:
        from django.core.checks import register

        from boardsite.caching import page_cache, triggers
        from boardsite.caching.versions import SITE
        from visits import checks, counter, signals
        from visits.models import VisitSettings

        register(checks.check_robot_check)
        signals.connect()
        settings = VisitSettings._meta
        triggers.watch(triggers.Watched(settings.db_table, str(settings.model_name), str(SITE)))
        page_cache.register("visit_counts", counter.visit_counts, counter.today_query)
