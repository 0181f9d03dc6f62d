from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts.roles import rights_on


class CollectorConfig(AppConfig):
    name = "collector"
    verbose_name = _("수집기")
    admin_position = 6
    admin_menu: ClassVar = {
        "writing": ("Complaint",),
        "collector": ("Source", "SeenEntry", "SourceEvent"),
    }
    role_rights: ClassVar = {
        "collector": (
            *rights_on("collector.source"),
            *rights_on("collector.complaint", "view", "change"),
            *rights_on("collector.seenentry", "view"),
            *rights_on("collector.sourceevent", "view"),
        ),
    }
