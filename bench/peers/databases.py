"""A peer's database as its settings name it."""

from urllib.parse import unquote, urlsplit


def postgresql(address: str) -> dict:
    """postgres://user:password@host:port/name as Django's settings have it."""
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }
