"""Misago as its guide for a server of one's own sets it up: PostgreSQL and Redis."""

import os
from pathlib import Path

from misago import settings as defaults

from bench.peers.databases import postgresql

FOLDER = Path(os.environ["PEER_FOLDER"])
SECRET_KEY = "only-to-measure-" + "x" * 40
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.peers.misago.urls"
DATABASES = {"default": postgresql(os.environ["PEER_DATABASE"])}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["PEER_REDIS"],
        "KEY_PREFIX": DATABASES["default"]["NAME"],
    }
}
CELERY_BROKER_URL = os.environ["PEER_REDIS"]
USE_TZ = True
LANGUAGE_CODE = "en-us"
STATIC_URL, STATIC_ROOT = "/static/", FOLDER / "static"
MEDIA_URL, MEDIA_ROOT = "/media/", FOLDER / "media"
AUTH_USER_MODEL = "misago_users.User"
AUTHENTICATION_BACKENDS = ["misago.users.authbackends.MisagoBackend"]
CSRF_FAILURE_VIEW = "misago.core.errorpages.csrf_failure"
LOGIN_REDIRECT_URL, LOGIN_URL, LOGOUT_URL = "misago:index", "misago:login", "misago:logout"
SOCIAL_AUTH_STRATEGY = "misago.socialauth.strategy.MisagoStrategy"
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["misago.core.rest_permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "misago.core.exceptionhandler.handle_api_exception",
    "UNAUTHENTICATED_USER": "misago.users.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
MISAGO_SEARCH_CONFIG = "simple"
MISAGO_NOTIFICATIONS_RETRY_DELAY = defaults.MISAGO_NOTIFICATIONS_RETRY_DELAY
INSTALLED_PLUGINS = defaults.INSTALLED_PLUGINS
INSTALLED_APPS = defaults.INSTALLED_APPS
MIDDLEWARE = [
    "misago.users.middleware.RealIPMiddleware",
    "misago.core.middleware.FrontendContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "misago.cache.middleware.cache_versions_middleware",
    "misago.conf.middleware.dynamic_settings_middleware",
    "misago.socialauth.middleware.socialauth_providers_middleware",
    "misago.users.middleware.UserMiddleware",
    "misago.acl.middleware.user_acl_middleware",
    "misago.core.middleware.ExceptionHandlerMiddleware",
    "misago.users.middleware.OnlineTrackerMiddleware",
    "misago.admin.middleware.AdminAuthMiddleware",
    "misago.threads.middleware.UnreadThreadsCountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": defaults.TEMPLATE_CONTEXT_PROCESSORS},
    }
]
