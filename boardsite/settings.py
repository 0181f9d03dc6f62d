"""Settings of the site.

Every value that an operator may change comes from the environment or from `.env` beside manage.py
and is described in docs/settings.md (a test compares the two). With nothing set the site is safe:
no debug pages, only local host names, cookies over HTTPS as soon as the site says it has HTTPS.
What an owner changes while the site runs is a row in the admin (SiteSettings), not a variable here.
"""

import importlib.util
from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# -- What an operator sets (docs/settings.md) ------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")  # empty: Django refuses to serve, and says why
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', '8000')}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT_MB", default=64) * 1024 * 1024
UPLOAD_DAY_LIMIT = env.int("UPLOAD_DAY_LIMIT_MB", default=500) * 1024 * 1024
BIN_DAYS = env.int("BIN_DAYS", default=30)
DRAFT_DAYS = env.int("DRAFT_DAYS", default=90)
ACCEL_REDIRECT = env.str("ACCEL_REDIRECT", default="")
TRUSTED_PROXY = env.str("TRUSTED_PROXY", default="") or None
ROBOT_PAGES = env.int("ROBOT_PAGES", default=120)
DEMO = env.bool("DEMO", default=True)
HOUSEKEEPING = env.bool("HOUSEKEEPING", default=True)
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
    "django.contrib.admin",
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
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "boardsite.middleware.LimitRobots",
    "boardsite.middleware.ReadFromReplica",
    "boardsite.pagecache.GuestPages",
    "csp.middleware.CSPMiddleware",
    "boardsite.middleware.RefuseNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ShutOutAddresses",
    "accounts.middleware.PlainUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.OwnSiteInTemplates",
    "accounts.middleware.GreetFirstVisit",
    "accounts.middleware.KnowDevice",
    "accounts.middleware.AskConsents",
    "boardsite.middleware.KindRefusals",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "boardsite.context.site",
    "boards.context.navigation",
]

# The visitor counter can be taken out: delete these lines (or the folder) and the site runs on.
if importlib.util.find_spec("visits") and env.bool("VISITS", default=True):
    INSTALLED_APPS += ["visits"]
    # Around kept pages, which count too.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("boardsite.pagecache.GuestPages"), "visits.middleware.CountVisits"
    )

# So can the collector of articles (수집기).
if importlib.util.find_spec("collector") and env.bool("COLLECTOR", default=True):
    INSTALLED_APPS += ["collector"]
# How many sources `manage.py collect` asks at once.
COLLECT_JOBS = env.int("COLLECT_JOBS", default=4)

# Seconds between two writings of what a worker has seen; visitors are written at once.
VISITS_WRITE_SECONDS = env.float("VISITS_WRITE_SECONDS", default=10)
# Whether a robot is who it says; empty: nobody is asked.
VISITS_ROBOT_CHECK = env.str("VISITS_ROBOT_CHECK", default="visits.robots.by_reverse_name")

ROOT_URLCONF = "boardsite.urls"
WSGI_APPLICATION = "boardsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
    {  # parts that pages draw again and again (rows, the frame): compiled, and so far cheaper (0041)
        "NAME": "parts",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "parts"],
        "OPTIONS": {"environment": "boardsite.parts.environment"},
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
        database["ENGINE"] = "boardsite.sqlite3"  # Django's, with a queue
        database["OPTIONS"] = {**SQLITE_OPTIONS, **database.get("OPTIONS", {})}
    elif database["ENGINE"].endswith("postgresql"):
        database["ENGINE"] = "boardsite.postgresql"  # Django's, asked no more than it must be
        database["CONN_HEALTH_CHECKS"] = True
    return database


# Whether PostgreSQL plans once what every page asks; a pooler before it may not know of that.
DATABASE_PREPARE = env.bool("DATABASE_PREPARE", default=True)
DATABASES = {"default": _database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
DATABASE_ROUTERS = []
if env.str("DATABASE_REPLICA_URL", default=""):
    # Strangers' pages are read from it; see docs/decisions/0036.
    _replica = _database("DATABASE_REPLICA_URL", "")
    if _replica["ENGINE"].endswith("postgresql"):
        # Seconds and milliseconds after which it counts as away.
        _replica["OPTIONS"] = {
            "connect_timeout": 2,
            "tcp_user_timeout": 3000,
            **_replica.get("OPTIONS", {}),
        }
    DATABASES["replica"] = {**_replica, "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS += ["boardsite.routers.ReplicaRouter"]
if "CACHE_URL" in env:
    CACHES = {"default": env.cache_url("CACHE_URL")}
    if CACHES["default"]["BACKEND"].endswith("redis.RedisCache"):
        CACHES["default"]["BACKEND"] = "boardsite.redis_cache.SparedRedisCache"
else:
    # All workers of one machine share a second SQLite file, apart from what must be kept.
    DATABASES["cache"] = _database("CACHE_DATABASE_URL", f"sqlite:///{DATA_DIR / 'cache.sqlite3'}")
    DATABASE_ROUTERS += ["boardsite.routers.CacheRouter"]
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
# MiB of finished pages for guests that each worker keeps; 0: none.
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", default=3)
# What one machine has made all show.
PAGE_CACHE_SHARED = env.str("CACHE_URL", default="").startswith("redis")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Members ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["accounts.backends.MemberBackend"]
AUDIENCE_CHECK = env.str("AUDIENCE_CHECK", default="")  # accounts.permissions.belongs_to
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.account.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.logging_in.LoginForm",
    "signup": "accounts.forms.signing_up.SignupForm",
    "reauthenticate": "accounts.forms.logging_in.ReauthenticateForm",
    "add_email": "accounts.forms.logging_in.ChangeEmailForm",
    "change_password": "accounts.forms.logging_in.ChangePasswordForm",
    "set_password": "accounts.forms.logging_in.SetPasswordForm",
    "reset_password": "accounts.forms.logging_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.logging_in.ResetPasswordKeyForm",
    "request_login_code": "accounts.forms.second_factors.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.second_factors.ConfirmLoginCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "homepage"
ACCOUNT_EMAIL_VERIFICATION = "none"  # asked for by MemberSettings: accounts/adapters/stages.py
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that has just given the password
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one counts when it is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # the password, before the address may change
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password or address, to the old address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to people who are no members
PASSWORD_RESET_TIMEOUT = 6 * 3600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# The guesser's address is what gets locked out; an account alone only under a flood, so that
# nobody can keep its owner out with a handful of wrong passwords.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,40/h/ip,500/h/key",
    "request_login_code": "20/m/ip,3/10m/key,10/d/key",  # key: the address that gets the mails
}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # seconds; three wrong ones end it sooner
MFA_ADAPTER = "accounts.adapters.second_factors.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factors.AuthenticateForm",
    "reauthenticate": "accounts.forms.second_factors.ReauthenticateForm",
    "activate_totp": "accounts.forms.second_factors.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.second_factors.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.second_factors.EditPasskeyForm",
    "login_webauthn": "accounts.forms.second_factors.LoginPasskeyForm",
    "authenticate_webauthn": "accounts.forms.second_factors.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.second_factors.ReauthenticatePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "accounts.adapters.social.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.social.SocialSignupForm"}
SOCIALACCOUNT_AUTO_SIGNUP = False  # each new member chooses names and agrees, by our form
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address at a provider never opens an account here
SOCIALACCOUNT_STORE_TOKENS = False  # we ask the provider once, who it is
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # by default addresses are not confirmed here
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # a browser allows it on localhost alone
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
MAILS_IN_BACKGROUND = True  # accounts.mails.outgoing
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="boardsite@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- Language and time: Korean first; a day is a day in Seoul --------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어")]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# -- Files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/files/"  # never served as a folder: boards.views.files asks first
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
S3_BUCKET = env.str("S3_BUCKET", default="")
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "boardsite.s3.S3Files",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
        },
    }
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # form text; uploaded files go to disk beside it
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o640

# -- Security --------------------------------------------------------------------------------------
PLAYER_HOSTS = [
    "https://www.youtube.com",
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://tv.naver.com",
    "https://play-tv.kakao.com",
    "https://tv.kakao.com",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # posts carry colours and sizes
        "img-src": [SELF, "https:", "data:", "blob:"],  # blob: a picture while it is being uploaded
        "media-src": [SELF],
        "frame-src": [SELF, *PLAYER_HOSTS],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
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
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # but for 자동로그인, which sets an age of its own
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- Logs ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
