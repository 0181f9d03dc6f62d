from django.apps import AppConfig

from boardsite.converters import register_converters


class BoardsiteConfig(AppConfig):
    name = "boardsite"
    verbose_name = "사이트"

    def ready(self):
        register_converters()  # before any urls.py is read
