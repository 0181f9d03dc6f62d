"""Queries about visitors for the pages of the site."""

from visits.queries.counts import VisitCounts, day_query, past_counts, visit_counts
from visits.queries.presence import Present, present, present_count
