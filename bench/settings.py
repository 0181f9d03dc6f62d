"""The site's own settings, with an empty page beside its own."""

from boardsite.settings import *

ROOT_URLCONF = "bench.urls"
