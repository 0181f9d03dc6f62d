from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules

from boardsite.checks import check_files
from boardsite.converters import register_converters


class BoardsiteConfig(AppConfig):
    name = "boardsite"
    verbose_name = "사이트"

    def ready(self):
        register_converters()  # before any urls.py is read
        register(check_files)
        triggers = import_module("boardsite.triggers")  # needs the models
        pre_migrate.connect(triggers.before_migrate, sender=self)
        post_migrate.connect(triggers.after_migrate, sender=self)
        import_module("boardsite.alarms")  # beside dashboard.py, which is what they register at
        autodiscover_modules("reports", "dashboard", "places")
