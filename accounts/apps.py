from django.apps import AppConfig
from django.core.checks import register

from accounts.checks import check_audience


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "회원"

    def ready(self):
        from accounts import shown, signals  # need the models
        from accounts.queries.address_blocks import is_shut_out
        from boardsite import pagecache, triggers

        triggers.watch(*shown.tables())
        pagecache.never_for(is_shut_out)
        register(check_audience)
        signals.connect()
