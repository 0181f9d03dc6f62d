from django.apps import AppConfig


class BoardsiteConfig(AppConfig):
    name = "boardsite"
    verbose_name = "사이트"
