from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpkeepConfig(AppConfig):
    name = "upkeep"
    verbose_name = _("백업과 점검")
    admin_menu: ClassVar = {"tools": ("Backup",)}

    def ready(self) -> None:
        from upkeep.backups.switching import finish_interrupted

        finish_interrupted()
