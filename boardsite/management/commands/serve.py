import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from boardsite.listen import CannotListen, address_of, open_asked_sockets
from boardsite.serve import serve_site


class Command(BaseCommand):
    help = "준비된 사이트를 엽니다 (HOST, PORT, WEB_CONCURRENCY)."
    requires_system_checks = []  # each start would pay for them; `manage.py check` is at hand

    def handle(self, **options):
        try:
            sockets = open_asked_sockets()
        except CannotListen as trouble:
            raise CommandError(trouble) from None
        sys.exit(serve_site(sockets, lambda: self.announce(address_of(sockets))))

    def announce(self, address: str) -> None:
        self.stdout.write(_("%s 에서 엽니다. 멈추려면 Ctrl-C를 누릅니다.") % address)
        self.stdout.flush()
