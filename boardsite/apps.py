from importlib import import_module
from typing import ClassVar

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules

from boardsite.checks import check_files
from boardsite.converters import register_converters
from boardsite.databases.sqlite3.files import when_replaced
from boardsite.private_files import protect


class BoardsiteConfig(AppConfig):
    name = "boardsite"
    verbose_name = "사이트"
    admin_position = 1
    admin_menu: ClassVar = {
        "site": ("SiteSettings", "MailSettings", "Maintenance"),
        "statistics": ("show_reports",),
        "tools": ("ChoreRun",),
    }
    role_rights: ClassVar = {
        "staff": (
            "boardsite.view_sitesettings",
            "boardsite.change_sitesettings",
            "boardsite.view_chorerun",
            "boardsite.view_maintenance",
            "boardsite.change_maintenance",
        ),
        "statistics": ("boardsite.view_statistics",),
    }

    def ready(self):
        protect()
        register_converters()  # before any urls.py is imported
        register(check_files)
        triggers = import_module("boardsite.caching.triggers")  # needs the models to be loaded
        pre_migrate.connect(triggers.before_migrate, sender=self)
        post_migrate.connect(triggers.after_migrate, sender=self)
        when_replaced.append(import_module("boardsite.site_identity").note_replacement)
        notices = import_module("boardsite.availability.notices")
        page_cache = import_module("boardsite.caching.page_cache")
        page_cache.register("read_only_notice", notices.visitors_notice)
        import_module("boardsite.reporting.alarms")  # beside dashboard.py, whose registry they use
        autodiscover_modules("reports", "dashboard", "places", "measures")
