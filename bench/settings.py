"""The site's own settings, with an empty page beside its own."""

from boardsite.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
