import platform

import django
from django.core.management.base import BaseCommand
from django.db import connection

from boardsite import __version__


class Command(BaseCommand):
    help = "이 사이트와 그 바탕(Django, Python, 데이터베이스)의 버전을 보여 줍니다."
    requires_system_checks = []  # must work on a broken site: bug reports begin with the version

    def handle(self, **options):
        self.stdout.write(f"Boardsite {__version__}")
        self.stdout.write(f"Django {django.__version__}, Python {platform.python_version()}")
        connection.ensure_connection()
        version = ".".join(map(str, connection.get_database_version()))
        self.stdout.write(f"{connection.display_name} {version}")
