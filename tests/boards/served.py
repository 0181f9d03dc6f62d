"""The site under its own server, for test_send_files.py: static files as they lie, all else as the
settings say."""

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

    from boardsite.listen import address_of, open_asked_sockets
    from boardsite.serve import serve_site

    sockets = open_asked_sockets()
    sys.exit(serve_site(sockets, lambda: print(address_of(sockets), flush=True)))
