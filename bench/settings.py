"""The settings of the site, with an additional empty page."""

from boardsite.settings import *

ROOT_URLCONF = "bench.urls"
