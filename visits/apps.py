from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("접속자집계")

    def ready(self) -> None:
        from django.core.checks import register

        from boardsite import pagecache
        from visits import checks, counter, signals

        register(checks.check_robot_check)
        signals.connect()
        pagecache.fill_with("visit_counts", counter.visit_counts, counter.ask_today)
