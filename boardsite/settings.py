"""Settings of the site.

Every value that an operator may change comes from the environment or from `.env` beside manage.py
and is described in docs/settings.md (a test compares the two). The defaults are safe: no debug
pages, only local host names, and secure cookies as soon as SITE_URL is https. Settings that an
owner changes while the site runs are a row in the admin (SiteSettings), not variables here.
`fixed_settings` holds what neither sets."""

import importlib.util
import os
from pathlib import Path
from typing import Any

import environ
from django.conf.global_settings import PASSWORD_HASHERS as DEFAULT_HASHERS

from boardsite import env_file
from boardsite.fixed_settings import *
from boardsite.mail.mail_url import read_mail_url

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
FROM_ENVIRONMENT = frozenset(os.environ)  # the others are from `.env`
# `.env` speaks of its own DATA_DIR: its SITE_ID says nothing about a folder named elsewhere.
HAS_OTHER_DATA_DIR = "DATA_DIR" in FROM_ENVIRONMENT and "SITE_ID" not in FROM_ENVIRONMENT
env_file.read(BASE_DIR / ".env")

# -- What an operator sets (docs/settings.md) ------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")  # without a key Django refuses to start
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', '8000')}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))
SITE_ID = "" if HAS_OTHER_DATA_DIR else env.str("SITE_ID", default="")
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT_MB", default=64) * 1024 * 1024
UPLOAD_DAY_LIMIT = env.int("UPLOAD_DAY_LIMIT_MB", default=500) * 1024 * 1024
BIN_DAYS = env.int("BIN_DAYS", default=30)
DRAFT_DAYS = env.int("DRAFT_DAYS", default=90)
ACCEL_REDIRECT = env.str("ACCEL_REDIRECT", default="")
TRUSTED_PROXY = env.str("TRUSTED_PROXY", default="") or None
ROBOT_PAGES = env.int("ROBOT_PAGES", default=120)
DEMO = env.bool("DEMO", default=True)
HOUSEKEEPING = env.bool("HOUSEKEEPING", default=True)
ALARM_MAIL = env.list("ALARM_MAIL", default=["owners"])
ALARM_WEBHOOK = env.str("ALARM_WEBHOOK", default="")
ALARM_COMMAND = env.str("ALARM_COMMAND", default="")
MONITORING_TOKEN = env.str("MONITORING_TOKEN", default="")
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(DATA_DIR / "backups")))
BACKUP_TO = env.str("BACKUP_TO", default="")
BACKUP_KEY = env.str("BACKUP_KEY", default="")
BACKUP_NIGHTLY = env.bool("BACKUP_NIGHTLY", default=True)
BACKUP_HOURS = env.float("BACKUP_HOURS", default=6)
WEBSUB_HUB = env.str("WEBSUB_HUB", default="")
VIEWS_WRITE_SECONDS = env.float("VIEWS_WRITE_SECONDS", default=2)

# -- Parts -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "boards",
    "accounts",
    "boardsite",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.kakao",
    "allauth.socialaccount.providers.naver",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.apple",
    "allauth.socialaccount.providers.github",
    "boardsite.admin_site.OrderedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "boardsite.health.middleware.AnswerProbes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "boardsite.compression.CompressText",
    "boardsite.middleware.LimitRobots",
    "boardsite.middleware.ReadFromReplica",
    "boardsite.caching.page_cache.PageCacheMiddleware",
    "boardsite.middleware.EnterDatabase",
    "boardsite.content_policy.ContentPolicy",
    "boardsite.middleware.RefuseAddresses",
    "boardsite.middleware.SaveSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "boardsite.middleware.RefuseForeignForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.BlockAddresses",
    "boardsite.middleware.CloseForMaintenance",
    "boardsite.availability.refusing.RefuseWrites",
    "accounts.middleware.PlainUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SuspendShortForms",
    "accounts.middleware.OwnSiteInTemplates",
    "accounts.middleware.RewardFirstVisit",
    "accounts.middleware.RecordDevice",
    "accounts.middleware.AskConsents",
    "boardsite.middleware.RenderTooMany",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "boardsite.context.site",
    "accounts.context.providers",
    "boards.context.navigation",
]

