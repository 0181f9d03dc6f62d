from django.apps import AppConfig
from django.core.checks import register

from accounts.checks import check_audience


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "회원"

    def ready(self):
        from accounts import shown, signals  # need the models
        from boardsite import versions

        versions.watch(*shown.tables())
        register(check_audience)
        signals.connect()
