"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "boardsite.settings")

application = get_wsgi_application()

if connection.vendor == "postgresql":
    from boardsite.databases.postgresql import limits

    limits.begin()  # whatever server answers the requests
