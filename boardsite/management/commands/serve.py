import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from boardsite.caching import file_cache
from boardsite.databases.schema import WrongSchema, read_schema
from boardsite.server.listening import CannotListen, address_of, open_asked_sockets
from boardsite.server.site import serve_site, worker_count
from boardsite.site_identity import WrongData, require_own_data, settle


class Command(BaseCommand):
    help = "준비된 사이트를 엽니다 (HOST, PORT, WEB_CONCURRENCY)."
    requires_system_checks = []  # they would slow down each start; use `manage.py check`

    def handle(self, **options):
        try:
            opened = open_asked_sockets(worker_count())
        except CannotListen as trouble:
            raise CommandError(trouble) from None
        try:
            require_own_data()
            schema = read_schema()
            if not schema.is_empty:  # else /readyz says that there are no tables
                schema.require_fit()
                settle()
        except (WrongData, WrongSchema) as explanation:
            raise CommandError(explanation) from None
        file_cache.prepare()
        sys.exit(serve_site(opened, lambda: self.announce(address_of(opened))))

    def announce(self, address: str) -> None:
        self.stdout.write(_("%s 에서 엽니다. 멈추려면 Ctrl-C를 누릅니다.") % address)
        self.stdout.flush()
