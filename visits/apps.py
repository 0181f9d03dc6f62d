from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("접속자집계")

    def ready(self) -> None:
        from boardsite import worker
        from visits import tallies

        worker.before_end.append(tallies.write_now)