# The visitor counter can be removed: delete these lines (or the folder) and the site still runs.
if importlib.util.find_spec("visits") and env.bool("VISITS", default=True):
    INSTALLED_APPS += ["visits"]
    # Outside of the page cache, because cached pages count too.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("boardsite.caching.page_cache.PageCacheMiddleware"),
        "visits.middleware.CountVisits",
    )

# The collector of articles (수집기) can be removed in the same way.
if importlib.util.find_spec("collector") and env.bool("COLLECTOR", default=True):
    INSTALLED_APPS += ["collector"]
# 사이트 꾸미기, menus, content pages, popups and banners can be removed in the same way.
if importlib.util.find_spec("pages") and env.bool("PAGES", default=True):
    INSTALLED_APPS += ["pages"]
    MIDDLEWARE.append("pages.preview.PreviewMiddleware")
OLD_NAMES = ""  # a function: the member whom an 아이디 from another site names
# The import of gnuboard5 sites can be removed once nobody follows old addresses any more.
if importlib.util.find_spec("importer") and env.bool("IMPORTER", default=True):
    INSTALLED_APPS += ["importer"]
    PASSWORD_HASHERS = [*DEFAULT_HASHERS, "importer.passwords.GnuboardHasher"]
    # Inside of CommonMiddleware, which adds slashes, and behind the member.
    MIDDLEWARE.append("importer.old_addresses.RedirectOldAddresses")
    # Who has to choose a new 아이디 logs in with the old one until then (accounts.backends).
    OLD_NAMES = "importer.new_names.find_by_old_name"
    MIDDLEWARE.append("importer.new_names.AskForNewName")
# Backups, checks and updates can be removed in the same way, where other tools take care of them.
if importlib.util.find_spec("upkeep") and env.bool("UPKEEP", default=True):
    INSTALLED_APPS += ["upkeep"]
# How many sources `manage.py collect` fetches at once.
COLLECT_JOBS = env.int("COLLECT_JOBS", default=4)

# Seconds between two writes of a worker's tallies; new visitors are written at once.
VISITS_WRITE_SECONDS = env.float("VISITS_WRITE_SECONDS", default=10)
# The function that verifies a robot's identity; without it none is verified.
VISITS_ROBOT_CHECK = env.str("VISITS_ROBOT_CHECK", default="visits.robots.by_reverse_name")

ROOT_URLCONF = "boardsite.urls"
WSGI_APPLICATION = "boardsite.wsgi.application"
TEMPLATES = [
    {  # the public site: files that end in .jinja (0041)
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "boardsite.jinja.environment",
            "context_processors": CONTEXT_PROCESSORS,
            "is_strict": DEBUG,
        },
    },
    {  # the admin and mails
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
]
FORM_RENDERER = "boardsite.forms.SiteFormRenderer"

# -- Database --------------------------------------------------------------------------------------
# SQLite needs IMMEDIATE (else busy writers fail at once) and WAL; see docs/decisions/0002.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-512;"
        "PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;"
        "PRAGMA wal_autocheckpoint=4000;"  # 16 MB: a comment writes 27 pages of 4 KiB
    ),
}


def _database(name: str, default: str) -> dict:
    """The database at the address in variable `name`, with what SQLite or PostgreSQL needs."""
    database = env.db_url(name, default=default)
    database["CONN_MAX_AGE"] = None
    if database["ENGINE"].endswith("sqlite3"):
        database["ENGINE"] = "boardsite.databases.sqlite3"  # Django's, with a queue of writers
        database["OPTIONS"] = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
    elif database["ENGINE"].endswith("postgresql"):
        database["ENGINE"] = "boardsite.databases.postgresql"  # Django's, with prepared statements
        database["CONN_HEALTH_CHECKS"] = True
        # seconds; a process that answers requests has further limits (0082)
        database["OPTIONS"] = {
            "connect_timeout": DATABASE_CONNECT_SECONDS,
            **database.get("OPTIONS", {}),
        }
    return database


