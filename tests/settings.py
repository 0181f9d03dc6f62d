"""The settings of the site with temporary files."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
_folder = tempfile.mkdtemp(prefix="boardsite-tests-")
os.environ["DATA_DIR"] = _folder
os.environ.setdefault("CACHE_URL", "locmemcache://")

from boardsite.settings import *
from boardsite.settings import BASE_DIR, DATABASES, STORAGES, TEMPLATES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILS_IN_BACKGROUND = False  # a test reads its mails at once
VIEWS_WRITE_SECONDS = 0  # no thread: views are counted at once
VISITS_WRITE_SECONDS = 0  # no thread: a test writes page views explicitly
VISITS_ROBOT_CHECK = ""  # no network
ROBOT_PAGES = 0  # a client that is no browser counts as a robot
COLLECT_JOBS = 1  # in the thread of the test, which can see uncommitted rows
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "static"
TEMPLATES[0]["OPTIONS"]["is_strict"] = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file instead of memory, because threads and the live server share transactions.
    _database["TEST"] = {"NAME": os.path.join(_folder, "test.sqlite3")}
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # no power cut to survive
else:
    _suffix = os.environ.get("PYTEST_DB_SUFFIX", "")
    _database["TEST"] = {"NAME": f"test_boardsite{_suffix and '_' + _suffix}"}
