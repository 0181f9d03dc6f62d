from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImporterConfig(AppConfig):
    name = "importer"
    verbose_name = _("이사")
    admin_menu: ClassVar = {"tools": ("show_move",)}

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from importer.new_names import note_log_in

        user_logged_in.connect(note_log_in, dispatch_uid="importer")
