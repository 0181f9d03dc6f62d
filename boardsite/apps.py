from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from boardsite.converters import register_converters


class BoardsiteConfig(AppConfig):
    name = "boardsite"
    verbose_name = "사이트"

    def ready(self):
        register_converters()  # before any urls.py is read
        import_module("boardsite.alarms")  # beside dashboard.py, which is what they register at
        autodiscover_modules("reports", "dashboard", "places")
