"""Redirects from old addresses of this process that are not written yet, by day and whether a person asked."""

from datetime import date

from boardsite.scheduling.tally import Tally
from importer.actions.old_links import count_redirects

redirects: Tally[tuple[date, bool]] = Tally("Redirects from old addresses", count_redirects)