# Seconds that requests wait for PostgreSQL; commands have no limits but the first.
DATABASE_CONNECT_SECONDS = env.int("DATABASE_CONNECT_SECONDS", default=3)
DATABASE_RESPONSE_SECONDS = env.float("DATABASE_RESPONSE_SECONDS", default=2)
DATABASE_STATEMENT_SECONDS = env.float("DATABASE_STATEMENT_SECONDS", default=30)
DATABASE_LOCK_SECONDS = env.float("DATABASE_LOCK_SECONDS", default=10)
DATABASE_IDLE_SECONDS = env.float("DATABASE_IDLE_SECONDS", default=60)
# Whether PostgreSQL prepares the statements of every page; not all connection poolers allow it.
DATABASE_PREPARE = env.bool("DATABASE_PREPARE", default=True)
DATABASES = {"default": _database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DATABASE_ROUTERS = []
if env.str("DATABASE_REPLICA_URL", default=""):
    # Anonymous visitors' pages are read from it; see docs/decisions/0036.
    _replica = _database("DATABASE_REPLICA_URL", "")
    if _replica["ENGINE"].endswith("postgresql"):
        _replica["OPTIONS"] = {"tcp_user_timeout": 3000, **_replica["OPTIONS"]}  # milliseconds
    DATABASES["replica"] = {**_replica, "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS += ["boardsite.databases.routers.ReplicaRouter"]
if "CACHE_URL" in env:
    CACHES = {"default": env.cache_url("CACHE_URL")}
    if CACHES["default"]["BACKEND"].endswith("redis.RedisCache"):
        CACHES["default"]["BACKEND"] = "boardsite.caching.redis_cache.SparedRedisCache"
else:
    # All workers of one machine share a second SQLite file, which holds nothing of lasting value.
    DATABASES["cache"] = _database("CACHE_DATABASE_URL", f"sqlite:///{DATA_DIR / 'cache.sqlite3'}")
    if DATABASES["cache"]["ENGINE"].endswith("sqlite3"):
        DATABASES["cache"]["OPTIONS"]["timeout"] = 0.5  # then each process uses its own memory
    DATABASE_ROUTERS += ["boardsite.databases.routers.CacheRouter"]
    CACHES = {
        "default": {
            "BACKEND": "boardsite.caching.file_cache.FileCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
# MiB of cached pages for anonymous visitors in each worker; 0 switches the cache off.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", default=6)
# All machines use the pages that one of them has cached.
PAGE_CACHE_SHARED = env.str("CACHE_URL", default="").startswith("redis")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Members ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["accounts.backends.MemberBackend"]
AUDIENCE_CHECK = env.str("AUDIENCE_CHECK", default="")  # accounts.permissions.belongs_to
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 6 * 3600
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on localhost only
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
EMAIL_CONFIG = read_mail_url(env.str("EMAIL_URL", default=""))
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
MAILS_IN_BACKGROUND = True  # accounts.mails.outgoing
HAS_OWN_SENDER = "DEFAULT_FROM_EMAIL" in env  # else it is in the admin
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="boardsite@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- Language and time: Korean first; a day is a day in Seoul --------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어")]
LOCALE_PATHS = [BASE_DIR / "locale"]  # corrections of Django's Korean
FORMAT_MODULE_PATH = ["boardsite.formats"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# -- Files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/files/"  # never served as a folder: boards.views.files checks each request
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_OPTIONS = {
    "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
    "region_name": env.str("S3_REGION", default="") or None,
    "access_key": env.str("S3_ACCESS_KEY", default="") or None,
    "secret_key": env.str("S3_SECRET_KEY", default="") or None,
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "boardsite.s3.S3Files",
        "OPTIONS": {"bucket_name": S3_BUCKET, **S3_OPTIONS},
    }
WHITENOISE_MAX_AGE = 3600
# text of forms; uploaded files go to disk and do not count
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o640  # the group is that of a web server with ACCEL_REDIRECT
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# -- Security --------------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "boardsite.views.refusals.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=HTTPS)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_ENGINE = "boardsite.sessions"
SESSION_COOKIE_AGE = 31 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # except for 자동로그인, which sets its own age
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- Logs ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "boardsite.faults.LineFormatter"},
        "json": {"()": "boardsite.faults.JSONFormatter"},
    },
    # every page of a site that is closed, and every form of one that is read-only, would be an error
    "filters": {
        "open": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: (
                not getattr(getattr(record, "request", None), "is_unlogged", False)
            ),
        },
        "once_per_minute": {"()": "boardsite.faults.OncePerMinute"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line"),
            "filters": ["open", "once_per_minute"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
