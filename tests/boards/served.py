"""The WSGI application that test_send_files.py runs in its own server.

It serves unprocessed static files; everything else follows the settings.
"""

import os
import sys

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
    import django

    from boardsite import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    django.setup()

    from boardsite.server.listening import address_of, open_asked_sockets
    from boardsite.server.site import serve_site, worker_count

    opened = open_asked_sockets(worker_count())
    sys.exit(serve_site(opened, lambda: print(address_of(opened), flush=True)))
