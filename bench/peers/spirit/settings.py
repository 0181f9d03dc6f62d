"""Spirit as `spirit startproject forum` makes it for production, with PostgreSQL."""

import os
from pathlib import Path

from forum.settings.prod import *

from bench.peers.databases import postgresql

FOLDER = Path(os.environ["PEER_FOLDER"])
SECRET_KEY = "only-to-measure-" + "x" * 40
ALLOWED_HOSTS = ["*"]
ST_SITE_URL = "http://127.0.0.1/"
DATABASES = {"default": postgresql(os.environ["PEER_DATABASE"])}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_ROOT = FOLDER / "static"
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": str(FOLDER / "search"),
    }
}
